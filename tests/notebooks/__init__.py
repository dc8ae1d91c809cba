"""Tests of the notebooks that learners open."""

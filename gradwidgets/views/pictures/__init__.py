"""Plots: the loss, and the output over the inputs."""

"""What is learnt, with what and from what: one `Spec`, and what is built of it."""

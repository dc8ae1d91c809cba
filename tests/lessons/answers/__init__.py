"""Right and wrong answers to the exercises, as data; see `answers_of`."""

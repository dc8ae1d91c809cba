"""A learner's own code and objects: run so that they end nothing, read so that nothing fails."""

"""The backward pass step by step: what arrives, which rule applies, with which numbers."""

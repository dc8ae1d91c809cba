"""The operations as methods of `Tensor`, written out by kind; what they compute stands in `ops`.

A method of an operation without arguments has no body: `operation` puts it in.
"""

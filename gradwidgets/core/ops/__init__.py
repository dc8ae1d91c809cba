"""All operations, one declaration each, in files by family.

`OPS` has them by name; `find_op` reads a ``creation_op`` such as ``"sum_0"``. To add an operation,
write one more block in the file of its family, and its method in the file of that family in
`gradwidgets.core.methods`. With that it has its place in the backward pass and in the pictures, and
the tests ask for a case.
"""

from __future__ import annotations

from gradwidgets.core.ops import activations, arithmetic, likelihoods, reductions, shapes
from gradwidgets.core.ops.registry import OPS, Op, find_op, spell

__all__ = ["OPS", "Op", "find_op", "spell"]

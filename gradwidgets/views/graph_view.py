"""The graph behind a tensor on the page."""

from __future__ import annotations

from gradwidgets.engine.snapshot import snapshot
from gradwidgets.views.graph_picture import GraphPicture


class GraphView(GraphPicture):
    """Shows the graph that led to a tensor, with the data and the gradient of every tensor in it.

    Parameters
    ----------
    tensor : object with `data`, `grad`, `creators`, `creation_op`, optional
        The result at the bottom of the graph: a Tensor, or one of a class of your own.
    names : mapping of str to tensor, optional
        What tensors are called.
    detail : {"operations", "layers"}, default="operations"
        One box a tensor, or one a layer. Only tensors that belong to layers can be folded.
    """

    def __init__(
        self,
        tensor: object | None = None,
        names: dict[str, object] | None = None,
        detail: str = "operations",
    ) -> None:
        super().__init__(detail)
        if tensor is not None:
            self.update(tensor, names)

    def update(self, tensor: object, names: dict[str, object] | None = None) -> None:
        """Show another tensor's graph, or the same one with its present numbers."""
        self.show(snapshot(tensor, names=names))

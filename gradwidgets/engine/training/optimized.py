"""Whether an optimizer moves anything of the model that it is given with."""
from __future__ import annotations

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.names import parameters_of
from gradwidgets.engine.graph.snapshot import is_tensor, tensors_in


def require_own_tensors(model: Foreign, optimizer: Foreign, loss: Foreign) -> None:
    """Raise where it is certain that no step of the optimizer can change the model.

    That is so when both list tensors, the graph of a loss holds some of the model's and none of
    the optimizer's. One that holds some of them is right: others may be frozen on purpose.

    Raises
    ------
    ValueError
        Saying that the optimizer was made for other tensors.
    """
    own, held = parameters_of(model), parameters_of(optimizer)
    # Of layers, groups, plain arrays it is not known what they stand for.
    if not own or not held or not all(is_tensor(each) for each in held):
        return
    used = tensors_in(loss)
    if not _meet(own, used) or _meet(held, used) or _meet(held, own):
        return
    name, kind = type(optimizer).__name__, type(model).__name__
    raise ValueError(
        f"the optimizer holds other tensors than the model: none of the {len(held)} in {name} is "
        f"among the {len(own)} of {kind}, so no step would change the model. Likely the model was "
        f"made again after its optimizer; make the optimizer again too, from the parameters of "
        f"this model: {name}(model.get_parameters(), ...)")


def _meet(some: list[Foreign], others: list[Foreign]) -> bool:
    """Tell whether two lists have a tensor in common, or two tensors that hold one array."""
    if {id(each) for each in some} & {id(each) for each in others}:
        return True
    return bool(_memory(some) & _memory(others))


def _memory(tensors: list[Foreign]) -> set[int]:
    """Return where the tensors' arrays lie; a view lies where what it looks at lies."""
    places = set()
    for tensor in tensors:
        data = getattr(tensor, "data", None)
        if isinstance(data, np.ndarray) and data.size:
            while isinstance(data.base, np.ndarray):
                data = data.base
            places.add(data.__array_interface__["data"][0])
    return places

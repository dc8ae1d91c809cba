"""The learning rate of an optimizer of any class."""
from __future__ import annotations

from gradwidgets.core.types import Foreign
from gradwidgets.engine.training import foreign


class Rate:
    """Reads and sets the attribute that holds an optimizer's rate, whatever it is called.

    Attributes
    ----------
    chosen : float or None
        What was set from outside, not by the optimizer itself; a reset brings it back.
    """

    def __init__(self, optimizer: Foreign) -> None:
        self._optimizer = optimizer
        self._name = foreign.rate_name(optimizer)
        self.chosen: float | None = None

    @property
    def value(self) -> float | None:
        """The present rate, per step; None when it has no ``alpha``, ``lr``, ``learning_rate``."""
        return getattr(self._optimizer, self._name) if self._name else None

    def require(self) -> None:
        """Raise AttributeError when there is no rate that could be set."""
        if self._name is None:
            raise AttributeError(f"learning_rate: {type(self._optimizer).__name__} has no alpha, lr "
                                 "or learning_rate; give it one of these to change it here")

    def choose(self, value: float) -> None:
        """Set the rate, and keep what was chosen."""
        self.set(value)
        self.chosen = value

    def set(self, value: float | None) -> None:
        """Set the rate; None leaves it as it is."""
        if self._name is None or value is None:
            return
        try:
            setattr(self._optimizer, self._name, value)
        except AttributeError:
            raise ValueError(f"learning_rate: {type(self._optimizer).__name__} does not let its "
                             f"{self._name} be changed; set it in your code") from None

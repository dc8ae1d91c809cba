"""Layers: functions with parameters, to be put one after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from gradwidgets.core.answers import AnswersKeywords, AnswersNames
from gradwidgets.core.arguments import is_number, is_whole_number
from gradwidgets.core.tensor import Tensor
from gradwidgets.core.types import Foreign


class Parameters(list[Tensor]):
    """The list of a layer's parameters."""

    __slots__ = ()

    def __call__(self) -> NoReturn:
        """Say what to write instead of what PyTorch has."""
        raise TypeError(
            "parameters is a list, that of this layer alone; for all of a model's write "
            "model.get_parameters()"
        )


class Layer(AnswersNames, AnswersKeywords):
    """A function of tensors; the subclass says which, in `forward`.

    Attributes
    ----------
    parameters : list of Tensor
        What an optimizer moves.
    training : bool
        Whether the layer is in training; `Dropout` acts only then.
    """

    label: str  # what a menu calls it; those that menus offer have one
    _switching = False
    """True while `train` or `eval` is under way: layers may hold each other in a circle."""

    def __init__(self) -> None:
        if callable(getattr(type(self), "parameters", None)):
            # The list would hide the method, and an optimizer be told that there is nothing in it.
            raise TypeError(
                f"{type(self).__name__}: parameters is the name of a layer's list of tensors, so "
                "no method can have it; call the method get_parameters"
            )
        self.parameters: list[Tensor] = Parameters()
        self.training = True

    def forward(self, *inputs: Any, **options: Any) -> Tensor:
        """Compute the output; to be written by the subclass, mostly of one input."""
        raise NotImplementedError(f"{type(self).__name__}: write a method forward(self, input)")

    def __call__(self, *inputs: Any) -> Tensor:
        """Call `forward`."""
        return self.forward(*inputs)

    def get_parameters(self) -> list[Tensor]:
        """Return the tensors that an optimizer moves: the list `parameters`, as in the seed.

        The parameters of a layer held as an attribute are not among them until they are entered:
        ``self.parameters += self.body.get_parameters()``.
        """
        return self.parameters

    def train(self) -> None:
        """Enter training, with all layers held as attributes, also in lists, tuples and dicts."""
        self._switch("train", True)

    def eval(self) -> None:
        """Leave training, likewise: outputs no longer depend on chance."""
        self._switch("eval", False)

    def _switch(self, method: str, training: bool) -> None:
        self.training = training
        held = self._held_layers()
        if held and not self._switching:
            self._switching = True
            try:
                for layer in held:
                    getattr(layer, method)()
            finally:
                del self._switching

    def _held_layers(self) -> list[Layer]:
        """Return the layers to switch with this one."""
        found: list[Layer] = []
        reached: set[int] = set()
        waiting: list[Any] = [vars(self)]
        for holder in waiting:  # which grows while we go through it
            for value in holder.values() if isinstance(holder, dict) else holder:
                if isinstance(value, _HOLDERS) and id(value) not in reached:
                    reached.add(id(value))
                    if isinstance(value, Layer):
                        found.append(value)
                    else:
                        waiting.append(value)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


_HOLDERS = (Layer, list, tuple, dict)


class Linear(Layer):
    """Multiply by a weight matrix and add a bias.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Columns of the input and of the output.
    rng : numpy.random.Generator, optional
        Draws the weights; without it NumPy's global state does, so that ``np.random.seed`` works.

    Attributes
    ----------
    weight : Tensor of shape (n_inputs, n_outputs)
        Drawn from a normal distribution of variance 2 / n_inputs.
        Source: He, Zhang, Ren, Sun (2015), "Delving deep into rectifiers", equation 10.
    bias : Tensor of shape (n_outputs,)
        Zeros at first.
    """

    def __init__(
        self, n_inputs: int, n_outputs: int, rng: np.random.Generator | None = None
    ) -> None:
        super().__init__()
        for name, size in (("n_inputs", n_inputs), ("n_outputs", n_outputs)):
            if not is_whole_number(size) or size < 1:
                raise ValueError(f"Linear: {name} is {size!r}, expected a whole number from 1 on")
        self.n_inputs = int(n_inputs)
        self.n_outputs = int(n_outputs)
        noise = _checked(rng, "Linear").standard_normal((self.n_inputs, self.n_outputs))
        self.weight = Tensor(noise * np.sqrt(2 / self.n_inputs), autograd=True)
        self.bias = Tensor(np.zeros(self.n_outputs), autograd=True)
        self.parameters += [self.weight, self.bias]

    def forward(self, input: Tensor) -> Tensor:
        """Return ``input.mm(weight) + bias``; input of shape (n_samples, n_inputs)."""
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{self!r}: the input is a {type(input).__name__}, expected a Tensor; "
                "wrap it: Tensor(x)"
            )
        try:
            return input.mm(self.weight) + self.bias
        except ValueError:
            raise ValueError(
                f"{self!r}: the input has shape {input.shape}, expected "
                f"(n_samples, {self.n_inputs}); give the layer as many inputs as the data or the "
                "layer before has columns"
            ) from None

    def __repr__(self) -> str:
        return f"Linear({self.n_inputs}, {self.n_outputs})"


class Tanh(Layer):
    """Squash every entry between -1 and 1."""

    label = "Tanh"

    def forward(self, input: Tensor) -> Tensor:
        """Return the hyperbolic tangent of every entry."""
        return input.tanh()


class Sigmoid(Layer):
    """Squash every entry between 0 and 1."""

    label = "Sigmoid"

    def forward(self, input: Tensor) -> Tensor:
        """Return 1 / (1 + exp(-x)) of every entry x."""
        return input.sigmoid()


class ReLU(Layer):
    """Let positive entries pass and set the others to 0."""

    label = "ReLU"

    def forward(self, input: Tensor) -> Tensor:
        """Return max(x, 0) of every entry x."""
        return input.relu()


class LeakyReLU(Layer):
    """Let positive entries pass and scale the others down.

    Parameters
    ----------
    slope : float, default=0.01
        The factor for entries below 0.
    """

    label = "Leaky ReLU"

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, input: Tensor) -> Tensor:
        """Return every entry x, or slope · x where x is not positive."""
        return input.leaky_relu(self.slope)

    def __repr__(self) -> str:
        return f"LeakyReLU({self.slope})"


class Softmax(Layer):
    """Turn every row into probabilities that sum to one.

    Parameters
    ----------
    dim : int, default=-1
        The dimension along which the entries sum to one.
    """

    label = "Softmax"

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Return exp(x) of every entry, divided by the sum of its row."""
        return input.softmax(self.dim)


class Dropout(Layer):
    """In training, set entries to 0 by chance and scale up the rest; otherwise do nothing.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), "Dropout", section 10;
    scaling in training instead of later keeps the expected value the same in both.

    Parameters
    ----------
    p : float, default=0.5
        Probability that an entry is dropped, from 0 to below 1.
    rng : numpy.random.Generator, optional
        Decides what is dropped; without it NumPy's global state does.
    """

    label = "Dropout"

    def __init__(self, p: float = 0.5, rng: np.random.Generator | None = None) -> None:
        super().__init__()
        if not is_number(p) or not 0 <= p < 1:
            raise ValueError(f"Dropout: p is {p!r}, expected a probability from 0 to below 1")
        self.p = p
        _checked(rng, "Dropout")
        self.rng = rng

    def forward(self, input: Tensor) -> Tensor:
        """Return the input times a random mask in training, else the input itself."""
        if not self.training or self.p == 0:
            return input
        kept = _checked(self.rng, "Dropout").random(input.shape) >= self.p
        return input * Tensor(kept / (1 - self.p))

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class Sequential(Layer):
    """Put layers one after another.

    Parameters
    ----------
    layers : iterable of Layer, optional
        More can follow by `add`. A layer is anything that has a method `forward`.

    Raises
    ------
    TypeError
        When something is no layer: a class, a name, a function.
    """

    def __init__(self, layers: Iterable[Layer] | None = None, *more: Layer) -> None:
        super().__init__()
        if more or hasattr(layers, "forward"):
            count = f"{1 + len(more)} layers" if more else "one layer"
            raise TypeError(
                f"Sequential: got {count} without a list around, expected one list; write "
                f"Sequential([{_named(layers)}{', ...' if more else ''}])"
            )
        if layers is not None and not isinstance(layers, Iterable):
            raise TypeError(
                f"Sequential: got a {type(layers).__name__}, expected a list of layers; write "
                "Sequential([Linear(2, 3), Tanh()])"
            )
        self.layers: list[Layer] = []
        for layer in (layers,) if isinstance(layers, str) else layers or ():
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Put one more layer at the end."""
        if isinstance(layer, type) or not callable(getattr(layer, "forward", None)):
            raise TypeError(f"Sequential: layer {len(self.layers) + 1} is {_no_layer(layer)}")
        self.layers.append(layer)

    def forward(self, input: Tensor) -> Tensor:
        """Send the input through all layers."""
        for layer in self.layers:
            input = layer.forward(input)
        return input

    def get_parameters(self) -> list[Tensor]:
        """Return the parameters of all layers, those of a layer used twice once."""
        parameters = [each for layer in self.layers for each in layer.get_parameters()]
        return list({id(parameter): parameter for parameter in parameters}.values())

    def _held_layers(self) -> list[Layer]:
        # A layer of another class takes part if it knows both modes.
        others = [layer for layer in self.layers if not isinstance(layer, Layer)]
        return super()._held_layers() + [layer for layer in others if _has_modes(layer)]

    def summary(self) -> str:
        """Return a table of the layers with output shapes and numbers of parameters.

        ``n`` stands for the number of samples; a shape is ``?`` until a `Linear` layer fixes it.
        """
        rows = [("Layer", "Output shape", "Parameters")]
        shape = "?"
        for number, layer in enumerate(self.layers, start=1):
            if isinstance(layer, Linear):
                shape = f"(n, {layer.n_outputs})"
            rows.append((f"{number} {layer!r}", shape, f"{_count(layer):,}"))
        rows.append(("Total", "", f"{_count(self):,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return _Table(
            "\n".join(
                f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {parameters:>{widths[2]}}"
                for name, shape, parameters in rows
            )
        )

    def __repr__(self) -> str:
        return f"Sequential([{', '.join(map(repr, self.layers))}])"


class _Table(str):
    """Text that a notebook shows line by line, also without print."""

    __repr__ = str.__str__


def _named(layer: Foreign) -> str:
    return layer.__name__ if isinstance(layer, type) else repr(layer)


def _no_layer(thing: Foreign) -> str:
    """Return what something is that was given as a layer, and what to write."""
    if isinstance(thing, type):
        return f"the class {thing.__name__} itself; write it with parentheses: {thing.__name__}()"
    if isinstance(thing, str):
        by_text = {name.lower(): name for name in (*ACTIVATIONS, Softmax.__name__)}
        ours = by_text.get(thing.replace("_", "").replace(" ", "").lower())
        return f"the text {thing!r}; write " + (
            f"the layer itself: {ours}()" if ours else "a layer such as Tanh()"
        )
    return (
        f"a {type(thing).__name__}, which has no method forward; write a class with "
        "forward(self, input) that inherits from Layer"
    )


def _has_modes(layer: Foreign) -> bool:
    return all(callable(getattr(layer, method, None)) for method in ("train", "eval"))


def _checked(rng: np.random.Generator | None, name: str) -> Any:
    """Return where random numbers come from; None is NumPy's global state."""
    if rng is None:
        return np.random
    if not hasattr(rng, "standard_normal"):
        raise TypeError(
            f"{name}: rng is {rng!r}, expected a random generator; pass np.random.default_rng(0)"
        )
    return rng


def _count(layer: Layer) -> int:
    return sum(parameter.data.size for parameter in layer.get_parameters())


ACTIVATIONS = {"Tanh": Tanh, "ReLU": ReLU, "LeakyReLU": LeakyReLU, "Sigmoid": Sigmoid}
"""The activations of hidden layers to choose from, by class name."""

"""Every operation has its method, written out where people look for it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from gradwidgets.core import Tensor, methods
from gradwidgets.core.ops import OPS

FILES = sorted(Path(methods.__file__).parent.glob("*.py"))

REACHED_BY = {"index": "__getitem__"}
"""Operations that have a method of another name: positions are no tensor that a learner passes."""

OPERATORS = {
    "add": ("__add__", "__radd__"), "sub": ("__sub__", "__rsub__"), "mul": ("__mul__", "__rmul__"),
    "div": ("__truediv__", "__rtruediv__"), "mm": ("__matmul__", "__rmatmul__"),
    "power": ("__rpow__",), "neg": ("__neg__",),
}  # fmt: skip


@pytest.mark.parametrize("name", OPS)
def test_every_operation_has_its_method_written_out(name: str) -> None:
    method = REACHED_BY.get(name, name)
    assert callable(getattr(Tensor, method, None)), f"write the method {method} in core/methods"
    line = re.compile(rf"^    def {method}\(self", re.M)
    written = [file for file in FILES if line.search(file.read_text("utf-8"))]
    assert len(written) == 1
    assert inspect.getsourcefile(inspect.unwrap(getattr(Tensor, method))) == str(written[0])


def test_no_operation_is_reached_by_another_method_without_need() -> None:
    assert set(REACHED_BY) <= set(OPS)
    assert not any(hasattr(Tensor, name) for name in REACHED_BY)


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if not op.arguments])
def test_a_method_says_what_it_computes_and_why_its_rule_holds(name: str) -> None:
    for method in (name, *OPERATORS.get(name, ())):
        if method in REACHED_BY or name == "reshape":
            continue
        written, whole = (inspect.getdoc(each(getattr(Tensor, method))) or ""
                          for each in (inspect.unwrap, lambda same: same))  # fmt: skip
        assert written.endswith(".") and whole.startswith(written)
        assert method.startswith("__r") or whole.endswith(OPS[name].reason)


def test_an_operator_is_the_operation_of_its_name() -> None:
    x = Tensor([[2.0]], autograd=True)
    for name, operators in OPERATORS.items():
        for operator in operators:
            inputs = (x,) if name == "neg" else (x, [[3.0]])
            result = getattr(Tensor, operator)(*inputs)
            assert result.creation_op == name
            assert (result.creators[-1] is x) == (name == "neg" or operator.startswith("__r"))


def test_a_wrong_call_is_told_by_the_name_of_the_class_that_people_know() -> None:
    x = Tensor([1.0])
    for name in ("tanh", "expand", "reshape", "item", "backward", "sum", "__add__"):
        assert getattr(Tensor, name).__qualname__ == f"Tensor.{name}"
        assert getattr(Tensor, name).__module__ == Tensor.__module__
    with pytest.raises(TypeError, match=r"^Tensor\.tanh\(\) takes 1 positional argument"):
        x.tanh(1)
    with pytest.raises(TypeError, match=r"^Tensor\.expand\(\) missing .* 'copies'"):
        x.expand(0)


def test_a_signature_names_what_goes_in() -> None:
    assert list(inspect.signature(Tensor.mm).parameters) == ["self", "other"]
    assert list(inspect.signature(Tensor.softmax).parameters) == ["self", "dim", "axis"]
    assert list(inspect.signature(Tensor.tanh).parameters) == ["self"]

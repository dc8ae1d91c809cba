"""The notebooks print the seed's figures to their digits, and their classes fit together."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest

from gradwidgets.lessons import seed_weights
from gradwidgets.lessons.lesson_04 import TensorWithRules
from gradwidgets.lessons.steps import Tensor_V4
from tests.notebooks.shipped import run_as_shipped

BY_HAND = [0, 0.79896057, 0.23044545, 1.02940602]  # the prediction after ten steps by hand


def printed(name: str) -> str:
    """Return all that the cells of a notebook print."""
    cells = run_as_shipped(name).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def as_printed(losses: list[float]) -> list[str]:
    return [str(np.array([loss])) for loss in losses]


def test_both_columns_of_lesson_5_are_printed():
    start, told = seed_weights("step5"), printed("05_by_hand.ipynb")
    assert re.findall(r"  loss (\[\d\.\d+\])", told) == as_printed(start.losses)
    by_hand = re.findall(r"  loss (\d\.\d{14})\n", told)
    assert np.array(by_hand, dtype=float) == pytest.approx(start.manual_losses, abs=1e-13)
    columns = re.findall(r"^ +\d   (\d\.\d{8})   (\d\.\d{8})$", told, re.MULTILINE)
    framework = [f"{loss:.8f}" for loss in start.losses]
    assert columns[:10] == [
        (f"{hand:.8f}", frame)
        for hand, frame in zip(start.manual_losses, framework, strict=True)
    ]
    assert columns[10:] == [(frame, frame) for frame in framework], "mended, they agree"
    prediction = told.partition("Final prediction:")[2].partition("]]")[0]
    assert [float(number) for number in re.findall(r"\d\.\d*", prediction)] == BY_HAND


@pytest.mark.parametrize(
    ("step", "notebook", "line"),
    [
        ("step8", "08_sequential.ipynb", r"^\d +(\d+\.\d{8}) +\d+\.\d{8}$"),
        ("step9", "09_loss.ipynb", r"^(\d+\.\d{8}) +\d+\.\d{8}$"),
        ("step10", "10_nonlinear.ipynb", r"^\[(\d\.\d+)\]$"),
    ],
)
def test_the_ten_losses_of_a_trained_network_are_printed(step, notebook, line):
    losses = re.findall(line, printed(notebook), re.MULTILINE)
    assert [float(loss) for loss in losses] == seed_weights(step).losses


def test_the_losses_of_lesson_6_are_those_of_lesson_5():
    told = printed("06_descent.ipynb")
    losses = re.findall(r"^step \d  loss (\[\d\.\d+\])$", told, re.MULTILINE)
    expected = as_printed(seed_weights("step5").losses)
    assert losses == expected[:3] + expected, "three steps by hand, then ten with the optimizer"


def test_the_class_that_lesson_4_starts_from_is_the_one_it_ends_with_less_its_operations():
    names = [name for name, part in vars(TensorWithRules).items() if inspect.isfunction(part)]
    assert {"hand_on", "result", "add_backward"} <= set(names)
    for name in names:
        ours, ends = (inspect.getsource(getattr(c, name)) for c in (TensorWithRules, Tensor_V4))
        assert ours == ends, name

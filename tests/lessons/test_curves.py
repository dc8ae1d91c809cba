"""The drawing of functions in the text of a lesson."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.lessons.curves import Curves


def test_a_drawing_tells_its_numbers_in_words_too():
    told = repr(Curves({"double": lambda x: 2 * x}, span=4))
    assert told == "at -4, -2, 0, 2, 4\ndouble: -8.00, -4.00, 0.00, 4.00, 8.00"


def test_every_function_has_its_own_line_and_name():
    html = Curves({"tanh": np.tanh, "<b>": np.sin})._repr_html_()
    assert html.count("<polyline") == 2
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert 'aria-label="Curves of tanh, &lt;b&gt;"' in html


def test_a_line_along_the_axis_can_be_drawn():
    assert "NaN" not in Curves({"nothing": np.zeros_like})._repr_html_()


@pytest.mark.parametrize("count", [0, 4])
def test_there_are_one_to_three_functions(count):
    with pytest.raises(ValueError, match=f"received {count} functions"):
        Curves({str(number): np.tanh for number in range(count)})

"""The difference between two steps, as it looks on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab

CELLS = [
    "from gradwidgets.lessons import difference\nfrom gradwidgets.lessons.steps import Tensor_V1",
    "class Tensor(Tensor_V1):\n"
    "    def backward(self, grad):\n"
    "        self.grad = grad\n"
    "        for creator in self.creators or []:\n"
    f"            creator.backward(grad)  # {'far ' * 40}away",
    "difference(Tensor_V1, Tensor)",
]

# The contrast of each row's text with its own colour, laid over that of the ground.
CONTRAST = """
pre => {
    const numbers = text => text.match(/[\\d.]+/g).map(Number);
    const over = (top, ground) => {
        const share = top[3] ?? 1;
        return [0, 1, 2].map(i => share * top[i] + (1 - share) * ground[i]);
    };
    const light = colour => {
        const [r, g, b] = colour.map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = numbers(getComputedStyle(pre).backgroundColor);
    return Math.min(...[...pre.querySelectorAll("ins, del, span span")].map(row => {
        const style = getComputedStyle(row);
        const back = over(numbers(style.backgroundColor), ground);
        const [a, b] = [light(back), light(over(numbers(style.color), back))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_class_of_the_notebook_is_compared_readably(lab: Lab, theme: str) -> None:
    notebook = lab.open(CELLS, theme=theme)
    notebook.run_all()
    figure = notebook.page.get_by_role("group", name="What changes from Tensor_V1 to Tensor")
    expect(figure).to_contain_text("Tensor_V1 → Tensor: + new, − gone")
    expect(figure.locator("del")).to_contain_text(
        ["− class Tensor_V1:", '−         if self.creation_op == "add":', "−  ", "−  "]
    )
    expect(figure.locator("ins").last).to_contain_text("+             creator.backward(grad)")
    assert figure.locator("pre").evaluate(CONTRAST) > 7

    # A long line stays one line behind its sign; it is reached by scrolling, or by the keyboard.
    heights = figure.locator("ins").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert len(set(heights)) == 1
    pre = figure.locator("pre")
    assert pre.evaluate("pre => pre.scrollWidth > pre.clientWidth")
    pre.focus()
    expect(pre).to_be_focused()
    widths = figure.locator("ins, del").evaluate_all("rows => rows.map(row => row.offsetWidth)")
    assert len(set(widths)) == 1

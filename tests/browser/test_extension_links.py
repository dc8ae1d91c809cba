"""A link opens a running playground or lesson, whatever somebody has put into it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.extension_page import ExtensionPage
from tests.browser.lab import new_notebook
from tests.browser.notebook_file import first_code

# What a recipe might do if it were put into code, or into the page, as it stands.
HOSTILE = json.dumps(
    {
        "title": "'); __import__('os') #\"\"\"\n\\\"); open('taken', 'w') #\r\n\u2028</script>"
        "<img src=x onerror=alert(1)>{x}\\N{BULLET}%s\0é😀"
    }
)

# The kernel shows what it is given, in place of a playground.
ECHO = (
    "import gradwidgets\n"
    "def Playground(recipe):\n"
    "    import json\n"
    "    print(json.dumps(recipe))\n"
    "gradwidgets.Playground = Playground\n"
)


def expect_no_link(page: ExtensionPage) -> None:
    """Wait until nothing of the link is left in the page's address."""
    page.page.wait_for_function("!/gradwidgets=|recipe=|view=/.test(window.location.search)")


@pytest.mark.old_environment
def test_a_link_opens_a_running_playground_once(lab_page: ExtensionPage) -> None:
    lab_page.load(gradwidgets="playground")
    lab_page.expect_playground()
    lab_page.expect_folded()
    lab_page.expect_saved()
    expect_no_link(lab_page)
    lab_page.playground.get_by_role("button", name="Step", exact=True).click()
    expect(lab_page.playground).to_contain_text("1 · train loss")
    lab_page.page.reload()
    lab_page.expect_playground()
    expect(lab_page.playground).to_contain_text("1 · train loss")
    assert lab_page.files() == ["playground.ipynb"]
    lab_page.page.goto("about:blank")
    lab_page.load(gradwidgets="playground")  # over the workspace of the last visit
    expect(lab_page.playground).to_contain_text("1 · train loss", timeout=60_000)
    expect_no_link(lab_page)
    assert lab_page.files() == ["playground.ipynb"]


def test_a_link_leaves_a_changed_playground_alone(lab_page: ExtensionPage) -> None:
    path = lab_page.folder / "playground.ipynb"
    nbformat.write(new_notebook(["open('ran', 'w')\ngradwidgets.Playground()"]), path)
    before = path.read_bytes()
    lab_page.load(gradwidgets="playground")
    lab_page.expect_playground()
    expect(lab_page.tab).to_have_text("playground-2.ipynb")
    assert path.read_bytes() == before
    assert lab_page.files() == ["playground-2.ipynb", "playground.ipynb"]


def test_a_link_opens_a_lesson_and_runs_its_first_cell(lab_page: ExtensionPage) -> None:
    lab_page.load(gradwidgets="lesson-03")
    expect(lab_page.tab).to_have_text("03_used_twice.ipynb", timeout=30_000)
    lab_page.expect_saved()
    expect_no_link(lab_page)
    assert lab_page.in_kernel("print(q1.key)").strip() == "03.q1"
    assert lab_page.files() == ["gradwidgets-course"]


def test_a_link_does_not_run_a_lesson_that_was_changed(lab_page: ExtensionPage) -> None:
    course = lab_page.folder / "gradwidgets-course"
    course.mkdir()
    nbformat.write(new_notebook(["mine = 42"]), course / "01_tensor.ipynb")
    lab_page.load(gradwidgets="course")
    expect(lab_page.tab).to_have_text("01_tensor.ipynb", timeout=30_000)
    expect(lab_page.line).to_be_visible(timeout=30_000)
    lab_page.wait_for_kernel()
    assert "NameError" in lab_page.in_kernel("print(mine)")


def test_a_recipe_reaches_python_as_the_very_text_that_it_is(lab_page: ExtensionPage) -> None:
    lab_page.load(gradwidgets="playground", recipe=HOSTILE)
    expect(lab_page.tab).to_have_text("playground-shared.ipynb", timeout=30_000)
    expect_no_link(lab_page)
    lab_page.wait_for_kernel()
    lab_page.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.content.widgets"
        ".some(cell => cell.model.executionCount)"
    )
    cell = first_code(lab_page.folder / "playground-shared.ipynb")
    assert cell.startswith("import gradwidgets\n\ngradwidgets.Playground(recipe=\"")
    assert cell.count("\n") == 2
    source = json.dumps(cell)
    shown = lab_page.in_kernel(f"{ECHO}import json\nexec(json.loads({source!r}))")
    assert json.loads(shown) == HOSTILE
    assert lab_page.files() == ["playground-shared.ipynb"]


def test_every_recipe_has_a_file_of_its_own(lab_page: ExtensionPage) -> None:
    for recipe, name in [
        ('{"title": "a"}', "playground-shared.ipynb"),
        ('{"title": "b"}', "playground-shared-2.ipynb"),
        ('{"title": "a"}', "playground-shared.ipynb"),
    ]:
        lab_page.load(gradwidgets="playground", recipe=recipe)
        expect(lab_page.tab).to_have_text(name, timeout=30_000)
        source = first_code(lab_page.folder / name)
        assert source.endswith(f"gradwidgets.Playground(recipe={json.dumps(recipe)})")
        lab_page.page.goto("about:blank")
    assert lab_page.files() == ["playground-shared-2.ipynb", "playground-shared.ipynb"]


def test_a_malformed_link_gets_a_sentence_and_opens_nothing(lab_page: ExtensionPage) -> None:
    lessons = "gradwidgets=lesson-01 to gradwidgets=lesson-12"
    cases = [
        ({"gradwidgets": ""}, ["asks for gradwidgets=.", lessons]),
        ({"gradwidgets": "lesson-13"}, ["gradwidgets=lesson-13.", lessons]),
        ({"gradwidgets": "lesson-3"}, ["gradwidgets=lesson-3.", lessons]),
        ({"gradwidgets": "../../etc/passwd"}, ["gradwidgets=../../etc/passwd."]),
        ({"gradwidgets": "<img src=x onerror=alert(1)>"}, ["=<img src=x onerror=alert(1)>."]),
        ({"gradwidgets": "x" * 5000}, [f"gradwidgets={'x' * 60}…"]),
        ({"gradwidgets": "playground", "view": "cinema"}, ["view=cinema", "view=classroom"]),
        ({"gradwidgets": "playground", "recipe": '{"data": '}, ['reads {"data":', "Copy link"]),
        ({"gradwidgets": "playground", "recipe": "__import__('os')"}, ["reads __import__('os')"]),
        ({"gradwidgets": "playground", "recipe": "[1]"}, ["reads [1]"]),
        ({"gradwidgets": "playground", "recipe": ""}, ["Copy the link again"]),
        ({"gradwidgets": "playground", "recipe": '{"version": 2, "x": 1}'},
         ["made by a newer gradwidgets: its version is 2", "Update gradwidgets"]),
        ({"gradwidgets": "playground", "recipe": '{"<b>": 1}'}, ["says “<b>”, which this"]),
        ({"gradwidgets": "lesson-01", "recipe": "{}"}, ["A recipe is for the playground"]),
    ]
    lab_page.load(gradwidgets="playground", recipe=json.dumps({"title": "x" * 20000}))
    expect(lab_page.dialog).to_contain_text("20013 characters", timeout=30_000)
    lab_page.page.keyboard.press("Enter")
    expect(lab_page.dialog).to_have_count(0)
    expect_no_link(lab_page)
    problem = (
        "async ([url, query]) => {"
        " const [{parse, linkOf}, {speaker, loadTexts}] = await Promise.all("
        "   [import(new URL('link.js', url)), import(new URL('texts.js', url))]);"
        " await loadTexts();"
        " const {lessons} = await (await fetch(new URL('notebooks.json', url))).json();"
        " const recipes = await (await fetch(new URL('recipe.json', url))).json();"
        " const {problem, places} = parse(linkOf(query), lessons, recipes);"
        " return speaker('en')(problem, places); }"
    )
    entry = lab_page.page.evaluate(
        "[...document.scripts].map(one => one.src).find(url => url.includes('/gradwidgets/'))"
    )
    for query, expected in cases:
        said = lab_page.page.evaluate(problem, [entry, f"?{urlencode(query)}"])
        assert all(part in said for part in expected), said
    lab_page.load(gradwidgets="playground", recipe='{"spec": {"learning_rate": 1e999}}')
    expect(lab_page.dialog).to_contain_text("“learning_rate” reads 1e999. It should be a number")
    lab_page.page.keyboard.press("Enter")
    expect(lab_page.dialog).to_have_count(0)
    lab_page.load(gradwidgets="</script><img src=x onerror=alert(1)>")
    expect(lab_page.dialog).to_contain_text("gradwidgets=</script><img src=x onerror=alert(1)>.")
    expect(lab_page.dialog.locator("img")).to_have_count(0)
    lab_page.page.keyboard.press("Escape")
    expect(lab_page.dialog).to_have_count(0)
    lab_page.page.reload()
    expect(lab_page.card("Backpropagation course")).to_be_visible(timeout=30_000)
    expect(lab_page.dialog).to_have_count(0)
    assert lab_page.files() == []


def test_a_link_for_the_class_asks_the_widget_for_its_classroom_view(
    lab_page: ExtensionPage,
) -> None:
    lab_page.page.add_init_script(
        "document.addEventListener('gw-classroom', (event) => {"
        " if (event.target.matches('.gw-playground')) document.body.dataset.asked = 'yes'; }, true)"
    )
    lab_page.load(gradwidgets="playground", view="classroom")
    expect(lab_page.page.locator("body")).to_have_attribute("data-asked", "yes", timeout=60_000)
    expect_no_link(lab_page)

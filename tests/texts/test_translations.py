"""Every language has every text, with the same places, and can be chosen."""

from __future__ import annotations

from string import Formatter

import numpy as np
import pytest

import gradwidgets
from gradwidgets.core import Tensor
from gradwidgets.core.losses import LOSSES
from gradwidgets.core.ops import OPS
from gradwidgets.engine.experiment.data.drawn import DATASETS
from gradwidgets.engine.experiment.presets import PRESETS
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.tutor.diverged import explain, explain_loop
from gradwidgets.engine.walk.build import walk_backward, walk_forward
from gradwidgets.engine.walk.formula import equation, symbols
from gradwidgets.playground import builder
from gradwidgets.texts import CATALOGUES, TRANSLATIONS, language, set_language, text
from gradwidgets.views.graph.inspector import blocks as inspect
from gradwidgets.views.walk import sheet as walk_sheet
from gradwidgets.views.walk.words.sentence import Words
from tests.core.cases import CASES
from tests.packaging.project import run_python
from tests.texts.language import ENGLISH as ENGLISH_WORDS
from tests.texts.language import english_words

ENGLISH = CATALOGUES["en"]
# What the registries of core and engine say in English themselves.
REGISTERED = {
    **{f"data.{name}": info.title for name, info in DATASETS.items()},
    **{f"loss.{name}": kind.label for name, kind in LOSSES.items()},
    **{f"reason.{name}": op.reason for name, op in OPS.items()},
    **{f"preset.{name}": preset.title for name, preset in PRESETS.items()},
    **{f"preset.{name}.sentence": preset.sentence for name, preset in PRESETS.items()},
}
ALL = ENGLISH | REGISTERED


@pytest.fixture(autouse=True)
def _english_again():
    yield
    set_language("en")


def places(template: str) -> dict[str, str]:
    return {name: form for _, name, form, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("chosen", TRANSLATIONS)
def test_a_translation_has_every_text_and_no_others(chosen):
    assert sorted(set(ALL) - set(TRANSLATIONS[chosen])) == []
    assert sorted(set(TRANSLATIONS[chosen]) - set(ALL)) == []


@pytest.mark.parametrize("chosen", TRANSLATIONS)
def test_a_translation_has_the_places_of_each_text(chosen):
    wrong = [key for key, words in TRANSLATIONS[chosen].items()
             if key in ENGLISH and places(words) != places(ENGLISH[key])]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("chosen", TRANSLATIONS)
def test_a_translation_is_tidy_and_ends_as_the_text_does(chosen):
    for key, translated in TRANSLATIONS[chosen].items():
        assert translated == translated.strip() != "", key
        assert (translated[-1] in ".!?") == (ALL[key][-1] in ".!?"), key
        assert translated.count("`") == ALL[key].count("`"), key
        assert "  " not in translated or key in ("graph.legend", "graph.states"), key


def test_a_longer_text_is_never_left_in_english():
    same = [key for key, words in TRANSLATIONS["de"].items() if words == ALL[key]]
    assert [key for key in same if ALL[key].count(" ") > 2] == []
    assert len(same) < 40  # names and signs that are the same in both


def test_texts_are_in_english_until_another_language_is_chosen():
    assert language() == "en" and text("pause.help") == "Stop after this step"
    gradwidgets.set_language("de")
    assert language() == "de" and text("pause.help") == "Nach diesem Schritt anhalten"


def test_a_language_without_texts_is_an_error_that_names_those_with():
    with pytest.raises(ValueError, match="the language is 'xx'; expected \"en\" or \"de\"."):
        gradwidgets.set_language("xx")
    with pytest.raises(ValueError, match="the language is None"):
        gradwidgets.set_language(None)
    assert language() == "en"


LANGUAGE_OF = "from gradwidgets.texts import text; print(text('pause.help'))"


@pytest.mark.parametrize(("variable", "told"), [
    ("de", "Nach diesem Schritt anhalten"), ("DE ", "Nach diesem Schritt anhalten"),
    ("", "Stop after this step"), (None, "Stop after this step")])  # fmt: skip
def test_a_variable_of_the_environment_chooses_it_first(monkeypatch, variable, told):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")  # does not: a class sees what its teacher chose
    monkeypatch.delenv("GRADWIDGETS_LANGUAGE", raising=False)
    if variable is not None:
        monkeypatch.setenv("GRADWIDGETS_LANGUAGE", variable)
    assert run_python(LANGUAGE_OF).strip() == told


def test_a_wrong_variable_is_told_and_the_texts_are_english(monkeypatch):
    monkeypatch.setenv("GRADWIDGETS_LANGUAGE", "xx")
    code = f"import warnings; warnings.simplefilter('error'); {LANGUAGE_OF}"
    with pytest.raises(Exception, match="GRADWIDGETS_LANGUAGE: the language is 'xx'; expected"):
        run_python(code)
    assert run_python(LANGUAGE_OF).strip() == "Stop after this step"


def test_what_the_engine_says_is_in_the_language_too():
    set_language("de")
    assert explain("loss", 3, 10.0, 2, value=float("nan")).message == (
        "Der Verlust ist nicht mehr endlich: In Schritt 3 wurde er nan, bei Lernrate 10. Die "
        "Schritte sind zu groß: Jeder schießt weiter über das Ziel hinaus als der davor. Das "
        "Training wurde angehalten, und die Gewichte von Schritt 2 sind wieder da. Senke die "
        "Lernrate, zum Beispiel auf 1, dann mach weiter."
    )
    assert "Bis dahin war noch kein Schritt gemacht" in explain_loop(float("inf"), 1, None)
    trainer = Trainer(Spec())
    trainer.train(1, capture=True)
    named = {node.name: node.group for node in trainer.last_step.graph.nodes if node.name}
    assert named["Schicht 1 Gewicht"] == "Schicht 1"
    assert named["Vorhersage"] == "Ausgabe" and named["Verlust"] == "Verlust"


def test_a_formula_is_written_anew_when_the_language_changes():
    rule, namespace = OPS["mean"].formula, {"x": np.ones((2, 2)), "dim": None, "np": np}
    assert symbols(rule, {"dim": None}, ndims={"x": 2}) == "mean of x over all entries"
    before = [part.symbol for part in equation(rule, namespace, {"dim": None})]
    set_language("de")
    assert symbols(rule, {"dim": None}, ndims={"x": 2}) == "Mittelwert von x über alle Einträge"
    after = [part.symbol for part in equation(rule, namespace, {"dim": None})]
    assert before == ["mean of x over all entries"]
    assert after == ["Mittelwert von x über alle Einträge"]


def test_choices_of_the_registries_are_translated_and_products_keep_their_names():
    set_language("de")
    fields = {field["name"]: field for field in builder.model_fields(Spec()) if "name" in field}
    shown = {name: [option["text"] for option in fields[name]["options"]]
             for name in ("loss", "optimizer")}  # fmt: skip
    assert shown["loss"] == ["Mittleres Quadrat", "Binäre Kreuzentropie", "Kreuzentropie"]
    assert shown["optimizer"] == ["SGD", "Momentum", "RMSProp", "Adam"]
    why = [option["why"] for option in fields["loss"]["options"] if option.get("disabled")]
    assert why[0].startswith("Die binäre Kreuzentropie braucht eine Wahrscheinlichkeit")
    data = next(field for field in builder.data_fields(Spec()) if field.get("name") == "data")
    assert "Zwei Wolken" in [option["text"] for option in data["options"]]


def test_numbers_keep_their_point_in_every_language():
    set_language("de")
    assert text("rate_follows", rate=0.003) == (
        "Die Lernrate ist jetzt 0.003, das passt zu diesen Daten."
    )


def test_the_words_that_are_looked_for_are_english():
    assert {"the", "and", "train", "loss", "learning", "rate", "output", "hint"} <= ENGLISH_WORDS
    assert not {"gradient", "test", "parameter", "schritt", "pause", "mean"} & ENGLISH_WORDS


@pytest.mark.parametrize("name", OPS)
def test_a_walk_and_the_inspector_tell_each_operation_in_german(name):
    set_language("de")
    seen = set()
    for function, inputs in CASES[name]:
        tensors = [Tensor(values, autograd=True) for values in inputs]
        graph = snapshot(function(*tensors), names={"x": tensors[0]})
        for walk in (walk_backward(graph), walk_forward(graph)):
            told = Words(walk)
            for index in range(len(walk.steps)):
                seen |= {told.sentence(index), *shown(walk_sheet.blocks(told, index))}
        seen |= {words for node in graph.nodes for words in shown(inspect(graph, node.index))}
    assert {words: found for words in seen if (found := english_words(words))} == {}


def shown(blocks: list[dict]) -> set[str]:
    """Return every text in blocks of a sheet."""
    found: set[str] = set()
    waiting: list[object] = list(blocks)
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, (list, tuple)):
            waiting += one
        elif isinstance(one, dict):
            waiting += [value for key, value in one.items()
                        if key not in ("kind", "scale", "form", "level", "name")]  # fmt: skip
    return found

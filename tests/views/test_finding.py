"""The playground tells once what keeps a network from learning, and takes it back."""

from __future__ import annotations

import pytest

from gradwidgets.engine.experiment.presets import preset_named
from gradwidgets.engine.tutor.not_learning import Finding
from gradwidgets.playground.playground import Playground
from gradwidgets.texts import text
from gradwidgets.views.kit.finding import FindingNote
from gradwidgets.views.kit.status import Message

DEAD = Finding("dead", "Layer 1", "Layer 1 is dead.")
FADED = Finding("vanishing", "Layer 1", "It is 100 times smaller.")
MORE = Finding("vanishing", "Layer 1", "It is 900 times smaller.")


class Told:
    """A message, and all that it has said."""

    def __init__(self):
        self.message = Message(lambda name, value: None)
        self.said = []
        self.message.observe(lambda change: self.said.append(change["new"][0]["text"]), "fields")
        self.note = FindingNote(self.message)


def test_a_finding_is_told_once_whatever_its_numbers_become():
    told = Told()
    for finding in (FADED, MORE, FADED, MORE):
        told.note.show(finding)
    assert told.said == [FADED.message]
    assert told.message.fields[0]["tone"] == "warning"


def test_another_finding_takes_its_place_and_its_end_clears_it():
    told = Told()
    for finding in (FADED, DEAD, None, None, DEAD):
        told.note.show(finding)
    assert told.said == [FADED.message, DEAD.message, "", DEAD.message]


def test_what_others_say_is_left_alone():
    told = Told()
    told.note.show(DEAD)
    told.message.say("Back to before.")
    told.note.show(DEAD)
    told.note.show(None)
    assert told.message.words == "Back to before."


def test_it_is_told_again_where_something_else_was_said_and_cleared():
    told = Told()
    told.note.show(DEAD)
    told.message.say("Paused.")
    told.note.show(DEAD)
    assert told.message.words == "Paused."
    told.note.clear_other()
    told.note.show(DEAD)
    assert told.message.words == DEAD.message


def test_it_stays_when_others_are_cleared():
    told = Told()
    told.message.say("Back to before.")
    told.note.clear_other()
    assert told.message.words == ""
    told.note.show(DEAD)
    told.note.clear_other()
    assert told.message.words == DEAD.message


def trained(name, **shown):
    playground = Playground(preset=name, **shown)
    playground.train(60 * playground.trainer.steps_per_epoch)
    return playground


@pytest.mark.parametrize(
    ("name", "words"),
    [("dead", "Layer 3: all 3 ReLU units answer 0"), ("vanishing", "the gradient vanishes")],
)
def test_a_playground_tells_it_and_forgets_it_with_a_reset(name, words):
    playground = trained(name)
    per_epoch = playground.trainer.steps_per_epoch
    assert words in playground.screens.message.words
    playground.reset()
    assert playground.screens.message.words == text("was_reset", step=60 * per_epoch)


def test_the_way_back_stays_that_a_change_had_offered():
    playground = Playground(preset="circle")
    playground.set_spec(preset_named("dead").spec)
    playground.train(60 * playground.trainer.steps_per_epoch)
    assert playground.screens.message.words.startswith("Layer 3")
    playground.undo()
    assert playground.spec == preset_named("circle").spec


def test_a_change_of_the_model_takes_it_back():
    playground = trained("dead")
    playground.set_spec(preset_named("circle").spec)
    assert "Layer 3" not in playground.screens.message.words


def test_a_learning_rate_that_is_tried_leaves_it_until_it_helps():
    playground = trained("vanishing")
    before = playground.screens.message.words
    playground._control_changed("learning_rate", 0.02)
    assert playground.trainer.learning_rate == 0.02
    assert playground.screens.message.words == before


@pytest.mark.parametrize("cover", ["graph", "train_loss"])
def test_while_something_is_to_be_guessed_it_is_not_told(cover):
    playground = trained("dead", cover=[cover])
    assert playground.screens.message.words == ""
    playground.reveal(cover)
    playground.train(playground.trainer.steps_per_epoch)
    assert "ReLU units answer 0" in playground.screens.message.words


def test_a_preset_that_learns_gets_no_such_message():
    assert trained("circle").screens.message.words == ""

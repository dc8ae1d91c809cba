"""The playground as a whole, without a browser: what each control does, and what is said."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref

import ipywidgets
import numpy as np
import pytest

from gradwidgets import SGD, Linear, MSELoss, Playground, Sequential, Sigmoid, Spec, Tanh, Trainer
from gradwidgets.core import Tensor
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.playground import builder
from gradwidgets.playground.keys import key_list
from gradwidgets.views.walk.stepper import BackwardStepper
from tests.engine.textbook import DATA, TARGET, TextbookLoss, TextbookSGD, textbook_model
from tests.views.specs import leaves, values_of
from tests.views.support import Page, on_a_loop, until

DIVERGING = Spec.suited("sine", layers=((8, "ReLU"),), learning_rate=10)
COMMANDS = ("play", "step", "reset", "new_weights", "undo", "redo", "walk_step")
TUNING = ("learning_rate", "batch_size")
SCREENS = ("speed", "detail", "log_axis")


def own_objects(**changes: object) -> dict[str, object]:
    """Return the five objects that a learner gives instead of a spec."""
    model = Sequential([Linear(2, 3, rng=np.random.default_rng(0)), Tanh(),
                        Linear(3, 1, rng=np.random.default_rng(1)), Sigmoid()])  # fmt: skip
    own = {
        "model": model,
        "criterion": MSELoss(),
        "optimizer": SGD(model.get_parameters(), alpha=1.0),
        "data": Tensor(DATA, autograd=True),
        "target": Tensor(TARGET, autograd=True),
    }
    return own | changes


def fields(playground: Playground) -> dict[str, dict]:
    """Return every control that the page shows."""
    page = playground.page
    panels = (page.buttons, page.settings, page.data, page.model, page.graph_head, page.loss_head)
    return {field["name"]: field for panel in panels for field in leaves(panel.fields)}


def message(playground: Playground) -> tuple[str, str]:
    shown = playground.screens.message
    return shown.words, shown.fields[0]["tone"]


def offered(playground: Playground) -> str:
    """Return what the button of the message says; empty when there is none."""
    return playground.screens.message.fields[0].get("action", {}).get("text", "")


def press(playground: Playground) -> None:
    """Press the button of the message."""
    action = playground.screens.message.fields[0]["action"]
    playground.screens.message._changed(action["name"], action["value"])


def status(playground: Playground) -> str:
    return playground.screens.status.line


@pytest.fixture
def playground():
    return Playground()


def test_it_starts_with_the_default_spec_and_its_first_losses(playground):
    assert playground.spec == Spec()
    trainer = Trainer(Spec())
    assert status(playground) == (
        f"epoch 0 · step 0 · train loss {trainer.train_loss:.4f}"
        f" · test loss {trainer.test_loss:.4f}"
    )
    assert message(playground) == ("", "note")


def test_train_gives_the_same_losses_as_a_trainer_alone(playground):
    playground.train(100)
    alone = Trainer(Spec())
    alone.train(100)
    assert playground.trainer.step_count == 100
    assert playground.trainer.train_loss == alone.train_loss
    assert playground.trainer.test_loss == alone.test_loss
    assert playground.trainer.history.train.tolist() == alone.history.train.tolist()
    assert status(playground).startswith("epoch 4 · step 100 · train loss ")


def test_train_shows_the_graph_of_its_last_step(playground):
    graph = Page(playground.screens.graph)
    graph.says(hello=True)
    playground.train(100)
    assert graph.messages[-1]["caption"] == "step 100, batch of 10, before its update"


def test_a_step_is_read_aloud_at_once(playground):
    page = Page(playground.screens.status)
    playground.step()
    assert page.messages[-1]["announce"] == status(playground)


def test_train_in_the_middle_of_an_epoch_measures_where_it_stands(playground):
    playground.train(30)
    assert playground.trainer.history.epoch[-1] == pytest.approx(1.2)
    alone = Trainer(Spec())
    alone.train(30)
    assert playground.trainer.train_loss == alone.train_loss


def test_without_a_notebook_play_says_what_to_call(playground):
    with pytest.raises(RuntimeError, match=r"call train\(n\): it takes n steps and returns"):
        playground.play()
    assert fields(playground)["play"]["disabled"]
    assert not playground.pump.playing


def test_a_step_shows_its_graph_and_its_losses(playground):
    graph = Page(playground.screens.graph)
    graph.says(hello=True)
    assert graph.messages[0]["caption"] == "forward pass of the next batch of 10; press Step"
    playground.step()
    assert graph.messages[-1]["caption"] == "step 1, batch of 10, before its update"
    assert status(playground).startswith("epoch 0 · step 1 · ")


def test_reset_brings_the_same_run_again_to_the_last_digit(playground):
    first = status(playground)
    playground.train(60)
    losses = playground.trainer.history.train.tolist()
    playground.reset()
    assert status(playground) == first
    playground.train(60)
    assert playground.trainer.history.train.tolist() == losses


def test_half_given_objects_are_refused_by_what_is_missing():
    own = own_objects()
    for name in own:
        with pytest.raises(TypeError, match=rf"together; {name} is missing"):
            Playground(**{**own, name: None})
    with pytest.raises(TypeError, match="criterion, optimizer, data, target are missing"):
        Playground(model=own["model"])


def test_a_spec_and_objects_together_are_refused():
    with pytest.raises(TypeError, match="a spec or objects of your own, not both"):
        Playground(Spec(), **own_objects())


def test_what_is_no_spec_is_refused():
    with pytest.raises(TypeError, match="received a str; expected a Spec"):
        Playground("circle")


def test_own_objects_are_trained_as_they_are():
    own = own_objects()
    playground = Playground(**own)
    assert playground.spec is None
    assert playground.trainer.model is own["model"]
    before = own["model"].get_parameters()[0].data.copy()
    playground.train(20)
    assert (own["model"].get_parameters()[0].data != before).any()
    assert "test loss –" in status(playground)


def test_a_sentence_stands_in_the_place_of_the_builder():
    playground = Playground(**own_objects())
    notes = [field["text"] for field in playground.page.model.fields if field["kind"] == "note"]
    assert notes == [
        "This is your own model: Sequential, with 13 parameters in 4 tensors. Its layers, loss and "
        "optimizer are set in your code; here you train it and watch."
    ]
    assert set(fields(playground)) == {
        "play", "step", "reset", "undo", "redo", "walk_step", *SCREENS, "learning_rate"
    }  # fmt: skip


def test_textbook_objects_train_and_show_too():
    np.random.seed(0)
    model = textbook_model()
    playground = Playground(model=model, criterion=TextbookLoss(), data=DATA, target=TARGET,
                            optimizer=TextbookSGD(model.get_parameters(), 1.0))  # fmt: skip
    first = playground.trainer.train_loss
    playground.train(50)
    assert playground.trainer.train_loss < first / 2


def test_a_model_without_get_parameters_is_shown_by_those_of_its_optimizer():
    class Bare:
        def __init__(self, inside: Sequential) -> None:
            self.forward = inside.forward

    own = own_objects()
    own["model"] = Bare(own["model"])
    playground = Playground(**own)
    assert "Bare, with 13 parameters in 4 tensors" in str(playground.page.model.fields)


def test_an_own_optimizer_without_a_rate_has_no_slider():
    class Plain:
        def __init__(self, parameters: list) -> None:
            self.parameters = parameters

        def step(self) -> None:
            for parameter in self.parameters:
                parameter.data -= 0.1 * parameter.grad.data
                parameter.grad = None

    own = own_objects()
    own["optimizer"] = Plain(own["model"].get_parameters())
    assert "learning_rate" not in fields(Playground(**own))


def test_an_error_of_the_learners_code_is_a_sentence_and_the_next_step_works():
    class Mine(Sequential):
        broken = False

        def forward(self, x: Tensor) -> Tensor:
            if self.broken:
                raise ValueError("the shapes do not fit")
            return super().forward(x)

    own = own_objects()
    mine = own["model"] = Mine(own["model"].layers)
    playground = Playground(**own)
    mine.broken = True
    playground.step()
    line = Mine.forward.__code__.co_firstlineno + 2
    assert message(playground) == (
        f"Training stopped: ValueError: the shapes do not fit, in line {line} of your code: raise "
        'ValueError("the shapes do not fit"). It stands at step 0, and nothing is '
        "lost; mend it and press Play again.",
        "trouble",
    )
    mine.broken = False
    playground.step()
    assert message(playground) == ("", "note")
    assert playground.trainer.step_count == 1


def test_a_reset_that_fails_says_so():
    state = {"broken": False}

    class Mine(Sequential):
        def forward(self, x: Tensor) -> Tensor:
            return 1 / 0 if state["broken"] else super().forward(x)

    own = own_objects()
    own["model"] = Mine(own["model"].layers)
    playground = Playground(**own)
    state["broken"] = True
    playground._control_changed("reset", None)
    assert message(playground)[0].startswith("Training stopped: ZeroDivisionError: division by")
    state["broken"] = False
    playground._control_changed("reset", None)
    assert message(playground) == ("", "note")


def test_a_picture_that_cannot_be_drawn_says_so(playground, monkeypatch):
    page = Page(playground.screens.output)
    monkeypatch.setattr(playground.screens.output, "_make", lambda: 1 / 0)
    page.says(hello=True)
    assert "ZeroDivisionError" in message(playground)[0]
    assert page.messages == []


@pytest.mark.parametrize("spec", [Spec(), Spec.suited("sine"), Spec.suited("table")],
                         ids=lambda spec: spec.data)  # fmt: skip
def test_every_control_on_the_page_does_something(spec):
    for name, field in fields(Playground(spec)).items():
        known = name in (*COMMANDS, *TUNING, *SCREENS)
        for value in values_of(field):
            if known:
                continue
            playground = Playground(spec)
            try:
                wanted = builder.changed(spec, name, value)
            except SpecError as error:
                playground._control_changed(name, value)
                words, tone = message(playground)
                assert (words.split(":", 1)[1], tone) == (str(error).split(":", 1)[1], "trouble")
                assert playground.spec == spec
                continue
            assert wanted is not None, f"nobody listens to {name}"
            playground._control_changed(name, value)
            assert playground.spec == playground.trainer.spec == wanted
            assert bool(message(playground)[0]) == (wanted != spec)


def test_every_known_control_is_on_the_page(playground):
    assert set(fields(playground)) >= {*COMMANDS, *TUNING, *SCREENS}


def test_buttons_do_what_they_say(playground):
    first = playground.trainer
    playground._control_changed("step", None)
    assert playground.trainer.step_count == 1
    playground._control_changed("reset", None)
    assert playground.trainer is first and first.step_count == 0
    playground._control_changed("new_weights", None)
    assert playground.spec == Spec(weight_seed=1)
    assert message(playground)[0].startswith("New weights from seed 1.")
    assert fields(playground)["weight_seed"]["value"] == 1


def test_an_earlier_seed_brings_back_earlier_weights(playground):
    first = playground.trainer.train_loss
    playground._control_changed("new_weights", None)
    assert playground.trainer.train_loss != first
    playground._control_changed("weight_seed", 0)
    assert playground.trainer.train_loss == first


@pytest.mark.parametrize("speed", ["slow", "walk", "epoch", "fast"])
def test_the_speed_is_chosen_and_shown(playground, speed):
    playground._control_changed("speed", speed)
    assert playground.pump.speed == fields(playground)["speed"]["value"] == speed


@pytest.mark.parametrize("name", ["speed", "detail"])
def test_an_unknown_choice_is_refused_and_put_back(playground, name):
    before, settings = fields(playground)[name]["value"], Page(playground.page.settings)
    playground._control_changed(name, "bogus")
    words, tone = message(playground)
    assert tone == "trouble" and "'bogus'; expected one of" in words
    assert fields(playground)[name]["value"] == before
    assert settings.messages == [{"restore": True}]


def test_detail_and_axis_are_chosen_and_shown(playground):
    playground._control_changed("detail", "operations")
    assert playground.screens.graph.detail == fields(playground)["detail"]["value"] == "operations"
    playground._control_changed("log_axis", True)
    assert playground.screens.log is fields(playground)["log_axis"]["value"] is True


def test_rate_and_batch_apply_to_the_run_that_goes_on(playground):
    trainer = playground.trainer
    playground.train(10)
    playground._control_changed("learning_rate", 0.25)
    playground._control_changed("batch_size", 25)
    assert playground.trainer is trainer and trainer.step_count == 10
    assert (trainer.learning_rate, trainer.batch_size) == (0.25, 25)
    assert (playground.spec.learning_rate, playground.spec.batch_size) == (0.25, 25)
    assert fields(playground)["learning_rate"]["value"] == 0.25
    assert message(playground) == ("", "note")


def test_a_rate_that_cannot_be_is_refused(playground):
    for rate in (0, -1, 11, None, "fast"):
        playground._control_changed("learning_rate", rate)
        words, tone = message(playground)
        assert tone == "trouble" and words.startswith("Learning rate: received") and "from 0.00001 to 10" in words
        assert playground.trainer.learning_rate == 0.01


def test_a_refusal_is_gone_once_a_value_is_taken(playground):
    playground._control_changed("learning_rate", 1e9)
    assert message(playground)[1] == "trouble"
    playground._control_changed("learning_rate", 0.5)
    assert message(playground) == ("", "note")


def test_half_a_seed_is_refused_in_the_words_of_the_page(playground):
    playground._control_changed("weight_seed", 2.5)
    assert message(playground)[0].startswith("Weight seed: received 2.5; expected a whole number")
    assert playground.spec.weight_seed == 0


def test_other_points_of_the_same_data_say_how_they_are_drawn(playground):
    playground._control_changed("noise", 20)
    assert message(playground)[0] == (
        "New points: noise 20 %, 50 % of them for training. Training starts again from weight "
        "seed 0."
    )


def test_another_shape_makes_a_new_model_and_says_so(playground):
    playground.train(5)
    playground._control_changed("units-1", 5)
    assert playground.trainer.step_count == 0
    assert playground.pump.trainer is playground.trainer
    assert message(playground) == (
        "New model: 2-5-1, 21 parameters. Training starts again from weight seed 0.",
        "note",
    )


def test_other_data_say_which_rate_suits_them(playground):
    playground._control_changed("data", "sine")
    words, _ = message(playground)
    assert words.startswith("New data: Sine. Training starts again from weight seed 0.")
    assert "The learning rate is now 0.03, which suits these data." in words


def test_other_data_say_what_becomes_of_the_model():
    playground = Playground(Spec(layers=((8, "ReLU"),) * 3, optimizer="Adam", batch_size=20))
    playground._control_changed("data", "xor")
    spec = playground.spec
    assert message(playground)[0] == (
        "New data: Exclusive or. Training starts again from weight seed 0. The model is now "
        f"{builder.shape_words(spec)} with inputs x1, x2, trained by SGD in batches of "
        f"{spec.batch_size}. The learning rate is now {spec.learning_rate:g}, which suits "
        "these data."
    )


def test_a_loss_that_follows_its_output_is_named():
    playground = Playground(Spec(output_activation="Sigmoid", loss="BCELoss"))
    playground._control_changed("output_activation", "Tanh")
    assert "The loss function is now Mean squared, which goes with Tanh." in message(playground)[0]


def test_the_same_choice_again_changes_nothing(playground):
    trainer = playground.trainer
    playground._control_changed("units-1", 4)
    playground._control_changed("data", "circle")
    assert playground.trainer is trainer
    assert message(playground) == ("", "note")


def test_a_divergence_is_told_and_a_lower_rate_goes_on():
    playground = Playground(DIVERGING)
    playground.train(100)
    step = playground.trainer.step_count
    assert playground.trainer.divergence is not None
    assert message(playground) == (playground.trainer.divergence.message, "trouble")
    assert "no longer finite" in message(playground)[0]
    playground._control_changed("step", None)
    assert playground.trainer.step_count == step
    playground._control_changed("learning_rate", 0.01)
    assert message(playground) == (
        "Learning rate 0.01. Press Play to go on from the last good weights.",
        "note",
    )
    playground.train(10)
    assert playground.trainer.step_count == step + 10


def test_the_message_of_a_divergence_offers_the_rate_that_suits_the_data():
    playground = Playground(DIVERGING)
    playground.train(100)
    assert offered(playground) == "Try 0.01"
    press(playground)
    assert playground.trainer.learning_rate == playground.spec.learning_rate == 0.01
    assert playground.trainer.divergence is None
    assert not offered(playground)


def test_after_a_divergence_the_graph_says_that_it_is_of_the_step_that_failed():
    playground = Playground(preset="too-fast")
    graph = Page(playground.screens.graph)
    graph.says(hello=True)
    playground.train(500)
    step = playground.trainer.divergence.step
    assert playground.trainer.last_step.step == step
    said = f"step {step}, which failed; losses and output are of the weights kept"
    assert graph.messages[-1]["caption"] == said
    playground.reset()
    assert graph.messages[-1]["caption"].startswith("forward pass of the next batch")


def test_play_after_a_divergence_says_again_what_to_do():
    async def body() -> None:
        playground = Playground(DIVERGING)
        playground.train(100)
        playground._control_changed("units-1", 1000)
        assert "1000" in message(playground)[0]
        for name in ("play", "step"):
            playground._control_changed(name, None)
            assert message(playground) == (playground.trainer.divergence.message, "trouble")
            assert offered(playground) == "Try 0.01"
            assert not playground.pump.playing
        await playground._preparing

    on_a_loop(body)


def test_a_mended_class_goes_on_from_the_last_good_weights_and_clears_the_message():
    class Own(Sequential):
        def forward(self, x):
            return (super().forward(x) - 2).log()

    own = own_objects()
    own["model"].__class__ = Own
    playground = Playground(**own)
    assert message(playground)[0].startswith(
        "The loss is nan with the present weights. It began in `log(sub(…))` of Output, with the "
        "logarithm of a negative number"
    )
    playground.train(5)
    assert playground.trainer.step_count == 1 and "press Play" in message(playground)[0]
    assert "too large" not in message(playground)[0] and not offered(playground)
    Own.forward = Sequential.forward
    playground.train(5)
    assert playground.trainer.step_count == 6 and message(playground) == ("", "note")
    assert playground.trainer.divergence is None


def test_own_objects_diverge_without_an_offer():
    own = own_objects()
    own["model"].layers[0].weight.data[:] = np.inf
    playground = Playground(**own)
    playground.train(1)
    assert message(playground)[1] == "trouble"
    assert not offered(playground)


def test_own_objects_do_not_give_way_to_a_spec():
    playground = Playground(**own_objects())
    with pytest.raises(TypeError, match=r"open another one for a spec: Playground\(spec\)"):
        playground.set_spec(Spec())


def test_closing_lets_go_of_everything():
    def ours() -> list:
        return [each for each in ipywidgets.widgets.widget._instances.values()
                if type(each).__module__.startswith("gradwidgets")]  # fmt: skip

    before = len(ours())
    playground = Playground()
    playground._control_changed("add_layer", None)
    assert len(ours()) > before + 10
    trainer = weakref.ref(playground.trainer)
    playground.close()
    assert len(ours()) == before
    del playground
    gc.collect()
    assert trainer() is None


def test_a_representation_names_the_model(playground):
    assert repr(playground) == "<Playground: circle, 2-4-1>"
    assert repr(Playground(**own_objects())) == "<Playground of Sequential>"


def test_pictures_speak_of_what_they_show(playground):
    loss, output = Page(playground.screens.loss), Page(playground.screens.output)
    playground.train(50)
    loss.says(hello=True)
    output.says(hello=True)
    train = playground.trainer.history.train
    assert loss.messages[0]["alt"].startswith(
        f"Loss plot: The train loss went from {train[0]:.4f} to {train[-1]:.4f} at epoch 2; "
    )
    assert output.messages[0]["alt"].startswith("Output: The network says + (blue) on ")
    assert output.messages[0]["alt"].endswith("250 training points, 250 test points.")


def test_in_a_notebook_it_plays_and_pauses_at_the_step_that_it_shows():
    async def body() -> None:
        playground = Playground()
        page = Page(playground.screens.output)
        await playground._preparing
        assert not fields(playground)["play"]["disabled"]
        page.says(hello=True)
        playground.page.buttons._changed("play", None)
        assert fields(playground)["play"]["label"] == "Pause"
        await until(lambda: playground.trainer.epoch_count >= 3)
        playground.page.buttons._changed("play", None)
        await until(lambda: fields(playground)["play"]["label"] == "Play")
        step = playground.trainer.step_count
        assert f" · step {step} · " in status(playground)
        assert playground.trainer.last_step.step == step
        sent = len(page.messages)
        await asyncio.sleep(0.05)
        assert (playground.trainer.step_count, len(page.messages)) == (step, sent)

    on_a_loop(body)


def test_in_a_notebook_what_takes_long_the_first_time_is_done_beside_the_loop():
    async def body() -> None:
        playground = Playground()
        figures = playground.screens.loss, playground.screens.output
        pages, threads = [Page(view) for view in figures], []

        def noted(make):
            return lambda: (threads.append(threading.current_thread()), make())[1]

        for view, page in zip(figures, pages, strict=True):
            view._make = noted(view._make)
            page.says(page={"width": 300, "height": 200, "dark": True})
            page.says(hello=True)
        await playground._preparing
        assert len(threads) == 2 and threading.main_thread() not in threads
        assert all(page.messages for page in pages)
        assert all(view.figure.theme.dark for view in figures), "as the page has told"
        assert "gradwidgets.views.walk.stepper" in sys.modules

    on_a_loop(body)


def test_in_a_notebook_a_figure_that_fails_beside_the_loop_is_told_on_the_page():
    async def body() -> None:
        playground = Playground()
        playground.screens.output._make = lambda: 1 / 0
        Page(playground.screens.output).says(hello=True)
        await playground._preparing
        assert "ZeroDivisionError" in message(playground)[0]

    on_a_loop(body)


def test_in_a_notebook_another_model_goes_on_playing():
    async def body() -> None:
        playground = Playground()
        playground.play()
        await until(lambda: playground.trainer.step_count > 25)
        playground._control_changed("add_layer", None)
        assert playground.trainer.spec.sizes == (2, 4, 4, 1)
        await until(lambda: playground.trainer.step_count > 25)
        assert playground.pump.playing
        playground._control_changed("reset", None)
        await until(lambda: fields(playground)["play"]["label"] == "Play")
        assert playground.trainer.step_count == 0
        assert status(playground).startswith("epoch 0 · step 0 · ")
        await playground._preparing

    on_a_loop(body)


def test_in_a_notebook_an_error_is_said_and_play_works_again():
    async def body() -> None:
        playground = Playground()
        trainer = playground.trainer
        forward = trainer.model.forward

        def broken(x: Tensor) -> Tensor:
            trainer.model.forward = forward
            raise ValueError("the shapes do not fit")

        trainer.model.forward = broken
        playground.play()
        await until(lambda: not playground.pump.playing)
        assert message(playground)[0].startswith("Training stopped: ValueError: the shapes")
        playground.play()
        assert message(playground) == ("", "note")
        await until(lambda: trainer.step_count > 10)
        playground.pause()
        await until(lambda: fields(playground)["play"]["label"] == "Play")
        await playground._preparing

    on_a_loop(body)


def walked(playground):
    """Return the stepper that the page shows, or None."""
    last = playground.page.children[3].children[-1]
    return next((child for child in last.children if isinstance(child, BackwardStepper)), None)


def test_a_step_is_walked_with_the_numbers_of_before_its_update():
    playground = Playground()
    assert fields(playground)["walk_step"]["disabled"]
    with pytest.raises(RuntimeError, match="take a step first"):
        playground.walk_step()
    playground.step()
    assert not fields(playground)["walk_step"]["disabled"]
    playground._control_changed("walk_step", None)
    graph = playground.trainer.last_step.graph
    walk = walked(playground).walk
    assert walk.graph is graph
    for step in walk.steps:
        if step.arrived == step.expected:
            np.testing.assert_allclose(step.total, graph.nodes[step.node].grad)


@pytest.mark.parametrize("way_out", ["step", "reset", "new_weights"])
def test_whatever_shows_another_step_ends_the_walk(way_out):
    playground = Playground()
    playground.step()
    playground.walk_step()
    assert walked(playground) is not None
    playground._control_changed(way_out, None)
    assert walked(playground) is None
    assert fields(playground)["walk_step"]["disabled"] == (way_out != "step")


def test_the_way_back_from_a_walk_leaves_the_training_as_it_was():
    playground = Playground()
    playground.step()
    playground.walk_step()
    walked(playground)._control_changed("leave", None)
    assert walked(playground) is None
    assert playground.trainer.step_count == 1


def test_the_page_makes_room_before_the_walk_comes():
    playground = Playground()
    playground.step()
    main = playground.page._main
    classes = []
    main.observe(lambda change: classes.append("gw-walking" in main._dom_classes), "children")
    playground.walk_step()
    assert classes == [True], "or the page scrolls to where the walk does not stay"
    playground.end_walk()
    assert "gw-walking" not in main._dom_classes


def test_a_change_of_the_rate_leaves_the_walk_open():
    playground = Playground()
    playground.step()
    playground.walk_step()
    playground._control_changed("learning_rate", 0.1)
    assert walked(playground) is not None
    playground.close()


class Nothing(Sequential):
    def forward(self, x: Tensor) -> None:
        super().forward(x)


class Misspelt(Sequential):
    def forward(self, x: Tensor) -> Tensor:
        return x.mmm(self.layers[0].weight)


class NoLoss(MSELoss):
    def forward(self, prediction: Tensor, target: Tensor) -> None:
        super().forward(prediction, target)


class OneInput(MSELoss):
    def forward(self, prediction: Tensor) -> Tensor:
        return prediction.sum(0)


@pytest.mark.parametrize(
    "role, half, words",
    [
        ("model", Nothing, r"Nothing\.forward returned None; end it with return"),
        ("model", Misspelt, r"could not be run on the data: AttributeError: .*'mmm'.*, in line \d+ "
         r"of your code: return x\.mmm\(self\.layers\[0\]\.weight\)"),
        ("criterion", lambda _: NoLoss(), r"NoLoss\.forward returned None; end it with return"),
        ("criterion", lambda _: OneInput(), r"could not be run .*OneInput\.forward\(\) takes 2"),
        ("criterion", lambda _: MSELoss, r"criterion: received the class MSELoss itself; .*\(…"),
    ],
)  # fmt: skip
def test_half_finished_classes_are_refused_with_what_is_missing(role, half, words):
    own = own_objects()
    own[role] = half(own["model"].layers)
    with pytest.raises((TypeError, RuntimeError), match=words):
        Playground(**own)


def test_what_is_covered_is_not_in_the_picture_that_a_notebook_keeps():
    playground = Playground(cover=["graph", "loss_plot", "test_loss"], hide=["output"])
    playground.step()
    kept = playground.still_html()
    assert "<img" not in kept
    assert playground.trainer.frame().test_loss is not None
    playground.reveal("loss_plot")
    kept = playground.still_html()
    assert "The train loss went from" in kept and "The test loss went" not in kept


@pytest.mark.parametrize("shown", [{"cover": ["graph"]}, {"hide": ["graph"]}, {"hide": ["walk"]}])
def test_there_is_no_way_into_a_walk_whose_graph_is_kept_back(shown):
    playground = Playground(**shown)
    playground.step()
    with pytest.raises(RuntimeError, match="no step to walk"):
        playground.walk_step()


def test_the_list_of_keys_holds_only_what_there_is():
    keys = [key for key, _ in key_list(("step", "graph"))]
    assert "r" in keys and not {".", "w", "g"} & {*keys}


def test_a_loss_too_large_for_a_number_is_told_when_it_is_stepped_to():
    playground = Playground(preset="too-fast")
    told = []
    for _ in range(5):
        playground.step()
        told.append((playground.screens.status.line.count("∞"), playground.screens.message.words))
    assert [words for _, words in told[:3]] == ["", "", ""]
    assert told[3][0] == 2 and told[3][1].startswith("The loss has grown too large for a number")
    assert "no longer finite: it became inf at step 5" in told[4][1]

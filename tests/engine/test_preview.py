"""The graph before the first step."""

from __future__ import annotations

import numpy as np

from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer


def test_a_preview_is_the_first_batchs_forward_pass_without_gradients() -> None:
    trainer = Trainer(Spec())
    preview = trainer.preview()
    assert (preview.step, preview.samples) == (0, 10)
    assert all(node.grad is None for node in preview.graph.nodes)
    trainer.step(capture=True)
    first = trainer.last_step.graph
    assert preview.graph.topology == first.topology
    for seen, stepped in zip(preview.graph.nodes, first.nodes, strict=True):
        np.testing.assert_array_equal(seen.data, stepped.data)


def test_a_preview_in_the_middle_of_a_run_has_no_gradients_either() -> None:
    trainer = Trainer(Spec())
    trainer.run(7)  # the optimizer left zeros in the parameters' gradients
    assert all(node.grad is None for node in trainer.preview().graph.nodes)


def test_a_preview_changes_nothing() -> None:
    looked, left_alone = Trainer(Spec()), Trainer(Spec())
    for _ in range(3):
        looked.preview()
    looked.run(40)
    looked.preview()  # in the middle of an epoch
    looked.run(40)
    left_alone.run(80)
    for one, other in zip(
        looked.model.get_parameters(), left_alone.model.get_parameters(), strict=True
    ):
        np.testing.assert_array_equal(one.data, other.data)
    np.testing.assert_array_equal(looked.history.train, left_alone.history.train)

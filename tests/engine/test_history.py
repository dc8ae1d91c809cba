"""The history is bounded, evenly spaced, and keeps its ends."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.engine.training.history import History


@pytest.mark.parametrize("capacity", [4, 7, 50, 2000])
@pytest.mark.parametrize("count", [1, 3, 49, 50, 51, 1999, 2001, 12345])
def test_any_number_of_points_fits(capacity, count):
    history = History(capacity)
    for epoch in range(count):
        history.add(epoch, epoch / 2, None)
        assert history._points[0, len(history) - 1] == epoch
    epochs = history.epoch
    assert len(epochs) == len(history) <= capacity
    assert len(epochs) >= min(count, capacity // 2)
    assert epochs[0] == 0 and epochs[-1] == count - 1
    gaps = np.diff(epochs[:-1])
    assert len(set(gaps.tolist())) <= 1
    assert len(epochs) < 3 or 0 < epochs[-1] - epochs[-2] <= gaps[0]
    assert np.array_equal(history.train, epochs / 2)
    assert np.isnan(history.test).all()


def test_a_second_measurement_at_one_epoch_replaces_the_first():
    history = History()
    history.add(0, 5, 6)
    history.add(0.5, 4, 5)
    history.add(0.5, 3, 4)
    assert history.epoch.tolist() == [0, 0.5]
    assert history.train.tolist() == [5, 3] and history.test.tolist() == [6, 4]


def test_arrays_do_not_follow_later_points():
    history = History(4)
    history.add(0, 1, 2)
    then = history.arrays()
    for epoch in range(1, 20):
        history.add(epoch, 9, 9)
    assert (then.epoch.tolist(), then.train.tolist(), then.test.tolist()) == ([0], [1], [2])


def test_clear_begins_anew():
    history = History(4)
    for epoch in range(40):
        history.add(epoch, 1, 1)
    history.clear()
    assert len(history) == 0
    history.add(0, 1, 1)
    history.add(1, 1, 1)
    assert history.epoch.tolist() == [0, 1]


def test_a_history_too_small_is_refused():
    with pytest.raises(ValueError, match="received 2; expected at least 4"):
        History(2)

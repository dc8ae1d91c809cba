"""The data sets follow their formulas, and come again from their seeds."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS, make_dataset, make_inputs


def polar(points):
    return np.hypot(points[:, 0], points[:, 1])


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "table"])
def test_500_points_are_split_by_the_train_share(name):
    data = make_dataset(name, train_share=30, seed=1)
    assert data.points.shape == (500, DATASETS[name].n_raw) and data.labels.shape == (500,)
    assert len(data.train) == 150
    assert sorted([*data.train, *data.test]) == list(range(500))


@pytest.mark.parametrize("name", ["circle", "gauss", "spiral"])
def test_both_classes_have_the_same_number_of_points(name):
    assert np.bincount(make_dataset(name).labels).tolist() == [250, 250]


def test_circle_is_a_disc_in_a_ring():
    data = make_dataset("circle", seed=4)
    radius = polar(data.points)
    inside = radius[data.labels == 1]
    outside = radius[data.labels == 0]
    assert inside.max() < 2.5 and 3.5 <= outside.min() and outside.max() <= 5
    # Radii are uniform, so half of them lie below the middle.
    assert 100 < (inside < 1.25).sum() < 150 and 100 < (outside < 4.25).sum() < 150


def test_xor_keeps_away_from_the_axes_and_labels_by_the_sign_of_the_product():
    data = make_dataset("xor", seed=2)
    sizes = np.abs(data.points)
    assert sizes.min() >= 0.3 and sizes.max() <= 5.3 and sizes.max() > 5
    assert np.array_equal(data.labels, (data.points.prod(axis=1) > 0).astype(int))
    assert 200 < data.labels.sum() < 300


@pytest.mark.parametrize("noise, variance", [(0, 0.5), (25, 2.25), (50, 4)])
def test_gauss_has_two_clouds_whose_variance_grows_with_noise(noise, variance):
    data = make_dataset("gauss", noise=noise)
    for label, centre in ((1, 2), (0, -2)):
        cloud = data.points[data.labels == label]
        assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=0.4)
        assert cloud.var(axis=0) == pytest.approx([variance, variance], rel=0.25)


def test_spiral_arms_are_opposite_and_turn_one_and_three_quarters():
    data = make_dataset("spiral")
    first, second = data.points[data.labels == 1], data.points[data.labels == 0]
    assert first == pytest.approx(-second)
    assert polar(first) == pytest.approx(5 * np.arange(250) / 250)
    angle = np.unwrap(np.arctan2(first[1:, 0], first[1:, 1]))
    assert angle == pytest.approx(1.75 * 2 * np.pi * np.arange(1, 250) / 250)


def test_sine_is_one_period_of_real_targets():
    data = make_dataset("sine")
    assert data.task == "regression"
    assert data.labels == pytest.approx(np.sin(data.points[:, 0]))
    assert -np.pi <= data.points.min() < -3 and 3 < data.points.max() <= np.pi


def test_the_table_ignores_noise_and_share_and_has_no_test_set():
    data = make_dataset("table", noise=50, train_share=10, seed=9)
    assert data.points.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.labels.tolist() == [0, 1, 0, 1]
    assert data.train.tolist() == [0, 1, 2, 3] and len(data.test) == 0


@pytest.mark.parametrize("name", ["circle", "xor", "sine"])
def test_noise_moves_labels_and_not_points(name):
    clean, noisy = make_dataset(name), make_dataset(name, noise=50)
    assert np.array_equal(clean.points, noisy.points)
    assert np.array_equal(clean.train, noisy.train)
    assert (clean.labels != noisy.labels).mean() > 0.1


def test_noise_of_a_sine_stays_within_its_share():
    clean, noisy = make_dataset("sine"), make_dataset("sine", noise=20)
    moved = np.abs(noisy.labels - clean.labels)
    assert 0.19 < moved.max() <= 0.2


def test_noise_moves_the_points_of_a_spiral():
    clean, noisy = make_dataset("spiral"), make_dataset("spiral", noise=30)
    moved = np.abs(noisy.points - clean.points)
    assert 0.29 < moved.max() <= 0.3 and np.array_equal(clean.labels, noisy.labels)


@pytest.mark.parametrize("name", DATASETS)
def test_a_seed_gives_the_same_points_whatever_the_global_state(name):
    np.random.seed(1)
    first = make_dataset(name, 10, 50, 7)
    state = np.random.get_state()[1].copy()
    second = make_dataset(name, 10, 50, 7)
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.labels, second.labels)
    assert np.array_equal(first.train, second.train)
    assert np.array_equal(np.random.get_state()[1], state)
    if name not in ("table",):
        other = make_dataset(name, 10, 50, 8)
        assert not np.array_equal(first.train, other.train)


@pytest.mark.parametrize("name", DATASETS)
def test_points_without_noise_lie_in_the_domain(name):
    data = make_dataset(name, seed=3)
    x_min, x_max, y_min, y_max = data.domain
    ys = data.points[:, 1] if data.n_raw == 2 else data.labels
    assert x_min < data.points[:, 0].min() and data.points[:, 0].max() < x_max
    assert y_min < ys.min() and ys.max() < y_max


def test_inputs_are_made_from_the_coordinates():
    columns = make_inputs(np.array([[2.0, -3.0]]), tuple(INPUTS))
    assert list(INPUTS) == ["x1", "x2", "x1²", "x2²", "x1x2", "sin x1", "sin x2"]
    assert columns[0] == pytest.approx([2, -3, 4, 9, -6, np.sin(2), np.sin(-3)])


def test_an_unknown_data_set_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="'moons'; choose one of table, xor, circle"):
        make_dataset("moons")

"""Loss functions: values, reductions, stability, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import BCELoss, CrossEntropyLoss, MSELoss, Tensor, gradcheck
from gradwidgets.core.losses import LOSSES

PRED = np.array([[0.2, 0.9], [0.6, 0.4], [0.5, 0.1]])
TARGET = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
LOGITS = np.log(PRED / (1 - PRED))
ENTROPY = -(TARGET * np.log(PRED) + (1 - TARGET) * np.log(1 - PRED))


def test_mse_sums_over_the_samples_by_default_as_in_the_seed():
    loss = MSELoss()(Tensor(PRED, autograd=True), Tensor(TARGET))
    assert loss.shape == (2,) and loss.creation_op == "sum_0"
    np.testing.assert_allclose(loss.data, np.sum((PRED - TARGET) ** 2, axis=0))


def test_the_mean_is_over_samples_and_the_sum_over_outputs():
    for criterion, each, pred in [
        (MSELoss(reduction="mean"), (PRED - TARGET) ** 2, PRED),
        (BCELoss(), ENTROPY, PRED),
        (BCELoss(from_logits=True), ENTROPY, LOGITS),
    ]:
        loss = criterion(Tensor(pred, autograd=True), TARGET)
        assert loss.shape == ()
        assert loss.item() == pytest.approx(np.sum(each) / 3, rel=1e-12)


def test_bce_sums_like_mse():
    for criterion, pred in [
        (BCELoss(reduction="sum"), PRED),
        (BCELoss(from_logits=True, reduction="sum"), LOGITS),
    ]:
        np.testing.assert_allclose(criterion(Tensor(pred), TARGET).data, ENTROPY.sum(0))


@pytest.mark.parametrize("reduction, samples", [("mean", 3), ("sum", 1)])
def test_cross_entropy_takes_class_numbers_or_probabilities(reduction, samples):
    scores = np.array([[1.0, 2.0, 0.5], [0.1, -1.0, 3.0], [0.0, 0.0, 0.0]])
    classes = np.array([1, 2, 0])
    log_shares = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    expected = -log_shares[np.arange(3), classes].sum() / samples
    for target in (classes, Tensor(classes), np.eye(3)[classes], classes.astype(float)):
        loss = CrossEntropyLoss(reduction)(Tensor(scores, autograd=True), target)
        assert loss.shape == () and loss.item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "criterion, pred, target",
    [
        (MSELoss(), PRED, TARGET),
        (MSELoss("mean"), PRED, TARGET),
        (MSELoss("mean"), PRED[:, 0], TARGET[:, 0]),
        (BCELoss(), PRED, TARGET),
        (BCELoss(reduction="sum"), PRED, TARGET),
        (BCELoss(from_logits=True), LOGITS, TARGET),
        (CrossEntropyLoss(), LOGITS, np.array([0, 1, 1])),
        (CrossEntropyLoss("sum"), LOGITS, PRED),
    ],
    ids=repr,
)
def test_gradients(criterion, pred, target):
    assert gradcheck(lambda x: criterion(x, target), Tensor(pred, autograd=True))
    if target.dtype == float and target.shape == pred.shape:
        assert gradcheck(criterion.forward, Tensor(pred, autograd=True),
                         Tensor(np.clip(target, 0.1, 0.9), autograd=True))  # fmt: skip


@pytest.mark.filterwarnings("error")
def test_bce_from_logits_is_stable():
    z = Tensor([[-1000.0], [-1000.0], [1000.0], [1000.0], [0.0]], autograd=True)
    target = np.array([[0.0], [1.0], [0.0], [1.0], [1.0]])
    loss = BCELoss(from_logits=True, reduction="sum")(z, target)
    assert loss.item() == pytest.approx(2000 + np.log(2))
    loss.backward()
    np.testing.assert_allclose(z.grad.data.ravel(), [0, -1, 1, 0, -0.5], atol=1e-300)


@pytest.mark.filterwarnings("error")
def test_cross_entropy_is_stable():
    z = Tensor([[-1000.0, 1000.0], [1000.0, -1000.0]], autograd=True)
    loss = CrossEntropyLoss("sum")(z, [1, 1])
    assert loss.item() == 2000
    loss.backward()
    np.testing.assert_array_equal(z.grad.data, [[0, 0], [1, -1]])


@pytest.mark.filterwarnings("error")
def test_a_masked_logit_has_no_share_in_cross_entropy():
    z = Tensor([[-np.inf, 0.0, 0.0], [1.0, -np.inf, -np.inf]], autograd=True)
    for target in ([1, 0], np.array([[0, 1.0, 0], [1, 0, 0]])):
        z.grad = None
        loss = CrossEntropyLoss("sum")(z, target)
        loss.backward()
        assert loss.item() == pytest.approx(np.log(2), rel=1e-12)
        np.testing.assert_allclose(z.grad.data, [[0, -0.5, 0.5], [0, 0, 0]], atol=1e-15)
    wrong = Tensor([[-np.inf, 0.0]], autograd=True)
    loss = CrossEntropyLoss()(wrong, [0])
    loss.backward()
    assert loss.item() == np.inf
    np.testing.assert_array_equal(wrong.grad.data, [[-1, 1]])


@pytest.mark.filterwarnings("error")
def test_bce_from_logits_takes_infinite_certainty():
    z = Tensor([[-np.inf], [np.inf], [-np.inf], [np.inf], [-np.inf]], autograd=True)
    t = Tensor([[0.0], [1.0], [1.0], [0.0], [0.5]], autograd=True)
    each = z.bce_logits(t)
    np.testing.assert_array_equal(each.data.ravel(), [0, 0, np.inf, np.inf, np.inf])
    each.backward(np.ones((5, 1)))
    np.testing.assert_allclose(z.grad.data.ravel(), [0, 0, -1, 1, -0.5], atol=1e-300)
    np.testing.assert_array_equal(t.grad.data.ravel(), [np.inf, -np.inf, np.inf, -np.inf, np.inf])


@pytest.mark.parametrize("dtype, above", [(np.float64, 2.3e-16), (np.float32, 1.2e-7)])
def test_bce_takes_a_probability_that_rounding_has_put_above_1(dtype, above):
    p = Tensor(np.array([[1 + above], [-above]], dtype))
    assert p.data[0, 0] > 1
    assert BCELoss(reduction="sum")(p, [[1], [0]]).item() == pytest.approx(1e-12, abs=1e-6)


@pytest.mark.filterwarnings("error")
def test_bce_of_a_certainty_is_finite():
    p = Tensor([[0.0], [1.0], [0.0], [1.0]], autograd=True)
    loss = BCELoss(reduction="sum")(p, [[0], [1], [1], [0]])
    assert loss.item() == pytest.approx(2 * -np.log(1e-12), rel=1e-4)
    loss.backward()
    assert np.isfinite(p.grad.data).all()


def test_bce_takes_truth_values_whole_numbers_and_probabilities_as_targets():
    p = Tensor([[0.25], [0.25]])
    for target in ([[True], [False]], [[1], [0]], [[1.0], [0.0]]):
        assert BCELoss()(p, target).item() == pytest.approx(-(np.log(0.25) + np.log(0.75)) / 2)
    assert BCELoss()(p, [[0.25], [0.25]]).item() == pytest.approx(
        -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    )


def test_the_registry_offers_them_by_class_name():
    assert LOSSES == {"MSELoss": MSELoss, "BCELoss": BCELoss, "CrossEntropyLoss": CrossEntropyLoss}
    assert [each.label for each in LOSSES.values()] == [
        "Mean squared", "Binary cross-entropy", "Cross-entropy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "error, text, call",
    [
        (ValueError, "MSELoss: the prediction is (3, 2) but the target is (3,); give the target "
         "the shape of the prediction", lambda: MSELoss()(Tensor(PRED), [0.0, 1.0, 0.0])),
        *[(ValueError, f"MSELoss: the prediction is {np.shape(pred)} but the target is "
           f"{np.shape(target)}; give the target the shape of the prediction{text}",
           lambda pred=pred, target=target: MSELoss()(Tensor(pred), target))
          for pred, target, text in [
              (np.ones((3, 1)), np.ones(3), ": target.reshape(-1, 1)"),
              (np.ones(3), np.ones((3, 1)), ": target.reshape(-1)"),
              (np.ones((3, 2)), np.ones(6), ": target.reshape(-1, 2)"),
              (np.ones((3, 1)), np.ones((2, 1)), ": here are 3 predictions for 2 targets"),
              (np.ones((3, 2)), np.ones((3, 1)), ", which has 2 numbers for each sample where the "
               "target has 1"),
          ]],
        *[(ValueError, f"CrossEntropyLoss: the logits are (3, 2) but the class numbers are "
           f"{np.shape(target)}; expected one number for each sample, in a row of their own: "
           "target.reshape(-1)", lambda target=target: CrossEntropyLoss()(Tensor(PRED), target))
          for target in ([[0], [1], [1]], [[0, 1, 1]])],
        (ValueError, "CrossEntropyLoss: the logits have shape (3, 1), so there is one class, whose "
         "probability is always 1: there is nothing to learn",
         lambda: CrossEntropyLoss()(Tensor(PRED[:, :1]), [0, 0, 0])),
        (ValueError, "class numbers must be whole, from 0 to 1; got [ 0. nan]",
         lambda: CrossEntropyLoss()(Tensor(PRED), [0, np.nan, 0])),
        (ValueError, "BCELoss: predictions lie from 0.5 to 1.00001, expected",
         lambda: BCELoss()(Tensor([[0.5], [1.00001]]), [[0], [1]])),
        (TypeError, "MSELoss: the prediction is a ndarray, expected a Tensor",
         lambda: MSELoss()(PRED, TARGET)),
        (ValueError, "BCELoss: the prediction has shape (0, 1), expected (n_samples, n_outputs) "
         "with at least one sample", lambda: BCELoss()(Tensor(np.ones((0, 1))), np.ones((0, 1)))),
        (ValueError, "reduction is 'average'; choose 'sum' or 'mean'", lambda: MSELoss("average")),
        (ValueError, "BCELoss: predictions lie from -1 to 2, expected probabilities from 0 to 1; "
         "end the model with Sigmoid()", lambda: BCELoss()(Tensor([[-1.0], [2.0]]), [[0], [1]])),
        *[(ValueError, "BCELoss: targets lie from -1 to 1, expected 0 for no, 1 for yes, or a "
           "probability between; turn -1 and 1 into 0 and 1 with (target + 1) / 2",
           lambda loss=loss: loss(Tensor([[0.5], [0.5]]), [[-1], [1]]))
          for loss in (BCELoss(), BCELoss(from_logits=True))],
        (ValueError, "BCELoss: targets lie from 0 to 2, expected", lambda: BCELoss(True)(
            Tensor([[0.5], [0.5]]), [[0.0], [2.0]])),
        (ValueError, "CrossEntropyLoss: the logits have 2 classes, so class numbers must be whole, "
         "from 0 to 1; got [0 2]", lambda: CrossEntropyLoss()(Tensor(PRED), [0, 2, 2])),
        (ValueError, "CrossEntropyLoss: 2 class numbers for 3 samples",
         lambda: CrossEntropyLoss()(Tensor(PRED), [0, 1])),
        (ValueError, "CrossEntropyLoss: the logits have shape (3,)",
         lambda: CrossEntropyLoss()(Tensor(PRED[:, 0]), [0, 1, 0])),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(error, text, call):
    with pytest.raises(error) as caught:
        call()
    assert text in str(caught.value)

"""A newcomer who reads only the sentences knows at each step why the number is what it is."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.ops import OPS
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.walk.build import walk_backward, walk_forward
from gradwidgets.views.graph.names import Names, quoted
from gradwidgets.views.walk.words.forward import DOES
from gradwidgets.views.walk.words.rules import HOW
from gradwidgets.views.walk.words.sentence import Words
from tests.views.support import Half
from tests.views.walks import SeedNetwork, chain, diamond, unknown


def sentences(graph, gradient=None):
    walk = walk_backward(graph, gradient)
    words = Words(walk)
    return [words.sentence(index) for index in range(len(walk.steps))]


@pytest.fixture(scope="module")
def seed():
    return sentences(SeedNetwork().graph)


def test_the_first_sentence_says_where_it_begins_and_why_the_gradient_is_1(seed):
    assert seed[0] == (
        "The walk begins at the end of the graph, `loss`. Its gradient is 1: `loss` changes by "
        "exactly as much as itself."
    )


def test_a_pass_says_what_goes_where_by_which_rule(seed):
    assert seed[1] == (
        "`loss` has its gradient, so it may pass it on through sum (Σ) to the result of `mul`: "
        "hand it unchanged to each of the 4 numbers that were added. No other gradient arrives there."
    )


def test_a_tensor_waits_until_all_its_gradients_are_in_and_only_then_passes_them_on(seed):
    to_pred = [one for one in seed if "to `pred`:" in one]
    assert to_pred[0].endswith("`pred` now has 1 of 2 gradients and waits for one more.")
    assert to_pred[1].endswith("Now both gradients of `pred` are in, and they are added.")
    through = next(one for one in seed if one.startswith("`pred`"))
    assert through == (
        "`pred` has now received both gradients, so it may pass their sum on through sigmoid (σ) "
        "to the result of `add` in Output: multiply by `pred` × (1 − `pred`). No other gradient "
        "arrives there."
    )
    assert seed.index(to_pred[1]) < seed.index(through)


def test_the_second_input_of_an_operation_is_told_as_such(seed):
    assert (
        "The result of `mm` in Layer 1 passes its gradient on to `Layer 1 weight` as well, through "
        "the same mm (@): multiply by `data` transposed, from the left. No other gradient arrives "
        "there."
    ) in " ".join(seed)


def test_the_last_sentence_says_that_it_is_the_last(seed):
    assert seed[-1].endswith("This was the last step: every gradient is computed.")
    assert not any("last step" in one for one in seed[:-1])


def test_the_diamond_waits_for_its_other_branch():
    told = sentences(diamond())
    assert told[0] == (
        "The walk begins at the end of the graph, the result of `mul`. Each of its 2 numbers has "
        "the gradient 1: we ask how their sum changes, and each counts once."
    )
    assert told[2].endswith("`h` now has 1 of 2 gradients and waits for one more.")
    assert "multiply by y × (1 − y), where y is the result of `sigmoid`." in told[3]


def test_a_given_gradient_is_told_as_given():
    x = Tensor([3.0], autograd=True)
    assert "with the gradient −2.00 that was given for it." in sentences(snapshot(-x), [-2.0])[0]
    y = Tensor([3.0, 4.0], autograd=True)
    assert "with the gradient that was given for it." in sentences(snapshot(-y), [1.0, 2.0])[0]


def test_a_tensor_that_went_in_twice_is_told_twice():
    x = Tensor([3.0], autograd=True)
    told = sentences(snapshot((x * x).sum(), names={"x": x}))
    assert told[2].startswith("The result of `mul` has its gradient, so it may pass it on through")
    assert told[3].startswith("`x` went into mul (×) twice, so the result of `mul` passes")


def test_three_gradients_are_counted():
    x = Tensor([3.0], autograd=True)
    told = sentences(snapshot(x * x + x, names={"x": x}))
    assert told[2].endswith("`x` now has 1 of 3 gradients and waits for 2 more.")
    assert "waits for one more." in told[3]
    assert "Now all 3 gradients of `x` are in, and they are added." in told[4]


def test_all_of_three_gradients_are_passed_on():
    x = Tensor([3.0], autograd=True)
    h = x.tanh()
    told = sentences(snapshot(h * h + h, names={"h": h, "x": x}))
    assert told[-1].startswith(
        "`h` has now received all 3 gradients, so it may pass their sum on through tanh to `x`: "
        "multiply by 1 − `h`²."
    )


def test_what_broadcasting_has_repeated_is_added_up():
    b = Tensor([1.0, 2.0], autograd=True)
    x = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    told = sentences(snapshot(x + b, names={"b": b, "x": x}))
    assert "and add up, for `b` was repeated 3 times." in told[1]


def test_an_unknown_operation_is_an_end_and_is_told():
    told = sentences(unknown())
    at_softplus = next(one for one in told if "`softplus`:" in one)
    assert "no rule is known for softplus" in at_softplus.lower()
    assert at_softplus.endswith(".")


def test_stale_numbers_are_told_instead_of_steps():
    x = Tensor([1.0], autograd=True)
    y = x.tanh()
    x.data = np.array([2.0])
    walk = walk_backward(snapshot(y, names={"y": y}))
    assert Words(walk).sentence(0) == walk.trouble
    assert "`y`" in walk.trouble or "`Y`" in walk.trouble


def test_a_leaf_alone_has_one_step():
    x = Tensor([1.0], autograd=True)
    assert sentences(snapshot(x, names={"x": x})) == [
        "The walk begins at the end of the graph, `x`. Its gradient is 1: `x` changes by exactly "
        "as much as itself. There is nothing to pass it on to."
    ]


def test_forward_says_what_each_operation_does():
    walk = walk_forward(SeedNetwork().graph)
    words = Words(walk)
    told = [words.sentence(index) for index in range(len(walk.steps))]
    assert told[1] == (
        "Forward pass: the result of `expand` in Layer 1 is computed. The operation expand copies "
        "`Layer 1 bias` 4 times."
    )
    assert any("squeezes every number of the result of `add` in Layer 1 between −1 and 1." in one
               for one in told)  # fmt: skip
    assert told[-1] == (
        "Forward pass: `loss` is computed. The operation sum (Σ) adds up the result of `mul` over "
        "its rows."
    )


def test_forward_through_an_unknown_operation():
    walk = walk_forward(unknown())
    assert Words(walk).sentence(0).startswith(
        "Forward pass: the result of `softplus` was made of `x` by `softplus`, for which no rule"
    )


@pytest.mark.parametrize("name", OPS)
def test_every_operation_has_words_for_the_forward_pass(name):
    assert name in DOES


def test_every_word_for_a_rule_belongs_to_an_operation_and_to_each_of_its_inputs():
    for name, keys in HOW.items():
        assert len(keys) in (len(OPS[name].inputs), sum(map(bool, OPS[name].gradients))), name
    assert set(DOES) <= set(OPS)


def test_a_rule_without_words_is_read_in_symbols():
    x = Tensor([[1.0, 2.0]], autograd=True)
    told = sentences(snapshot(x.softmax(1), names={"x": x}))
    assert "its rule is" in told[1]
    assert "where g is this gradient and y is the result of `softmax`" in told[1]


def test_tensors_without_names_are_told_apart():
    names = Names(SeedNetwork().graph)
    told = [names[index] for index in range(len(names.nodes))]
    assert len(set(told)) == len(told)
    assert "the result of `sub` no. 2 in Loss" in told
    chained = Names(chain(3))
    assert chained[2] == "the result of `tanh` no. 2"
    assert chained[0] == "a parameter without a name"


def test_two_leaves_without_names_are_numbered():
    graph = snapshot(Half([3.0], Half([1.0]), Half([2.0]), creation_op="add"))
    names = Names(graph)
    assert [names[0], names[1]] == [
        "a parameter without a name (no. 1)",
        "a parameter without a name (no. 2)",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "`<img src=x onerror=alert(1)>`"),
        ("{a|b}", "`{a|b}`"),
        ("a`b", "`a'b`"),
        ("n" * 10_000, "`" + "n" * 39 + "…`"),
        ("two\nlines", "`two lines`"),
        ("", "`?`"),
    ],
)
def test_odd_names_stay_one_name(name, shown):
    assert quoted(name) == shown


def test_odd_names_pass_through_a_sentence():
    h = Tensor([0.5], autograd=True)
    for name in ("{0}", "{receiver}", "%s", "a`b"):
        told = sentences(snapshot(h.tanh(), names={name: h}))
        assert quoted(name) in told[1]
        assert told[1].count("`") % 2 == 0

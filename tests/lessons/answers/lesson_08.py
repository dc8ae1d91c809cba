"""Answers to the exercises of lesson 8."""

from __future__ import annotations


def _sequential(
    init: str = "self.layers = [] if layers is None else layers",
    add: str = "self.layers.append(layer)",
    forward: str = "for each in self.layers:\n    input = each.forward(input)\nreturn input",
    getter: str = "return sum((each.get_parameters() for each in self.layers), [])",
    default: str = "None",
) -> str:
    parts = [f"__init__(self, layers={default})", "add(self, layer)", "forward(self, input)"]
    parts.append("get_parameters(self)")
    lines = ["class Sequential(ready.Layer):"]
    for head, body in zip(parts, (init, add, forward, getter), strict=True):
        lines += [f"    def {head}:", *("        " + line for line in body.splitlines())]
    return "\n".join(lines)


def _train(
    body: str,
    before: str = "losses = []",
    after: str = "return losses",
) -> str:
    lines = ["def train(model, optimizer, data, target, steps):"]
    lines += ["    " + line for line in before.splitlines()]
    lines += ["    for step in range(steps):", *("        " + line for line in body.splitlines())]
    return "\n".join([*lines, f"    {after}"])


PREDICT = "missing = model.forward(data) - target\n"
COMPARE = "loss = (missing * missing).sum(0)\n"
BACK = "loss.backward(Tensor([1.0]))\n"
KEEP = "losses.append(loss.data.item())\n"
MOVE = "optimizer.step()\n"

RIGHT = {
    "q2": [
        _sequential(),
        """
from functools import reduce

class Sequential(ready.Layer):
    def __init__(self, layers=()):
        self.layers = [*layers]

    def add(self, layer):
        self.layers += [layer]

    def forward(self, input):
        return reduce(lambda value, layer: layer.forward(value), self.layers, input)

    def get_parameters(self):
        return [p for layer in self.layers for p in layer.get_parameters()]
""",
        _sequential(
            "super().__init__()\nself.layers = []\nfor layer in layers or []:\n    self.add(layer)",
            forward="x = input\nfor i in range(len(self.layers)):\n"
            "    x = self.layers[i].forward(x)\nreturn x",
            getter="found = list()\nfor layer in self.layers:\n"
            "    found.extend(layer.get_parameters())\nreturn found",
        ),
    ],
    "q3": [
        _train(PREDICT + COMPARE + KEEP + BACK + MOVE),
        """
def train(model, optimizer, data, target, steps):
    def one_step():
        optimizer.zero()
        pred = model.forward(data)
        difference = target - pred
        loss = (difference * difference).sum(0)
        loss.backward(Tensor(np.ones(1)))
        optimizer.step(zero=False)
        return loss.data[0]

    return [one_step() for _ in range(steps)]
""",
        _train(
            "pred = model.forward(data)\nloss = ((pred - target) * (pred - target)).sum(dim=0)\n"
            "loss.backward(Tensor(np.ones_like(loss.data)))\noptimizer.step()\n"
            "losses[step] = float(loss.data.sum())",
            "losses = [0.0] * steps",
        ),
    ],
}

WRONG = {
    "q2": [
        (
            _sequential(
                forward="for each in self.layers:\n    result = each.forward(input)\n"
                "return result if self.layers else input"
            ),
            "Every layer gets the first input",
        ),
        (
            _sequential(
                forward="for each in self.layers:\n    input = each.forward(input)\n"
                "    return input\nreturn input"
            ),
            "`return` ends the loop",
        ),
        (
            _sequential(
                forward="for each in self.layers[::-1]:\n    input = each.forward(input)\n"
                "return input"
            ),
            "in the wrong order",
        ),
        (
            _sequential(forward="for each in self.layers:\n    input = each.forward(input)"),
            "keeps the result for itself",
        ),
        (
            _sequential(
                forward="for _ in range(len(self.layers)):\n"
                "    input = self.layers.pop(0).forward(input)\nreturn input"
            ),
            "It works once",
        ),
        (
            _sequential(
                getter="found = []\nfor each in self.layers:\n"
                "    found.append(each.get_parameters())\nreturn found"
            ),
            "a list of lists",
        ),
        (_sequential(getter="return list(self.layers)"), "returns the layers"),
        (
            _sequential(
                getter="found = []\nfor each in self.layers:\n"
                "    found = each.get_parameters()\nreturn found"
            ),
            "Only the parameters of the last layer",
        ),
        (
            _sequential(
                "super().__init__()\nself.layers = list(layers or [])\n"
                "for each in self.layers:\n    self.parameters += each.get_parameters()",
                getter="return list(self.parameters)",
            ),
            "when the network is made",
        ),
        (_sequential(add="self.layers = list((layer,))"), "throws away"),
        (_sequential(add="self.layers = [layer] + self.layers"), "in front of all others"),
        (_sequential("self.layers = []"), "are forgotten"),
        (_sequential("self.layers = layers", default="[]"), "Two networks share one list"),
        (_sequential("self.layers = layers", default="list()"), "Two networks share one list"),
    ],
    "q3": [
        (
            _train(COMPARE + BACK + MOVE + KEEP, "losses = []\n" + PREDICT.strip()),
            "the same graph as the first",
        ),
        (_train(PREDICT + COMPARE + MOVE + KEEP), "nobody has called `backward`"),
        (_train(PREDICT + COMPARE + BACK + KEEP), "no weight moves"),
        (_train(PREDICT + COMPARE + MOVE + BACK + KEEP), "Which comes first"),
        (
            _train(PREDICT + COMPARE + BACK + "optimizer.step(zero=False)\n" + KEEP),
            "add up, because nobody",
        ),
        (_train(PREDICT + "loss = missing.sum(0)\n" + BACK + MOVE + KEEP), "not squared"),
        (
            _train(PREDICT + COMPARE + BACK + MOVE, after="return float(loss.data[0])"),
            "Only the last loss",
        ),
        (_train(PREDICT + COMPARE + BACK + MOVE + KEEP, after="print(losses)"), "`None`"),
        (_train(PREDICT + COMPARE + BACK + MOVE + KEEP + "return losses"), "it is over"),
        (_train(PREDICT + COMPARE + BACK + MOVE + "losses.append(loss)"), "holds tensors"),
        (_train(PREDICT + COMPARE + BACK + MOVE + "losses.append(loss.data)"), "holds arrays"),
    ],
}

"""Answers to the exercises of lesson 9."""

from __future__ import annotations


def _loss(name: str, body: str) -> str:
    lines = [f"class {name}(ready.Layer):", "    def forward(self, pred, target):"]
    return "\n".join([*lines, *("        " + line for line in body.splitlines())])


def _sum(body: str) -> str:
    return _loss("MSELoss", body)


def _mean(body: str) -> str:
    return _loss("MeanLoss", body)


MISSING = "missing = pred - target\n"

RIGHT = {
    "q2": [
        _sum(MISSING + "return (missing * missing).sum(0)"),
        """
class MSELoss(ready.Layer):
    def __init__(self):
        super().__init__()

    def forward(self, pred, target):
        d = target - pred
        squares = d * d
        return squares.sum(dim=0)
""",
        _sum("d = pred + (-target)\nreturn (d * d).transpose().sum(1)"),
    ],
    "q4": [
        _mean("n = pred.data.shape[0]\nd = target - pred\nreturn Tensor(1.0 / n) * (d * d).sum(0)"),
        _mean(
            MISSING + "share = Tensor(np.full(missing.data.shape, 1 / len(missing.data)))\n"
            "return (missing * missing * share).sum(0)"
        ),
        """
class MeanLoss(ready.MSELoss):
    def forward(self, pred, target):
        return super().forward(pred, target) * Tensor([1 / len(target.data)])
""",
    ],
}

WRONG = {
    "q2": [
        (_sum(MISSING + "return missing.sum(0)"), "without being squared"),
        (_sum("return (pred * pred).sum(0) - (target * target).sum(0)"), "each by itself. Take"),
        (_sum("d = (pred - target).sum(0)\nreturn d * d"), "squared the total"),
        (_sum("d = target - pred\nreturn d * d"), "nobody adds them up"),
        (_sum("d = target - pred\nreturn (d * d).sum(1)"), "along each row"),
        (_sum("return np.square(pred.data - target.data).sum(axis=0)"), "they are an array"),
        (
            _sum("d = pred.data - target.data\nreturn Tensor((d * d).sum(0), True)"),
            "you have left the graph",
        ),
        (_sum("d = pred - target\nloss = (d * d).sum(0)"), "it returns `None`"),
        (
            _sum("d = pred - target\nn = len(d.data)\nreturn (d * d).sum(0) * Tensor(1 / n)"),
            "the mean over",
        ),
        (_sum("return ((pred - target) ** 2).sum(0)"), "unsupported operand"),
        (_sum("d = pred - target\nreturn (d * d).sum()"), "missing 1 required positional argument"),
    ],
    "q4": [
        (_mean("d = pred - target\nreturn (d * d).sum(0)"), "That is the sum still"),
        (
            _mean("d = pred - target\nreturn Tensor(1 / d.data.size) * (d * d).sum(0)"),
            "the number of all numbers",
        ),
        (
            _mean("d = pred - target\nreturn Tensor(1 / len(d.data[0])) * (d * d).sum(0)"),
            "the number of columns",
        ),
        (
            _mean("n = Tensor(1 / len(pred.data))\nd = (pred - target) * n\nreturn (d * d).sum(0)"),
            "divided before squaring",
        ),
        (
            _mean("d = pred - target\nreturn Tensor((d * d).data.mean(0), True)"),
            "no gradient comes back",
        ),
        (
            _mean("d = pred - target\nreturn (d * d).sum(0) * Tensor(float(len(d.data)))"),
            "You have multiplied by the number",
        ),
        (_mean("d = pred - target\nreturn (d * d).sum(0) * Tensor(0.25)"), "always divide by 4"),
        (
            _mean("d = pred - target\nreturn (d * d).sum(0) / len(pred.data)"),
            "unsupported operand",
        ),
    ],
}

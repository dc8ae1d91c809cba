"""Answers to lesson 6."""

from __future__ import annotations

INIT = '''
class SGD:
    def __init__(self, parameters, alpha=0.1):
        self.parameters = parameters
        self.alpha = alpha
'''
ZERO = "for p in self.parameters:\n    if p.grad is not None:\n        p.grad.data *= 0"
STEP = """
for p in self.parameters:
    if p.grad is not None:
        p.data -= self.alpha * p.grad.data
if zero:
    self.zero()
"""


def _sgd(step: str = STEP, zero: str = ZERO) -> str:
    return (
        INIT
        + "\n    def zero(self):\n"
        + _indented(zero, 8)
        + "\n    def step(self, zero=True):\n"
        + _indented(step, 8)
    )


def _steps(body: str) -> str:
    return "def steps(data, target, weights, alpha, count):\n" + _indented(body, 4)


def _indented(body: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}\n" for line in body.strip().splitlines())


LOOP = """
optimizer = ReadySGD(parameters=weights, alpha=alpha)
for _ in range(count):
    pred = data.mm(weights[0]).mm(weights[1])
    loss = ((pred - target) * (pred - target)).sum(0)
    loss.backward(Tensor_V4(np.ones(1)))
    optimizer.step()
    yield loss
"""

RIGHT = {
    "q1": [
        # New arrays, and gradients that are forgotten altogether.
        _sgd(
            zero="for p in self.parameters:\n    p.grad = None",
            step="""
for p in self.parameters:
    if p.grad:
        p.data = p.data - self.alpha * p.grad.data
if zero:
    self.zero()
""",
        ),
        # One parameter at a time, moved and set back.
        '''
class SGD:
    def __init__(self, parameters, alpha=0.1):
        self.parameters, self.alpha = list(parameters), alpha

    def zero(self):
        for p in filter(lambda p: p.grad is not None, self.parameters):
            p.grad.data = np.zeros_like(p.grad.data)

    def step(self, zero=True):
        for p in self.parameters:
            if p.grad is None:
                continue
            np.subtract(p.data, p.grad.data * self.alpha, out=p.data)
            if zero:
                p.grad.data[...] = 0
''',
    ],
    "q5": [
        _steps(LOOP),
        # By hand, without an optimizer.
        _steps(
            """
while count > 0:
    diff = data.mm(weights[0]).mm(weights[1]) - target
    loss = (diff * diff).sum(0)
    loss.backward(Tensor_V4([1]))
    for w in weights:
        w.data -= alpha * w.grad.data
        w.grad = None
    yield loss.data
    count -= 1
"""
        ),
        # A generator made by an expression.
        _steps(
            """
optimizer = ReadySGD(weights, alpha)

def one():
    diff = data.mm(weights[0]).mm(weights[1]) - target
    loss = (diff * diff).sum(0)
    loss.backward(Tensor_V4([1.0]))
    optimizer.step()
    return loss.data.item()

return (one() for _ in range(count))
"""
        ),
    ],
}

WRONG = {
    "q1": [
        (_sgd(STEP.replace("-=", "+=")), "The parameters climb"),
        (_sgd(STEP.replace("self.alpha * ", "")), "by the whole gradient"),
        (_sgd(STEP.replace("self.alpha", "0.1")), "one learning rate alone"),
        (_sgd(STEP.replace("if zero:\n    self.zero()", "")), "the old gradients are still there"),
        (_sgd(STEP.replace("if zero:\n    self.zero()", "self.zero()")), "leave the gradients"),
        (
            _sgd("if zero:\n    self.zero()\n" + STEP.replace("if zero:\n    self.zero()", "")),
            "before they have been used",
        ),
        (
            _sgd(
                """
p = self.parameters[0]
if p.grad is not None:
    p.data -= self.alpha * p.grad.data
if zero:
    self.zero()
"""
            ),
            "Only the first parameter",
        ),
        (
            _sgd(zero="for p in self.parameters:\n    p.data = p.data * 0"),
            "all that has been learnt",
        ),
        (
            _sgd(
                """
for p in self.parameters:
    p.data = p.data - p.grad.data * self.alpha
if zero:
    self.zero()
""",
                zero="for p in self.parameters:\n    p.grad.data *= 0",
            ),
            "Ask before you use it",
        ),
        (
            _sgd(
                """
for p in self.parameters:
    if p.grad is not None:
        p = Tensor_V4(p.data - self.alpha * p.grad.data)
if zero:
    self.zero()
"""
            ),
            "Nothing moves",
        ),
        (_sgd(STEP.replace("p.grad.data", "p.grad")), "Your code has raised an error"),
    ],
    "q5": [
        (_steps(LOOP.replace("    optimizer.step()\n", "")), "Who moves them?"),
        (
            _steps(LOOP.replace("optimizer.step()", "optimizer.zero()")),
            "the weights never move",
        ),
        (
            _steps(
                LOOP.replace(
                    "optimizer.step()",
                    "for w in weights:\n        w.data -= alpha * w.grad.data",
                )
            ),
            "are added up",
        ),
        (
            _steps(
                "losses = []\n"
                + LOOP.replace("yield loss", "losses.append(loss)")
                + "return losses"
            ),
            "all at once, in a list",
        ),
        (_steps(LOOP.replace("    yield", "yield")), "has to stand inside the loop"),
        (_steps(LOOP.replace(", alpha=alpha", "")), "hand `alpha` to the optimizer"),
        (_steps(LOOP.replace("count", "10")), "The number of steps"),
        (
            _steps("weights = [Tensor_V4(w.data, autograd=True) for w in weights]\n" + LOOP),
            "you have trained copies",
        ),
        (_steps(LOOP.replace("yield loss", "yield 2 * loss.data")), "is not what it should be"),
        (
            _steps(LOOP.replace("parameters=weights", "parameters=[weights[1]]")),
            "Only the second matrix",
        ),
    ],
}

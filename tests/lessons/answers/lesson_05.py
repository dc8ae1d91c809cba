"""Answers to lesson 5."""

from __future__ import annotations


def _back(body: str) -> str:
    return "def send_back(data, layer_1, weights_1_2, grad):\n" + _indented(body)


def _step(body: str) -> str:
    return "def step(data, target, weights_0_1, weights_1_2, alpha):\n" + _indented(body)


def _indented(body: str) -> str:
    return "".join(f"    {line}\n" for line in body.strip().splitlines())


FORWARD = """
hidden = data.dot(weights_0_1)
diff = hidden.dot(weights_1_2) - target
g2 = hidden.T.dot(2 * diff)
g1 = data.T.dot((2 * diff).dot(weights_1_2.T))
"""
MOVE = """
weights_1_2 -= g2 * alpha
weights_0_1 -= g1 * alpha
"""
RETURN = "return np.sum(diff ** 2)"

RIGHT = {
    "q2": [
        _back("return data.T.dot(grad.dot(weights_1_2.T)), layer_1.T.dot(grad)"),
        # Sample by sample.
        _back(
            """
first, second = 0, 0
for sample, hidden, g in zip(data, layer_1, grad):
    second = second + np.outer(hidden, g)
    first = first + np.outer(sample, weights_1_2 @ g)
return [first, second]
"""
        ),
        _back(
            """
to_layer = np.einsum("so,ho->sh", grad, weights_1_2)
return np.einsum("si,sh->ih", data, to_layer), np.einsum("sh,so->ho", layer_1, grad)
"""
        ),
    ],
    "q5": [
        _step(FORWARD + MOVE + RETURN),
        # The factor at the end, and the arrays filled anew.
        _step(
            """
hidden = data @ weights_0_1
diff = hidden @ weights_1_2 - target
first, second = gradients_by_hand(data, hidden, weights_1_2, diff)
weights_0_1[:] = weights_0_1 - 2 * alpha * first
weights_1_2[:] = weights_1_2 - 2 * alpha * second
return (diff * diff).sum()
"""
        ),
        # With the framework itself.
        _step(
            """
first, second = Tensor_V4(weights_0_1, autograd=True), Tensor_V4(weights_1_2, autograd=True)
diff = Tensor_V4(data).mm(first).mm(second) - Tensor_V4(target)
loss = (diff * diff).sum(0)
loss.backward(Tensor_V4(np.ones(1)))
np.subtract(weights_0_1, alpha * first.grad.data, out=weights_0_1)
np.subtract(weights_1_2, alpha * second.grad.data, out=weights_1_2)
return float(loss.data[0])
"""
        ),
    ],
}

WRONG = {
    "q2": [
        (
            _back("return layer_1.T @ grad, data.T @ grad @ weights_1_2.T"),
            "in the wrong order",
        ),
        (
            _back("return np.dot(data, np.dot(grad, weights_1_2)), np.dot(layer_1, grad)"),
            "each product needs one of them transposed",
        ),
        (
            _back("second = layer_1.T @ grad\nfirst = data.T @ grad\nreturn first, second"),
            "has jumped over `weights_1_2`",
        ),
        (
            _back("hidden = grad.dot(weights_1_2.T)\nreturn hidden, layer_1.T.dot(grad)"),
            "the gradient of `layer_1`, with one row for each",
        ),
        (
            _back("g = grad @ weights_1_2.T\nreturn layer_1.T.dot(g), layer_1.T.dot(grad)"),
            "it was `data` that these weights",
        ),
        (
            _back("g = grad @ weights_1_2.T\nreturn data.T.dot(g), data.T.dot(grad)"),
            "it was `layer_1` that these weights",
        ),
        (
            _back("g = grad @ weights_1_2.T\nreturn data.T.dot(g), (layer_1.T @ grad).T"),
            "lies on its side",
        ),
        (
            _back(
                "n = data.shape[0]\ng = grad / n\n"
                "return data.T @ (g @ weights_1_2.T), layer_1.T @ g"
            ),
            "divided by the number of samples",
        ),
        (
            _back(
                "return data.T @ (2 * grad @ weights_1_2.T), layer_1.T @ (2 * grad)"
            ),
            "`for_0_1` is not what it should be",
        ),
    ],
    "q5": [
        (_step(FORWARD.replace("2 * ", "") + MOVE + RETURN), "half as far as they should"),
        (
            _step(
                """
hidden = data @ weights_0_1
diff = hidden @ weights_1_2 - target
weights_1_2 -= alpha * 2 * hidden.T @ diff
weights_0_1 -= alpha * 2 * data.T @ diff @ weights_1_2.T
return np.sum(diff * diff)
"""
            ),
            "has moved before `weights_0_1`",
        ),
        (_step(FORWARD + MOVE.replace("-=", "+=") + RETURN), "the wrong way"),
        (
            _step(
                FORWARD
                + "weights_0_1 = weights_0_1 - alpha * g1\nweights_1_2 = weights_1_2 - alpha * g2\n"
                + RETURN
            ),
            "what they were before",
        ),
        (_step(FORWARD + MOVE + "return np.mean(diff ** 2)"), "is a mean"),
        (
            _step(
                FORWARD
                + MOVE
                + "diff = data @ weights_0_1 @ weights_1_2 - target\n"
                + RETURN
            ),
            "the one after the move",
        ),
        (_step(FORWARD + MOVE), "returns `None`"),
        (_step(FORWARD + MOVE.replace(" * alpha", "") + RETURN), "multiply it by `alpha`"),
        (_step(FORWARD + "weights_1_2 -= g2 * alpha\n" + RETURN), "Only `weights_1_2` has moved"),
    ],
}

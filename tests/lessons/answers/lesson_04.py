"""Answers to lesson 4."""

from __future__ import annotations

RULES = {
    "__neg__": ("self", 'return self.result(-self.data, [self], "neg")'),
    "neg_backward": ("self, grad", "return [-grad]"),
    "__sub__": ("self, other", 'return self.result(self.data - other.data, [self, other], "sub")'),
    "sub_backward": ("self, grad", "return [grad, -grad]"),
    "__mul__": ("self, other", 'return self.result(self.data * other.data, [self, other], "mul")'),
    "mul_backward": (
        "self, grad",
        "first, second = self.creators\nreturn grad * second.data, grad * first.data",
    ),
    "sum": ("self, dim", 'return self.result(np.sum(self.data, axis=dim), [self], f"sum_{dim}")'),
    "sum_backward": (
        "self, grad",
        "shape = self.creators[0].data.shape\n"
        "return [np.broadcast_to(np.expand_dims(grad, self.dim()), shape)]",
    ),
    "expand": (
        "self, dim, copies",
        'return self.result(np.stack([self.data] * copies, dim), [self], f"expand_{dim}")',
    ),
    "expand_backward": ("self, grad", "return [grad.sum(axis=self.dim())]"),
    "transpose": ("self", 'return self.result(self.data.T, [self], "transpose")'),
    "transpose_backward": ("self, grad", "return [grad.T]"),
    "mm": ("self, other", 'return self.result(self.data.dot(other.data), [self, other], "mm")'),
    "mm_backward": (
        "self, grad",
        "a, b = self.creators\nreturn grad.dot(b.data.T), a.data.T.dot(grad)",
    ),
}
ASKED = {
    "q1": ("__neg__", "neg_backward", "__sub__", "sub_backward"),
    "q3": ("__mul__", "mul_backward"),
    "q4": ("sum", "sum_backward", "expand", "expand_backward"),
    "q5": ("transpose", "transpose_backward", "mm", "mm_backward"),
}


def _class(exercise: str, **bodies: str) -> str:
    """Return the learner's class with the bodies of some methods in another form."""
    lines = ["class Tensor(TensorWithRules):"]
    for name in ASKED[exercise]:
        arguments, body = RULES[name]
        lines.append(f"    def {name}({arguments}):")
        lines += [f"        {line}" for line in bodies.get(name, body).strip().splitlines()]
    return "\n".join(lines)


RIGHT = {
    "q1": [
        _class("q1"),
        # Without `result`, as in the lesson before.
        _class(
            "q1",
            __neg__='''
if self.autograd:
    return Tensor(self.data * -1, autograd=True, creators=[self], creation_op="neg")
return Tensor(self.data * -1)
''',
            neg_backward="return (grad * -1,)",
            sub_backward="yield grad\nyield 0 - grad",
        ),
        # With NumPy's functions, and rules that are lambdas.
        '''
class Tensor(TensorWithRules):
    neg_backward = lambda self, grad: [np.negative(grad)]
    sub_backward = lambda self, grad: [np.copy(grad), np.negative(grad)]

    def __neg__(self):
        return self.result(np.negative(self.data), (self,), "neg")

    def __sub__(self, other):
        difference = np.subtract(self.data, other.data)
        return self.result(difference, (self, other), "sub")
''',
    ],
    "q3": [
        _class("q3"),
        _class(
            "q3",
            mul_backward="return [grad * factor.data for factor in reversed(self.creators)]",
        ),
        _class(
            "q3",
            __mul__='product = np.multiply(self.data, other.data)\n'
            'return self.result(data=product, creators=[self, other], creation_op="mul")',
            mul_backward="left = self.creators[1].data * grad\n"
            "right = self.creators[0].data * grad\nreturn left, right",
        ),
    ],
    "q4": [
        _class("q4"),
        _class(
            "q4",
            sum_backward="data = self.creators[0].data\n"
            "return [np.ones_like(data) * np.expand_dims(grad, self.dim())]",
            expand="""
order = list(range(self.data.ndim))
order.insert(dim, self.data.ndim)
data = self.data.repeat(copies).reshape(list(self.data.shape) + [copies]).transpose(order)
return self.result(data, [self], "expand_" + str(dim))
""",
        ),
        _class(
            "q4",
            sum_backward="d = self.dim()\n"
            "return [np.stack([grad] * self.creators[0].data.shape[d], axis=d)]",
            expand_backward="return [np.add.reduce(grad, self.dim())]",
        ),
    ],
    "q5": [
        _class("q5"),
        _class(
            "q5",
            mm_backward="x, y = [creator.data for creator in self.creators]\n"
            "return [(y @ grad.T).T, (grad.T @ x).T]",
            transpose_backward="return [np.swapaxes(grad, 0, 1)]",
        ),
        _class(
            "q5",
            mm='return self.result(np.matmul(self.data, other.data), [self, other], "mm")',
            mm_backward='return [np.einsum("ik,jk->ij", grad, self.creators[1].data),\n'
            '        np.einsum("ij,ik->jk", self.creators[0].data, grad)]',
        ),
    ],
}

WRONG = {
    "q1": [
        (_class("q1", neg_backward="return (grad,)"), "with its sign unchanged"),
        (_class("q1", neg_backward="return grad * -1"), "return a list of one array"),
        (
            _class("q1", neg_backward="x = self.creators[0]\nreturn [x.data * -1]"),
            "returns the values of `x`",
        ),
        (
            _class("q1", neg_backward="np.negative(grad, out=grad)\nreturn [grad]"),
            "Make a new array instead",
        ),
        (_class("q1", __neg__="return Tensor(self.data * -1)"), "does not know its creator"),
        (
            _class("q1", __neg__="return Tensor(0 - self.data, True, [self], 'neg')"),
            "although none of its creators has",
        ),
        (_class("q1", __neg__="return self.result(-self.data, [self], '-')"), "the same word"),
        (
            _class("q1", __sub__="return self.result(self.data - other.data, [self, other], '-')"),
            "the same word",
        ),
        (_class("q1", neg_backward="return [Tensor(-1 * grad)]"), "arrays; yours returns"),
        (_class("q1", sub_backward="return [grad] * 2"), "That is the rule of a sum"),
        (_class("q1", sub_backward="return [0 - grad, grad]"), "the wrong way round"),
        (
            _class(
                "q1", __sub__="return self.result(-self.data + other.data, [self, other], 'sub')"
            ),
            "comes out as `y - x`",
        ),
        (_class("q1", __sub__="return -other + self"), "is not what it should be"),
        (_class("q1", __sub__="minus = -other\nreturn self.__add__(minus)"), "two boxes"),
        (_class("q1", __sub__="self.result(self.data, [self, other], 'sub')"), "NoneType"),
    ],
    "q3": [
        (
            _class("q3", mul_backward="return [grad * c.data for c in self.creators]"),
            "its own values times the gradient",
        ),
        (
            _class("q3", mul_backward="return self.creators[1].data, self.creators[0].data"),
            "multiply each of them by `grad`",
        ),
        (_class("q3", mul_backward="return [grad, grad]"), "That is the rule of a sum"),
        (
            _class("q3", mul_backward="product = self.data * grad\nreturn [product, product]"),
            "In a rule `self` is the result",
        ),
        (
            _class(
                "q3", mul_backward="return grad * self.creators[1], grad * self.creators[0]"
            ),
            "take the `.data` of the creators",
        ),
        (
            _class("q3", mul_backward="return [self.creators[1].data * grad]"),
            "Only one of the two factors",
        ),
        (
            _class(
                "q3",
                mul_backward="x, y = self.creators\nreturn y.data + grad, x.data + grad",
            ),
            "A rule multiplies",
        ),
        (
            _class("q3", __mul__="return self.result(self.data * other.data, [self, other], '*')"),
            "the same word",
        ),
        (
            _class(
                "q3", __mul__="return self.result(self.data @ other.data, [self, other], 'mul')"
            ),
            "`z.data` is not what it should be",
        ),
    ],
    "q4": [
        (_class("q4", sum_backward="return (grad,)"), "the shape of the sum"),
        (
            _class("q4", sum="return self.result(self.data.sum(dim), [self], 'sum')"),
            "`self.dim()` finds no number",
        ),
        (
            _class(
                "q4",
                sum_backward="rows = len(self.creators[0].data)\nreturn [np.stack([grad] * rows)]",
            ),
            "always puts the copies along dimension 0",
        ),
        (
            _class(
                "q4",
                sum_backward="""
data, d = self.creators[0].data, self.dim()
return [np.broadcast_to(np.expand_dims(grad, d), data.shape) / data.shape[d]]
""",
            ),
            "shared the gradient out",
        ),
        (
            _class("q4", sum_backward="return [np.ones(self.creators[0].data.shape)]"),
            "whatever arrives",
        ),
        (
            _class("q4", sum="return self.result(np.sum(self.data), [self], f'sum_{dim}')"),
            "`sum` adds up everything",
        ),
        (_class("q4", expand_backward="return (grad,)"), "the shape of the copies"),
        (_class("q4", expand_backward="return [np.sum(grad)]"), "into one number"),
        (
            _class("q4", expand_backward="return [np.sum(grad, axis=0)]"),
            "always adds up along dimension 0",
        ),
        (
            _class(
                "q4",
                expand_backward="return [grad.sum(self.dim()) / grad.shape[self.dim()]]",
            ),
            "the mean of what the copies get",
        ),
        (
            _class(
                "q4",
                expand="return self.result(np.stack([self.data] * copies), [self],"
                " f'expand_{dim}')",
            ),
            "always lays the copies along dimension 0",
        ),
    ],
    "q5": [
        (_class("q5", transpose_backward="return (grad,)"), "has to be turned back"),
        (
            _class(
                "q5",
                mm="return self.result(np.multiply(self.data, other.data), [self, other], 'mm')",
            ),
            "is written `@` in NumPy",
        ),
        (
            _class(
                "q5",
                mm_backward="return [grad.dot(self.creators[1].data), "
                "self.creators[0].data.dot(grad)]",
            ),
            "one has to be transposed in each",
        ),
        (
            _class(
                "q5",
                mm_backward="x, w = self.creators\n"
                "for_x, for_w = np.dot(grad, w.data.T), np.dot(x.data.T, grad)\n"
                "return [for_w, for_x]",
            ),
            "each goes to the wrong creator",
        ),
        (
            _class(
                "q5",
                mm_backward="x, w = [creator.data.T for creator in self.creators]\n"
                "return [w @ grad, grad @ x]",
            ),
            "the order counts",
        ),
        (
            _class(
                "q5",
                mm_backward="x, w = self.creators\n"
                "return [grad @ w.data.T, (x.data.T @ grad).T]",
            ),
            "lies on its side",
        ),
        (
            _class(
                "q5",
                mm_backward="x, w = self.creators\nreturn [w.data * grad, x.data * grad]",
            ),
            "the product number by number",
        ),
        (
            _class("q5", mm="return self.result(other.data.dot(self.data), [self, other], 'mm')"),
            "comes out as `w` times `x`",
        ),
    ],
}

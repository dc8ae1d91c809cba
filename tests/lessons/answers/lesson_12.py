"""Answers to lesson 12."""

from __future__ import annotations


def _spec(text: str) -> str:
    return f'spec = Spec(data="spiral", {text})\n'


def _build(*layers: str) -> str:
    return f"def build():\n    return Sequential([{', '.join(layers)}])\n"


TWO = 'layers=[(16, "ReLU"), (16, "ReLU")]'

RIGHT = {
    "q2": [
        _spec('layers=[(16, "LeakyReLU"), (16, "LeakyReLU")], optimizer="Adam"'),
        '''
class Playing:
    spec = Spec(data="spiral").replace(
        layers=((12, "ReLU"), (10, "ReLU")), optimizer="Adam", learning_rate=0.02, batch_size=25
    )

spec = Playing()
''',
    ],
    "q3": [
        # Added one by one.
        '''
def build():
    model = Sequential()
    model.add(Linear(2, 12))
    model.add(Tanh())
    model.add(Linear(12, 12))
    model.add(Tanh())
    model.add(Linear(12, 1))
    model.add(Tanh())
    return model
''',
        # From a list of sizes.
        '''
def build(sizes=(2, 12, 12, 1)):
    layers = []
    for n_inputs, n_outputs in zip(sizes, sizes[1:]):
        layers += [Linear(n_inputs, n_outputs), Tanh()]
    return Sequential(layers)
''',
    ],
}

WRONG = {
    "q2": [
        ('spec = Spec(data="circle")\n', "This is about the spiral"),
        (_spec('inputs=["x1", "x2", "sin x1", "sin x2"]'), "the two coordinates only"),
        (_spec("train_share=90"), "Leave `train_share` at 50"),
        (_spec("data_seed=3"), "Leave `data_seed` at 0"),
        (_spec('loss="BCELoss", output_activation="Sigmoid"'), "Leave the output at Tanh"),
        (_spec('layers=[(30, "Tanh"), (30, "Tanh")]'), "This network has 1051 parameters"),
        (_spec(f"{TWO}, batch_size=1"), "a batch of 5 or more"),
        (_spec('layers=[(8, "Linear"), (8, "Linear")]'), "There is no bend in these layers"),
        (_spec('layers=[(4, "Tanh")]'), "cannot bend often enough"),
        (_spec(f"{TWO}, learning_rate=10"), "worse than saying 0 to everything"),
        (
            _spec('layers=[(16, "Tanh"), (16, "Tanh")], learning_rate=3'),
            "the steps jump over the valley",
        ),
        (
            _spec('layers=[(16, "Tanh"), (16, "Tanh")], learning_rate=0.001'),
            "The loss hardly moves any more",
        ),
        (
            _spec('layers=[(16, "Tanh")], optimizer="Adam", learning_rate=0.03'),
            "It is on its way, but too slow",
        ),
        (
            _spec('layers=[(16, "Tanh"), (16, "Tanh")], optimizer="Momentum"'),
            "it has learnt the points by heart",
        ),
    ],
    "q3": [
        (_build("Linear(2, 12)", "Linear(12, 12)", "Linear(12, 1)"), "no bend in it"),
        (
            _build("Linear(2, 12)", "Tanh()", "Linear(12, 12)", "Tanh()", "Linear(12, 1)"),
            "The last `Tanh` is missing",
        ),
        (_build("Linear(2, 12)", "Tanh()", "Linear(12, 1)", "Tanh()"), "One layer is missing"),
        (
            _build(
                "Linear(2, 12)", "Tanh()", "Linear(12, 12)", "Tanh()", "Linear(12, 1)", "Sigmoid()"
            ),
            "which cannot say −1",
        ),
        (
            _build("Linear(12, 2)", "Tanh()", "Linear(12, 12)", "Tanh()", "Linear(1, 12)", "Tanh()"),
            "the number of inputs comes first",
        ),
        (
            "def build():\n    return [Linear(2, 12), Tanh(), Linear(12, 12), Tanh(), "
            "Linear(12, 1), Tanh()]\n",
            "a list of layers",
        ),
        (
            _build("Linear(2, 12)", "Linear(12, 12)", "Linear(12, 1)", "Tanh()"),
            "Only the output is bent",
        ),
        (_build("Linear(2, 12)", "tanh()"), "NameError"),
    ],
}

"""Recipes of every kind, fitting and not, to compare who judges them."""

from __future__ import annotations

import json
import random

from gradwidgets.engine.experiment import spec
from gradwidgets.engine.experiment.data.drawn import INPUTS
from gradwidgets.engine.experiment.presets import PRESETS
from gradwidgets.engine.sharing.recipe import HIDEABLE, Recipe

FITTING = (
    "{}",
    ' {\t"title" : "two" ,\r\n"log_axis": true } ',
    '{"version": 1, "preset": "xor"}',
    '{"preset": null}',
    '{"preset": "sine", "spec": {}}',
    '{"preset": "xor", "spec": {"learning_rate": 0.5}}',
    '{"preset": "sine", "spec": {"data": "circle"}}',
    '{"spec": {"learning_rate": 1}}',
    '{"spec": {"learning_rate": 1E1}}',
    '{"spec": {"learning_rate": 0.000010}}',
    '{"spec": {"learning_rate": 10.0000000000000001}}',
    '{"spec": {"noise": -0}}',
    '{"spec": {"weight_seed": 4294967295}}',
    '{"spec": {"layers": []}}',
    '{"spec": {"layers": [[1, "Linear"], {"units": 64}, {"activation": "ReLU", "units": 2}]}}',
    '{"spec": {"layers": [' + ", ".join(['{"units": 3}'] * 8) + "]}}",
    '{"spec": {"inputs": "x1"}}',
    '{"spec": {"inputs": ["x2", "x1", "x1"]}}',
    '{"spec": {"inputs": ["x1\\u00b2"]}}',
    '{"spec": {"data": "sine", "inputs": ["x1"], "output_activation": "Linear"}}',
    '{"spec": {"data": "circle", "output_activation": "Softmax", "loss": "CrossEntropyLoss"}}',
    '{"text_size": 75, "hide": [], "cover": ["graph", "graph"]}',
    '{"text_size": "huge", "speed": "slow", "detail": "values"}',
    '{"title": ""}',
    json.dumps({"title": "x" * 120}),
    json.dumps({"title": "😀" * 120}),
    json.dumps({"title": "😀" * 120}, ensure_ascii=False),
    json.dumps({"title": "'); __import__('os').system('touch taken') #\u2028\0</script>"}),
    r'{"title": "\ud800"}',
    r'{"\u0074itle": "the same name"}',
    "{" + " " * 19_998 + "}",
    json.dumps({"hide": ["graph"] * 2000}),
)

UNFIT = (
    # no JSON object
    "", " ", "[]", "null", '"{}"', "1", "{", "{}}", "{} {}", "{'title': 'x'}", '{"title": "x",}',
    '{title: "x"}', '{"title": "a\nb"}', r'{"title": "\x41"}', "\ufeff{}", "__import__('os')",
    '{"title": /* no */ "x"}', '{"text_size": 0100}', '{"text_size": +100}', "[" * 10_000,
    '{"spec": {"learning_rate": .5}}', '{"spec": {"learning_rate": NaN}}',
    '{"spec": {"learning_rate": -Infinity}}', "{\u00a0}", '{"title": "' + "[" * 20_000 + '"}',
    "{" + " " * 19_999 + "}", '{"hide": ' + "[" * 8_000 + "]" * 8_000 + "}",
    # unknown and doubled fields
    '{"colour": "red"}', '{"Title": "x"}', '{"": 1}', '{"__proto__": {}}', '{"constructor": 1}',
    '{"toString": "x"}', '{"spec": {"__proto__": {}}}', '{"spec": {"hasOwnProperty": 1}}',
    '{"spec": {"momentum": 0.9}}', '{"spec": {"layers": [{"units": 4, "bias": true}]}}',
    '{"title": "a", "title": "a"}', r'{"title": "a", "\u0074itle": "b"}',
    '{"spec": {"noise": 5, "noise": 5}}', '{"spec": {}, "spec": {}}',
    '{"spec": {"layers": [{"units": 4, "units": 4}]}}', '{"version": 1, "version": 1}',
    # versions
    '{"version": 2}', '{"version": 9999, "colour": "red"}', '{"version": 0}', '{"version": -1}',
    '{"version": 1.0}', '{"version": "1"}', '{"version": null}', '{"version": true}',
    '{"version": 10000}', '{"version": 1e999}', '{"version": [1]}',
    # presets and the shape of a spec
    '{"preset": "exor"}', '{"preset": ""}', '{"preset": {}}', '{"preset": "XOR"}',
    '{"preset": ["xor"]}', '{"preset": "__proto__"}', '{"preset": "constructor"}',
    '{"spec": null}', '{"spec": []}', '{"spec": "circle"}', '{"spec": 3}',
    # numbers
    '{"spec": {"learning_rate": 1e999}}', '{"spec": {"learning_rate": -1e999}}',
    '{"spec": {"learning_rate": 0}}', '{"spec": {"learning_rate": 0.0000099}}',
    '{"spec": {"learning_rate": 10.000001}}', '{"spec": {"learning_rate": true}}',
    '{"spec": {"learning_rate": "0.1"}}', '{"spec": {"learning_rate": null}}',
    '{"spec": {"learning_rate": [0.1]}}', '{"spec": {"learning_rate": 1' + "0" * 400 + "}}",
    '{"spec": {"noise": 5.0}}', '{"spec": {"noise": 5e0}}', '{"spec": {"noise": 51}}',
    '{"spec": {"noise": -1}}', '{"spec": {"noise": -0.0}}', '{"spec": {"noise": false}}',
    '{"spec": {"batch_size": 0}}', '{"spec": {"batch_size": 501}}', '{"spec": {"batch_size": "5"}}',
    '{"spec": {"train_share": 9}}', '{"spec": {"train_share": 91}}',
    '{"spec": {"weight_seed": 4294967296}}', '{"spec": {"data_seed": 1' + "0" * 5000 + "}}",
    '{"text_size": 74}', '{"text_size": 301}', '{"text_size": 100.0}', '{"text_size": true}',
    '{"text_size": 1e400}', '{"text_size": "tiny"}', '{"text_size": [100]}', '{"text_size": null}',
    # names
    '{"spec": {"data": "moons"}}', '{"spec": {"data": null}}', '{"spec": {"data": ["circle"]}}',
    '{"spec": {"optimizer": "sgd"}}', '{"spec": {"reduction": "none"}}',
    '{"spec": {"loss": "L1Loss"}}', '{"spec": {"output_activation": "ReLU"}}',
    '{"speed": "warp"}', '{"speed": 1}', '{"detail": "auto"}', '{"detail": null}',
    '{"hide": ["grap"]}', '{"hide": "graph"}', '{"hide": [["graph"]]}', '{"hide": {"graph": 1}}',
    '{"hide": null}', '{"hide": [1]}', '{"cover": ["los_plot"]}', '{"cover": ["walk"]}',
    '{"cover": [null]}', '{"cover": true}',
    # texts and truths
    '{"title": 7}', '{"title": null}', '{"title": ["x"]}', json.dumps({"title": "x" * 121}),
    json.dumps({"title": "😀" * 121}), '{"log_axis": 1}', '{"log_axis": "true"}',
    '{"log_axis": null}',
    # layers and inputs
    '{"spec": {"layers": {}}}', '{"spec": {"layers": 3}}', '{"spec": {"layers": "Tanh"}}',
    '{"spec": {"layers": null}}', '{"spec": {"layers": [4]}}', '{"spec": {"layers": [[4]]}}',
    '{"spec": {"layers": [["Tanh", 4]]}}', '{"spec": {"layers": [[4, "Tanh", 1]]}}',
    '{"spec": {"layers": [[4, "Softmax"]]}}', '{"spec": {"layers": [[0, "Tanh"]]}}',
    '{"spec": {"layers": [[65, "Tanh"]]}}', '{"spec": {"layers": [[4.0, "Tanh"]]}}',
    '{"spec": {"layers": [{"activation": "Tanh"}]}}', '{"spec": {"layers": [{}]}}',
    '{"spec": {"layers": [null]}}', '{"spec": {"layers": [[]]}}',
    '{"spec": {"layers": [' + ", ".join(['{"units": 3}'] * 9) + "]}}",
    '{"spec": {"inputs": []}}', '{"spec": {"inputs": ""}}', '{"spec": {"inputs": "x3"}}',
    '{"spec": {"inputs": ["x1", "x3"]}}', '{"spec": {"inputs": {"x1": true}}}',
    '{"spec": {"inputs": [["x1"]]}}', '{"spec": {"inputs": null}}',
    # what does not fit together
    '{"spec": {"data": "sine"}}', '{"spec": {"data": "sine", "inputs": ["x1", "x2"]}}',
    '{"spec": {"loss": "BCELoss"}}', '{"preset": "sine", "spec": {"inputs": "x2"}}',
    '{"preset": "sine", "spec": {"loss": "CrossEntropyLoss"}}',
    '{"preset": "circle-squares", "spec": {"output_activation": "Tanh"}}',
)  # fmt: skip


def drawn(count: int, seed: int = 0) -> list[str]:
    """Return recipes with fields drawn from what each may hold; some do not fit together."""
    draw = random.Random(seed)
    recipes = []
    for _ in range(count):
        own = {field: draw.choice(list(names)) for field, names in spec.CHOICES.items()}
        own |= {field: draw.randint(*bounds) for field, bounds in spec.WHOLES.items()}
        own["inputs"] = draw.sample(list(INPUTS), draw.randint(1, 3))
        own["layers"] = [[draw.randint(1, 64), draw.choice(spec.HIDDEN_ACTIVATIONS)]
                         for _ in range(draw.randint(0, 8))]  # fmt: skip
        own["learning_rate"] = 10 ** draw.uniform(-5, 1)
        kept = {name: own[name] for name in own if draw.random() < 0.4}
        recipe = {"spec": kept, "hide": draw.sample(HIDEABLE, draw.randint(0, 4))}
        if draw.random() < 0.5:
            recipe["preset"] = draw.choice(list(PRESETS))
        recipes.append(json.dumps(recipe, ensure_ascii=draw.random() < 0.5))
    return recipes


def written() -> list[str]:
    """Return what gradwidgets writes itself: every preset, and what a teacher may have set."""
    presets = [Recipe(spec=preset.spec) for preset in PRESETS.values()]
    teacher = Recipe(title="Try it", hide=HIDEABLE, text_size="large", cover=["graph"],
                     spec=PRESETS["xor"].spec.replace(learning_rate=0.5))  # fmt: skip
    return [recipe.to_json() for recipe in (Recipe(), *presets, teacher)]

"""Every text of the interface, in one catalogue.

The names of buttons and fields stand here once; people, screen readers and tests use the same ones.
"""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # panels, as screen readers name them
    "panel.buttons": "Training",
    "panel.settings": "Settings while it runs",
    "panel.graph": "Graph settings",
    "panel.loss": "Loss plot settings",
    "panel.output": "Output settings",
    "panel.message": "Message",
    # the bar
    "play": "Play",
    "pause": "Pause",
    "step": "Step",
    "reset": "Reset",
    "new_weights": "New weights",
    "play.help": "Train until you press Pause",
    "pause.help": "Stop after this step",
    "step.help": "Take one training step",
    "reset.help": "Back to the first weights: the same run comes again",
    "new_weights.help": "Start from other random weights (changes only the weight seed)",
    "learning_rate": "Learning rate",
    "learning_rate.value": "Learning rate value",
    "speed": "Speed",
    "speed.slow": "1 step a second",
    "speed.walk": "5 steps a second",
    "speed.epoch": "1 epoch a frame",
    "speed.fast": "as fast as possible",
    "status": "epoch {epoch} · step {step} · train loss {train} · test loss {test}",
    # data and model
    "data_heading": "Data",
    "data": "Data set",
    "noise": "Noise",
    "train_share": "Train share",
    "inputs": "Inputs",
    "input": "Input {name}",
    "model_heading": "Model",
    "model_size": "{inputs} → {parameters}",
    "input_count.one": "1 input",
    "input_count.many": "{count} inputs",
    "parameter_count": "{count} parameters",
    "layer": "Layer {number}",
    "units": "Layer {number} units",
    "activation": "Layer {number} activation",
    "add_layer": "Add layer",
    "add_layer.help": "One more like the last; at most {count} hidden layers",
    "remove_layer": "Remove layer {number}",
    "no_layer": "There is no layer {number}; hidden layers now: {count}.",
    "move_up": "Move layer {number} up",
    "move_down": "Move layer {number} down",
    "output_activation": "Output activation",
    "loss": "Loss function",
    "optimizer": "Optimizer",
    "batch_size": "Batch size",
    "weight_seed": "Weight seed",
    "activation.none": "Linear (none)",
    "fixed_data": "These four rows have no noise and no test set",
    "last_input": "The network needs at least one input",
    "no_input": "The data set {title} has only one variable",
    "loss_follows": "The loss function is now {loss}, which goes with {output}.",
    "rate_follows": "The learning rate is now {rate:g}, which suits these data.",
    "own_model": "This is your own model: {name}, with {parameters} in {tensors}. Its layers, loss "
    "and optimizer are set in your code; here you train it and watch.",
    "own_model.no_spec": "This playground trains objects of your own; open another one for a spec: "
    "Playground(spec).",
    "tensor_count.one": "1 tensor",
    "tensor_count.many": "{count} tensors",
    # pictures
    "graph": "Backward graph",
    "graph_detail": "Graph detail",
    "detail.layers": "Layers",
    "detail.operations": "Operations",
    "graph.of_step": "step {step}, batch of {samples}, before its update",
    "graph.of_forward": "forward pass of the first batch of {samples}; press Step",
    "graph.empty": "The graph of a training step appears here.",
    "graph.part.data": "data",
    "graph.part.gradient": "grad",
    "graph.legend": "↓ min  ø mean  ↑ max",
    "graph.scale": "Data: full colour from ±1 on. Gradients: logarithmic, from ±0.0001 to ±1.",
    "graph.legend.data": "data",
    "graph.legend.gradient": "gradient",
    "graph.fit": "Fit the graph",
    "graph.zoom_in": "Zoom in",
    "graph.zoom_out": "Zoom out",
    "not_yet": "not yet",
    "no_gradient": "no gradient",
    "kind.parameter": "parameter",
    "kind.input": "input without gradient",
    "kind.intermediate": "intermediate",
    "kind.result": "result",
    "layer_output": "output",
    "no_values": "no numbers",
    "other_shape": "shape {shape}",
    "node.says": "{name}, {kind}, shape {shape}.",
    "node.made": "Made by {op} of {creators}.",
    "layer.says": "{name}. Operations: {operations}.",
    "graph.says": "{what}: {tensors} and {operations}, from the input at the top to the loss at "
    "the bottom. Tab into it and use the arrow keys to read each node.",
    "operation_count.one": "1 operation",
    "operation_count.many": "{count} operations",
    "loss_plot": "Loss plot",
    "log_axis": "Log axis",
    "loss_plot.x": "epoch",
    "loss_plot.train": "train",
    "loss_plot.test": "test",
    "loss_plot.empty": "No loss has been measured yet.",
    "loss_plot.course": "The {name} loss went from {first} to {last} at epoch {epoch}; "
    "its least was {least} at epoch {at}.",
    "loss_plot.course.none": "The {name} loss is not known.",
    "output": "Output",
    "output.map": "The network says + (blue) on {positive} % of the plane and − (orange) on "
    "{negative} %.",
    "output.curve": "The network's curve runs between {low} and {high}.",
    "output.points": "{train} training points, {test} test points.",
    # the walk through a backward pass: what happens in a step
    "walk.name.made": "the result of {op}",
    "walk.name.group": "the result of {op} in {group}",
    "walk.name.number": "the result of {op} no. {number}",
    "walk.name.both": "the result of {op} no. {number} in {group}",
    "walk.name.input": "an input without a name",
    "walk.name.parameter": "a parameter without a name",
    "walk.name.leaf": "{kind} (no. {number})",
    "walk.op": "{name} ({symbol})",
    "walk.and": "{first} and {last}",
    "walk.nothing": "There is nothing to walk: no gradient can pass through this graph.",
    "walk.start.one": "The walk begins at {node}, the result. Its gradient is 1: {node} changes by "
    "exactly as much as itself.",
    "walk.start.ones": "The walk begins at {node}, the result. Each of its {count} numbers has the "
    "gradient 1: we ask how their sum changes, and each counts once.",
    "walk.start.number": "The walk begins at {node}, the result, with the gradient {value} that was "
    "given for it.",
    "walk.start.given": "The walk begins at {node}, the result, with the gradient that was given "
    "for it.",
    "walk.pass.one": "{source} has its gradient, so it may pass it on through {op} to {receiver}: "
    "{how}.",
    "walk.pass.both": "{source} has now received both gradients, so it may pass their sum on "
    "through {op} to {receiver}: {how}.",
    "walk.pass.all": "{source} has now received all {count} gradients, so it may pass their sum on "
    "through {op} to {receiver}: {how}.",
    "walk.pass.also": "{source} passes its gradient on to {receiver} as well, through the same "
    "{op}: {how}.",
    "walk.pass.again": "{receiver} went into {op} twice, so {source} passes its gradient on to it "
    "once more: {how}.",
    "walk.received.only": "{receiver} needs no other gradient.",
    "walk.received.both": "Now both gradients of {receiver} are in, and they are added.",
    "walk.received.all": "Now all {count} gradients of {receiver} are in, and they are added.",
    "walk.received.missing.one": "{receiver} now has {arrived} of {expected} gradients and waits "
    "for one more.",
    "walk.received.missing.many": "{receiver} now has {arrived} of {expected} gradients and waits "
    "for {missing} more.",
    "walk.in.complete": "{arrived} of {expected}: complete",
    "walk.in.missing.one": "{arrived} of {expected}: waits for one more",
    "walk.in.missing.many": "{arrived} of {expected}: waits for {missing} more",
    "walk.end": "This was the last step: every gradient is computed.",
    "walk.end.at_once": "There is nothing to pass it on to.",
    "walk.how.unchanged": "pass it on unchanged",
    "walk.how.negate": "turn its sign",
    "walk.how.times": "multiply by {other}",
    "walk.how.divide": "divide by {other}",
    "walk.how.divisor": "multiply by −{y} ÷ {x}",
    "walk.how.divide_own": "divide by {receiver}",
    "walk.how.pow": "multiply by {argument} × {x}{lowered}",
    "walk.how.exp": "multiply by the value of the result itself, for exp is its own slope",
    "walk.how.mm_left": "multiply by {other} transposed, from the right",
    "walk.how.mm_right": "multiply by {other} transposed, from the left",
    "walk.how.tanh": "multiply by 1 − {y}²",
    "walk.how.sigmoid": "multiply by {y} × (1 − {y})",
    "walk.how.relu": "let it through where {receiver} is positive, and put 0 elsewhere",
    "walk.how.leaky_relu": "let it through where {receiver} is positive, and multiply by {argument} "
    "elsewhere",
    "walk.how.sum": "hand it unchanged to each of the {count} numbers that were added",
    "walk.how.mean": "divide by {count}, for each of the {count} numbers has an equal share",
    "walk.how.max": "hand it to the largest number only, and 0 to the others",
    "walk.how.expand": "add up what the {copies} copies have received",
    "walk.how.transpose": "swap rows and columns back",
    "walk.how.reshape": "put its numbers back into the old shape",
    "walk.how.index": "hand it to the chosen entries, and 0 to the others",
    "walk.how.concat": "take the piece that stands where {receiver} was put",
    "walk.how.bce_logits": "multiply by sigmoid({receiver}) − {other}: how far the probability is "
    "from the target",
    "walk.how.rule": "its rule is {rule}",
    "walk.how.unknown": "no rule is known for it",
    "walk.how.summed": "{how}, and add up, for {receiver} was repeated {count} times",
    "walk.where": ", where {letter} is the value of {node}",
    "walk.where.own": ", where {letter} is its own value",
    "walk.forward": "Forward pass: {node} is computed. The operation {op} {does}.",
    "walk.along.rows": "over its rows",
    "walk.along.columns": "over its columns",
    "walk.along.other": "along its dimension {dim}",
    "walk.does.add": "adds {a} and {b}, number by number",
    "walk.does.sub": "subtracts {b} from {a}, number by number",
    "walk.does.mul": "multiplies {a} by {b}, number by number",
    "walk.does.div": "divides {a} by {b}, number by number",
    "walk.does.neg": "turns the sign of {a}",
    "walk.does.pow": "raises {a} to the power {argument}",
    "walk.does.power": "raises {a} to the power {b}",
    "walk.does.exp": "raises e to the power {a}",
    "walk.does.log": "takes the logarithm of {a}",
    "walk.does.mm": "multiplies the matrices {a} and {b}: each row of the first with each column of "
    "the second",
    "walk.does.tanh": "squeezes every number of {a} between −1 and 1",
    "walk.does.sigmoid": "squeezes every number of {a} between 0 and 1",
    "walk.does.relu": "keeps what is positive in {a}, and puts 0 elsewhere",
    "walk.does.leaky_relu": "keeps what is positive in {a}, and multiplies the rest by {argument}",
    "walk.does.softmax": "turns {a} into shares that add up to 1{along}",
    "walk.does.log_softmax": "turns {a} into logarithms of shares that add up to 1{along}",
    "walk.does.sum": "adds up {a}{along}",
    "walk.does.mean": "takes the mean of {a}{along}",
    "walk.does.max": "takes the largest number of {a}{along}",
    "walk.does.expand": "copies {a} {count} times",
    "walk.does.transpose": "swaps the rows and columns of {a}",
    "walk.does.reshape": "puts the numbers of {a} into another shape",
    "walk.does.index": "takes chosen entries of {a}",
    "walk.does.concat": "puts {a} and {b} side by side",
    "walk.does.bce": "measures the surprise of {a}, a probability, at the target {b}",
    "walk.does.bce_logits": "measures the surprise of sigmoid({a}) at the target {b}",
    "walk.does.unknown": "Forward pass: {node} was made of {inputs} by {op}, for which no rule is "
    "known; its value is taken as it is.",
    "walk.call": "{source} calls backward() of {receiver}.",
    "walk.call.first": "backward() of {receiver} is called.",
    "walk.call.nothing": "{receiver} keeps no gradient.",
    "walk.call.kept": "Its grad was empty, and is now what was handed over.",
    "walk.call.added": "What was handed over is added to the grad that was there.",
    "walk.call.replaced": "What was handed over replaces the grad that was there; it is not added.",
    "walk.call.unchanged": "Its grad stays as it was.",
    "walk.call.other": "Its grad is now something else than what was handed over.",
    "walk.error": "Here the code stopped, in backward() of {node}: {error}",
    # messages
    "rebuilt": "New model: {shape}, {parameters}. Training starts again from weight seed {seed}.",
    "new_data": "New data: {title}. Training starts again from weight seed {seed}.",
    "weights": "New weights from seed {seed}. Enter another seed to come back to earlier weights.",
    "go_on": "Learning rate {rate}. Press Play to go on from the last good weights.",
    "no_loop": "Play needs a running notebook. Here call train(n): it takes n steps and returns.",
    "trouble": "Training stopped: {error} Nothing is lost; mend it and press Play again.",
    "paused.interrupted": "Paused by an interrupt. Press Play to go on.",
    "paused.unwatched": "Paused, as nobody was watching. Press Play to go on.",
    "undo": "Undo",
    "undone": "Back to {shape} on {title}, at step {step}.",
    "try_rate": "Try {rate:g}",
    "no_layout": "The graph cannot be laid out here ({reason}). Its DOT text stands below; paste it "
    "into any Graphviz viewer.",
}

_catalogue = ENGLISH


def text(key: str, **values: object) -> str:
    """Return the text named `key`, with `values` filled into its places."""
    template = _catalogue[key]
    return template.format(**values) if values else template


def counted(key: str, count: int) -> str:
    """Return the singular or plural text of `key` for `count`."""
    return text(f"{key}.one") if count == 1 else text(f"{key}.many", count=count)


def names(prefix: str) -> dict[str, str]:
    """Return every text below `prefix`, keyed by the rest of its key."""
    start = prefix + "."
    return {key[len(start) :]: value for key, value in _catalogue.items() if key.startswith(start)}

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
    "loss_is_summed": "This loss adds up the samples of a batch; the line on top tells the mean of "
    "all.",
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
    "graph.of_forward": "forward pass of the next batch of {samples}; press Step",
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
    "output.legend": "● train ○ test",
    "output.points": "{train} training points, {test} test points.",
    # messages
    "rebuilt": "New model: {shape}, {parameters}. Training starts again from weight seed {seed}.",
    "new_data": "New data: {title}. Training starts again from weight seed {seed}.",
    "model_follows": "The model is now {shape} with inputs {inputs}, trained by {optimizer} in "
    "batches of {batch}.",
    "other_points": "New points: noise {noise} %, {share} % of them for training. Training starts "
    "again from weight seed {seed}.",
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

"""What the engine says on the page: names of tensors, and sentences on training and its trouble."""
from __future__ import annotations

TEXTS: dict[str, str] = {
    # what tensors and layers are called in a graph
    "name.layer": "Layer {number}",
    "name.output": "Output",
    "name.loss_layer": "Loss",
    "name.weight": "Layer {number} weight",
    "name.bias": "Layer {number} bias",
    "name.numbered": "Layer {number} parameter {place}",
    "name.parameter": "parameter {place}",
    "name.input": "input",
    "name.target": "target",
    "name.prediction": "prediction",
    "name.logits": "logits",
    "name.loss": "loss",
    # a loss that is no longer finite: when, why, what was done, what to try
    "diverged.loss": "The loss is no longer finite: it became {value} at step {step}.",
    "diverged.loss.rate": "The loss is no longer finite: it became {value} at step {step} with "
    "learning rate {rate}.",
    "diverged.weights": "The weights are no longer finite: they overflowed at step {step}.",
    "diverged.weights.rate": "The weights are no longer finite: they overflowed at step {step} "
    "with learning rate {rate}.",
    "diverged.data": "The loss over the whole data is no longer finite at step {step}.",
    "diverged.data.rate": "The loss over the whole data is no longer finite at step {step} with "
    "learning rate {rate}.",
    "diverged.gradient": "The weights are no longer finite: the gradient of step {step} was not.",
    "diverged.cause.first": "It was not finite with the first weights either: look for nan or inf "
    "in the data, a division by zero, or a logarithm of zero.",
    "diverged.cause.unknown": "Look for a division by zero, a logarithm of zero, or steps that are "
    "too large.",
    "diverged.cause.rate": "The steps are too large: each one overshoots further than the one "
    "before.",
    "diverged.cause.no_step": "No step had been taken by then: look for nan or inf in the data or "
    "the weights, a division by zero, or a logarithm of zero.",
    "diverged.cause.likely_rate": "Most often the steps are too large: each one overshoots further "
    "than the one before.",
    "diverged.now": "The loss is {value} with the present weights.",
    "diverged.cause.rate_too": "The losses were on their way up before: the steps may be too large "
    "as well.",
    "diverged.cause.falling": "The losses before were not on their way up, so it is hardly the size "
    "of the steps: look for a division by zero, a logarithm of zero, or nan in the data of this "
    "step.",
    "diverged.cause.optimizer": "The gradients were finite, so it is the optimizer: look in its step "
    "for a division by zero, or for a number that grows without end.",
    "diverged.kept.first": "Training has stopped and the first weights are back.",
    "diverged.kept.step": "Training has stopped and the weights of step {step} are back.",
    "diverged.loop_goes_on": "The drawing has stopped here; the loop itself goes on.",
    "diverged.try.mend": "Mend that, then reset.",
    "diverged.try.model": "Take fewer or smaller layers, or other inputs.",
    "diverged.try.lower": "Lower the learning rate, then press Play to go on from there.",
    "diverged.try.rate": "Lower the learning rate, for example to {rate}, then go on.",
    "diverged.try.play": "Then press Play to go on from there.",
    "diverged.try.again": "Then make the weights anew, and run the loop again.",
    "diverged.try.again.mend": "Mend that, make the weights anew, and run the loop again.",
    "diverged.try.again.lower": "Lower the learning rate, make the weights anew, and run the loop "
    "again.",
    "diverged.try.again.rate": "Lower the learning rate, for example to {rate}, make the weights "
    "anew, and run the loop again.",
    # with what it began: one sentence on what happened, one on what to do
    "origin.place": "`{call}`",
    "origin.place.layer": "`{call}` of {layer}",
    "origin.division": "It began in {place}, with a division by 0.",
    "origin.division.try": "Keep the divisor away from 0, for example by adding 1e-9 to it.",
    "origin.zero_power": "It began in {place}: 0 to a negative power is a division by 0.",
    "origin.zero_power.try": "Keep that number away from 0, for example by adding 1e-9 to it.",
    "origin.root": "It began in {place}: a negative number, {value}, has no root.",
    "origin.root.try": "Give it only numbers that are not negative: square them first, for example.",
    "origin.log_negative": "It began in {place}, with the logarithm of a negative number, {value}.",
    "origin.log_negative.try": "Give it only numbers above 0, such as those of a sigmoid, softmax or "
    "exp.",
    "origin.log_zero": "It began in {place}, with the logarithm of 0.",
    "origin.log_zero.try": "Keep what goes into it above 0, for example by adding 1e-9 to it.",
    "origin.exp": "It began in {place}: e to the power {value} is too large for a number.",
    "origin.exp.try": "Keep what goes into it small: subtract its largest entry first, for example.",
    "origin.overflow": "It began in {place}: made of numbers up to {value}, it is too large for a "
    "number.",
    "origin.overflow.try": "Keep these numbers smaller: bring the data to about −1 to 1, for example, "
    "or begin with smaller weights.",
    "origin.unknown": "It began in {place}, although what goes into it is finite, from {low} to "
    "{high}.",
    "origin.unknown.try": "Look there for a division by 0, a root or logarithm of what has none, or "
    "a number that grows too large.",
    "origin.slope": "It began on the way back, in {place}: its slope is not finite there, for "
    "numbers from {low} to {high}.",
    "origin.slope.try": "Look there for a division by a number near 0, or for numbers that are too "
    "large.",
    "origin.slope_root": "It began on the way back, in {place}: the slope of a root is infinite at 0.",
    "origin.slope_root.try": "Keep what goes into it above 0, for example by adding 1e-9 to it.",
    "origin.data": "It stands in the data already: {count} of the {size} numbers of `{name}` are not "
    "finite.",
    "origin.data.try": "Replace these numbers, or leave their samples out.",
    "origin.weights": "It stands in the weights already: {count} of the {size} numbers of `{name}` "
    "were not finite before this step.",
    "origin.weights.try": "Give the weights finite numbers.",
    "origin.constant": "It came into the graph from outside: {count} of {size} numbers of `{name}`, "
    "which is made of no other tensor, are not finite.",
    "origin.constant.try": "Look at where your code makes it: for a division by 0, a logarithm of 0, "
    "or nan in the data.",
    "origin.nameless": "It came into the graph from outside: {count} of the {size} numbers of a tensor "
    "without a name, which is made of no other, are not finite.",
    "origin.nameless.try": "Look at where your code makes it: for a division by 0, a logarithm of 0, "
    "or nan in the data.",
    "origin.hidden": "Where it began cannot be told: the loss does not say what it was made of.",
    "origin.hidden.try": "Look in your code for a division by 0, a logarithm of 0, or nan in the "
    "data.",
    # what keeps a network from learning
    "diagnosis.a_layer": "A layer",
    "diagnosis.dead.all": "{layer}: all {units} ReLU units answer 0 for every training point. No "
    "gradient comes through a unit that answers 0, so this layer and those before it learn nothing "
    "any more.",
    "diagnosis.dead.some": "{layer}: {dead} of {units} ReLU units answer 0 for every training "
    "point. No gradient comes through them, so they learn nothing any more, and the loss stands "
    "still.",
    "diagnosis.dead.try": "Try LeakyReLU or Tanh in their place, other weights, or a lower learning "
    "rate.",
    "diagnosis.vanishing": "The loss has stood still for {epochs} epochs, and the gradient vanishes "
    "on its way back: for the weights of {first} it is about {times} times smaller than for those "
    "of {last}.",
    "diagnosis.vanishing.zero": "The loss has stood still for {epochs} epochs, and the gradient "
    "vanishes on its way back: for the weights of {first} it is 0.",
    "diagnosis.vanishing.sigmoid": "The slope of a sigmoid is 1/4 at most, so each layer takes most "
    "of it away.",
    "diagnosis.vanishing.try": "Try Tanh or ReLU in the hidden layers, or fewer of them.",
    # why an output activation and a loss do not go together
    "pair.tanh_bce": "Binary cross-entropy needs a probability between 0 and 1, but Tanh gives "
    "values between −1 and 1; choose Sigmoid, or the mean squared loss.",
    "pair.tanh_cross": "Cross-entropy needs one probability for each class, which together make 1, "
    "but Tanh gives values between −1 and 1; choose Softmax, or the mean squared loss.",
    "pair.sigmoid_cross": "Cross-entropy needs one probability for each class, which together make "
    "1, but Sigmoid gives a single one; choose Softmax, or binary cross-entropy.",
    "pair.softmax_bce": "Binary cross-entropy judges a single yes-or-no probability, but Softmax "
    "gives one for each class; choose cross-entropy, or Sigmoid.",
    "pair.linear_bce": "Binary cross-entropy needs a probability between 0 and 1, but a linear "
    "output has no bounds; choose Sigmoid, or the mean squared loss.",
    "pair.linear_cross": "Cross-entropy needs one probability for each class, but a linear output "
    "has no bounds; choose Softmax, or the mean squared loss.",
    "pair.cross_real": "Cross-entropy compares probabilities of classes, but this data set has "
    "real targets; choose the mean squared loss.",
    "pair.sigmoid_real": "The targets of this data set are negative too, but Sigmoid reaches only "
    "from 0 to 1; choose Linear or Tanh.",
    "pair.softmax_real": "Softmax shares 1 out among classes, but this data set has real targets "
    "and no classes; choose Linear.",
    "pair.unknown": "What targets a {output} output has with {loss} is not written down yet; "
    "choose another loss, or add the pair to the table in gradwidgets/engine/experiment/targets.py.",
    "pair.many_classes": "{output} gives one output here, which tells two classes apart, but this "
    "data set has {count}; choose Softmax.",
    # what NumPy spells as a function, in the formulas of rules
    "formula.entries": "entries of {x}",
    "formula.shape": "shape of {x}",
    "formula.one_where": "1 where {condition}, else 0",
    "formula.where": "{yes} where {condition}, else {no}",
    "formula.piece": "the piece of {whole} in the place of {mark}",
    "formula.rest": "the piece of {whole} behind the place of {mark}",
    "formula.at_places": "{x} at the places {places}",
    "formula.counted": "for each entry of {x}: Σ {weights} where {places} name it",
    "formula.reshaped": "{x} in the shape of {owner}",
    "formula.repeated": "{x}, repeated to the shape of {owner}",
    "formula.number_where": "the number of {condition}",
    "formula.of.sum": "Σ {x} {over}",
    "formula.of.mean": "mean of {x} {over}",
    "formula.of.max": "largest of {x} {over}",
    "formula.over.all": "over all entries",
    "formula.over.rows": "over rows",
    "formula.over.columns": "over columns",
    "formula.over.number": "over dimension {dim}",
    "formula.over.other": "over {dim}",
    "formula.size.all": "the number of entries of {x}",
    "formula.size.rows": "the number of rows",
    "formula.size.columns": "the number of columns",
    "formula.size.number": "the length of dimension {dim}",
    "formula.size.other": "the length of {dim}",
    "formula.then": "{first}, then {second}",
    "formula.joined": "{parts}, {along}",
    "formula.along.all": "along all entries",
    "formula.along.rows": "along rows",
    "formula.along.columns": "along columns",
    "formula.along.number": "along dimension {dim}",
    "formula.along.other": "along {dim}",
    # why there is no picture of the output
    "no_picture.outputs": "the model gave {found} outputs for {wanted} points; a picture needs one "
    "for each",
    "no_picture.slow": "the model would be asked about thousands of points, which takes too long",
    "no_picture.later": "steps take so long that the picture waits until training stands still",
    "no_picture.failed": "the model could not be asked about other points than its data: {error}",
    "no_picture.stopped": "the model's code was stopped; the next step draws it again",
    "no_picture.not_finite": "the data hold numbers that are not finite, or too large to be drawn",
    "no_picture.columns": "the data have {count} columns; a picture of the output can show one or "
    "two",
    "no_picture.shapes": "data of shape {data} and targets of shape {targets} cannot be drawn; a "
    "picture needs a table with one row for each sample",
}

"""What the learner sees, without a browser: numbers, colours, graphs, plots, controls, the pump."""

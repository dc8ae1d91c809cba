"""What a learner sees: pictures as functions of plain data, and the widgets that show them."""

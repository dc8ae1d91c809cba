"""What the course shows: exercises, board, differences."""

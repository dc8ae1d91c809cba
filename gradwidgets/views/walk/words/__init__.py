"""What a walk says, step by step."""

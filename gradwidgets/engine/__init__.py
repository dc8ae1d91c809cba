"""Experiments without a screen: what is learnt (`spec`, `data`), how (`trainer`), and its graph."""

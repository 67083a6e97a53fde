"""Frames in, charts out: one message each, no query and no word of its own."""

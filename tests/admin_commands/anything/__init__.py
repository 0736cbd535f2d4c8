"""Anything that staff could say, at random, for property tests."""

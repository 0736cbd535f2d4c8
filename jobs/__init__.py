"""VERBS: all that is done to a friend, now or later; one function serves both."""

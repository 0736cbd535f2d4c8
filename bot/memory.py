"""How our processes look for garbage: seldom, and not among what was made at the start."""

import gc


def calm() -> None:
    """To be called once, when all is imported. A set of 500 friends is thousands of objects and hardly a circle among
    them: looking for circles at Python's pace took a quarter of our time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)

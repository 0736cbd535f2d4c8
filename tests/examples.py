"""How many examples property tests try: a sixth in the normal run, all with `--faults`."""

import os

EVERY = os.environ.get("AYUMI_TEST_EVERY_FAULT") == "1"


def many(most: int) -> int:
    return most if EVERY else most // 6

"""Programs for Node that use LINE's Node SDK; `./ayumi test` installs it beside them."""

from pathlib import Path

PROGRAMS = Path(__file__).parent

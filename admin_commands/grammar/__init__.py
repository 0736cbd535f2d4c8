"""The command language, pure: `read` a message of staff, print commands and blocks, explain what is wrong.

`read(text, context)` gives one of `readings.Reading`, `read_file(text)` a whole `readings.File`; `canonical(command)`
and `print_block(definition)` print what reads back the same; `explain(faults)` is the answer to give. Objects of
commands are in `words`, action lists in `actions`, conditions in `segments`, the typed data of blocks in `definitions`,
nouns and verbs in `lexicon`.
"""

from admin_commands.grammar.commands import canonical
from admin_commands.grammar.faults import explain
from admin_commands.grammar.printing import print_block
from admin_commands.grammar.reading import read, read_file
from admin_commands.grammar.readings import Context

__all__ = ["Context", "canonical", "explain", "print_block", "read", "read_file"]

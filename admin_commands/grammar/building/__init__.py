"""From a cut-up block to a definition, with every fault of it at once."""

from collections.abc import Mapping

from admin_commands.grammar import outlines
from admin_commands.grammar.blocks import Block
from admin_commands.grammar.building.action_sets import ActionSetBuilder
from admin_commands.grammar.building.auto_replies import AutoReplyBuilder
from admin_commands.grammar.building.broadcasts import BroadcastBuilder
from admin_commands.grammar.building.builder import Builder
from admin_commands.grammar.building.forms import FormBuilder
from admin_commands.grammar.building.greetings import GreetingBuilder
from admin_commands.grammar.building.scenarios import ScenarioBuilder
from admin_commands.grammar.building.templates import TemplateBuilder
from admin_commands.grammar.definitions import Definition
from admin_commands.grammar.faults import Fault

BUILDERS: Mapping[str, type[Builder]] = {
    "scenario": ScenarioBuilder,
    "greeting": GreetingBuilder,
    "template": TemplateBuilder,
    "broadcast": BroadcastBuilder,
    "action": ActionSetBuilder,
    "autoreply": AutoReplyBuilder,
    "form": FormBuilder,
}


def build(block: Block) -> tuple[Definition | None, list[Fault]]:
    """The definition a block stands for and all that is wrong with it; None when it is wrong, but for an Outline."""
    kind = block.header.kind or ""
    if kind not in BUILDERS:
        return outlines.read(block)
    builder = BUILDERS[kind](block)
    builder.read_head()
    definition = builder.definition()
    faults = sorted(builder.faults, key=lambda fault: fault.line)
    return (None if faults else definition), faults

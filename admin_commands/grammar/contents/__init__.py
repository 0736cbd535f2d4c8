"""What stands below a ▼: the customer's text and the ＋ lines, as pieces in their order, read and printed."""

from admin_commands.grammar.contents.attaching import ATTACHED, ENCLOSED, Kind, attached, media_named
from admin_commands.grammar.contents.labels import BULLETS
from admin_commands.grammar.contents.printing import show, show_bullet, show_imagemap
from admin_commands.grammar.contents.reading import Reader
from admin_commands.grammar.contents.targets import PAGE_WORDS, REBOOK, bullet_of

__all__ = [
    "ATTACHED",
    "BULLETS",
    "ENCLOSED",
    "PAGE_WORDS",
    "REBOOK",
    "Kind",
    "Reader",
    "attached",
    "bullet_of",
    "media_named",
    "show",
    "show_bullet",
    "show_imagemap",
]

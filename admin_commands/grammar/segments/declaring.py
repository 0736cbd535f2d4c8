"""The declaration of a kind of condition: all that reading, linking, telling, help and docs need to know of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from admin_commands.grammar.segments.places import Found, Place
from admin_commands.grammar.segments.tree import Back, Condition, Json
from admin_commands.grammar.words import Object
from storage import named
from storage.fields import Kept

BehindKey = Callable[[Place, int, int], Found]  # where the condition begins, and where its key ends
Reader = Callable[[Place, int], Found | None]  # where it begins
Backwards = Callable[[Json, Back], Condition]  # from the stored form
Offers = Callable[[Object, Kept | None], Sequence[Condition]]  # on one thing; of a field it is told what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """All that the language knows of one kind of condition; its SQL is in `storage.segments.kinds` under `kept`.

    It begins with a `key` (the lexicon's key of the noun: タグ:…) behind which `behind_key` reads on, or with words
    that `read` knows and of which `begins`, a pattern, tells a line. What is read is one of `types`.
    """

    word: str  # what it is called in a list of conditions: タグ
    example: str
    does: str  # whom it finds
    types: tuple[type[Condition], ...]
    key: str = ""
    behind_key: BehindKey | None = None
    read: Reader | None = None
    begins: str = ""
    names: named.Kind | None = None  # what its objects are
    letter: str = ""  # of their numbers
    kept: tuple[str, ...] = ()  # the keys by which its stored form is known, none where there is none yet
    back: Backwards | None = None
    offers: Offers | None = None  # the likeliest on something it names, to be tapped (セグメント 足す)
    ready: tuple[Condition, ...] = ()  # the same where nothing is named
    later: str = ""  # the lexicon's key of the noun that is still missing: until then it is refused

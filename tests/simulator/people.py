"""Who is on the other side of a channel: people with phones, and groups of them."""

from dataclasses import dataclass, field

STRANGER = "stranger"
FRIEND = "friend"
BLOCKED = "blocked"
DELETED = "deleted"


class Impossible(Exception):
    """A person cannot do this on a real phone (or it is not there); the sentence says why.

    japanese: the same for those at the phones page; None for what only programs do wrong.
    """

    def __init__(self, sentence: str, japanese: str | None = None) -> None:
        super().__init__(sentence)
        self.japanese = japanese


@dataclass(slots=True)
class Person:
    """state is the 1:1 relation to the bot; wrote_ms is the last 1:1 message (the 7-day rule of 3.2).

    friend_ms: when they first added the bot. app (ios, android, others), gender (male, female), age (years) and area
    (jp_01..) are what LINE believes to know of them. consents: has accepted the privacy policy of 2022-03 [section 6].
    """

    id: str
    name: str
    state: str = STRANGER
    was_friend: bool = False
    wrote_ms: int | None = None
    picture_url: str | None = None
    status_message: str | None = None
    language: str | None = "ja"
    received: int = 0
    opened: list[str] = field(default_factory=list)
    friend_ms: int | None = None
    app: str | None = "ios"
    gender: str | None = None
    age: int | None = None
    area: str | None = None
    consents: bool = True

    @property
    def on_phone(self) -> bool:
        """Whether lists and groups tell this person's id [R#source-group]."""
        return self.app != "others"


@dataclass(slots=True)
class Group:
    """bot_in says whether the bot is a member; members are user ids in order of joining.

    An id with R is a room: nobody sees its name, and the bot is told of its own coming (join_untold) only with the
    first thing that happens there. other_bot: another official account is in it; there is never more than one.
    """

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    bot_in: bool = False
    picture_url: str | None = None
    join_untold: bool = False
    other_bot: bool = False

    @property
    def is_room(self) -> bool:
        return self.id.startswith("R")


def check_account(person: Person) -> None:
    """Nobody does anything without one."""
    if person.state == DELETED:
        raise Impossible(
            f"{person.name} has no LINE account any more", f"{person.name}さんはLINEのアカウントを削除しています。"
        )

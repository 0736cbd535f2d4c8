"""What a command answers: a text, taps under it, cards; put into at most five message objects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jobs import messages
from jobs.messages import builders

MOST_TAPS = 8
MOST_LABEL = 20  # graphemes LINE shows on a button
MOST_TAPPED = 300  # characters a tap can say
MOST_TEXT = 1_200
MOST_OBJECTS = 5

REFUSED = "&no"  # behind the token of a button that turns a request down
CHOSEN = "&c="  # between the token of a card with several ways to go on and the one that its button stands for
PICKS = "?"  # in front of the command that a calendar completes, in the place of a token
DAY = "{日付}"  # where in that command the day or moment belongs

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that types the command `says` for whoever taps it: it is seen by all, and teaches.

    It is typed with a slash, so that it is heard in every talk and never taken for a remark. With a `token` it types
    nothing and presses what waits behind the token. With `picks` it opens a calendar, and what is chosen there takes
    the place of DAY in the command, or comes with the token.
    """

    label: str
    says: str = ""
    token: str | None = None
    picks: Literal["", "date", "datetime"] = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that puts `copies` on the clipboard, to be changed and sent."""

    label: str
    copies: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to go on from a card, a button of its own."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list; its number runs `opens`. `note` stands under it in small."""

    text: str
    opens: str
    object: str = ""  # "#F218": what `3,5-7 …` acts on
    note: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """What a command answers: a text, taps under it, and messages to be shown before it as they are.

    `whole` is not cut to what a bubble should hold: 書出.
    """

    text: str
    taps: tuple[Tap, ...] = ()
    before: tuple[Message, ...] = ()
    card: Message | None = None
    whole: bool = False


def calendar(says: str, picks: Literal["date", "datetime"]) -> Tap:
    """A button to choose the day (or moment) that the command `says` has in the place of DAY."""
    return Tap("📅 日付を選ぶ" if picks == "date" else "📅 日時を選ぶ", says, picks=picks)


def retyped(said: Say, says: str, instead: str) -> Say:
    """The same answer, in which whatever types the command `says` types another one."""
    return replace(
        said,
        taps=tuple(replace(tap, says=instead) if tap.says == says else tap for tap in said.taps),
        before=tuple(_retyped(one, f"/{says}", f"/{instead}") for one in said.before),
        card=_retyped(said.card, f"/{says}", f"/{instead}"),
    )


def _retyped(tree: Any, says: str, instead: str) -> Any:
    if isinstance(tree, list):
        return [_retyped(one, says, instead) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("type") == "message" and tree.get("text") == says:
        return {**tree, "text": instead}
    return {key: _retyped(one, says, instead) for key, one in tree.items()}


def objects(said: Say) -> list[Message]:
    """A Say as at most five message objects: what is to be shown as it is, then the words, then the card."""
    told = [text(said.text, said.taps if said.card is None else (), whole=said.whole)] if said.text else []
    told += [with_taps(said.card, said.taps)] if said.card is not None else []
    return [*said.before[: MOST_OBJECTS - len(told)], *told]


def text(body: str, taps: Sequence[Tap] = (), *, whole: bool = False) -> Message:
    """A text message; taps that say too much for LINE are left out, their text is in the body anyway."""
    limit = 5_000 if whole else MOST_TEXT
    return with_taps(messages.text(shortened(body, limit)), taps)


def with_taps(message: Message, taps: Sequence[Tap]) -> Message:
    items = [{"type": "action", "action": typed(tap)} for tap in taps if can_be_typed(tap)]
    return message | {"quickReply": {"items": items[:MOST_TAPS]}} if items else message


def can_be_typed(tap: Tap) -> bool:
    """Whether LINE takes it for a button."""
    room = MOST_TAPPED - (len(f"t={PICKS}") if tap.picks else 0)
    return bool(tap.label.strip()) and (tap.token is not None or 0 < messages.utf16_len(tap.says) < room)


def typed(tap: Tap) -> dict[str, Any]:
    """The action of a tap."""
    if tap.picks:
        data = tap.token if tap.token is not None else f"{PICKS}{tap.says}"
        return builders.pick(short(tap.label), f"t={data}", tap.picks)
    if tap.token is None:
        return {"type": "message", "label": short(tap.label), "text": f"/{tap.says}"}
    return press(tap.label, tap.token)


def press(label: str, data: str) -> dict[str, Any]:
    """The action of a button that only the bot hears."""
    return {"type": "postback", "label": short(label), "data": f"t={data}", "displayText": short(label)}


def short(label: str) -> str:
    """A label as long as LINE shows it."""
    label = " ".join(label.split())
    if messages.graphemes(label) <= MOST_LABEL:
        return label
    return "".join(list(messages.clusters(label))[: MOST_LABEL - 1]) + "…"


def shortened(body: str, most: int) -> str:
    """At most `most` UTF-16 units, cut between characters."""
    if messages.utf16_len(body) <= most:
        return body
    kept: list[str] = []
    room = most - 1
    for cluster in messages.clusters(body):
        room -= messages.utf16_len(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + "…"

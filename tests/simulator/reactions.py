"""What people did with the bot's bubbles: displayed them, followed their links, played their films and sounds."""

from dataclasses import dataclass, field

SEEN = "seen"
CLICKED = "clicked"
PLAYED = "played"
PLAYED_TO = {25: "played25", 50: "played50", 75: "played75", 100: "played100"}


@dataclass(slots=True)
class Reaction:
    """index is the bubble's place in its send; url is set for a click."""

    at_ms: int
    user: str
    index: int
    what: str
    url: str | None = None


@dataclass(slots=True)
class Reactions:
    """by_send: a send's seq -> what people did with it."""

    by_send: dict[int, list[Reaction]] = field(default_factory=dict)

    def add(self, send_seq: int, reaction: Reaction) -> None:
        self.by_send.setdefault(send_seq, []).append(reaction)

    def of(self, send_seq: int) -> list[Reaction]:
        return self.by_send.get(send_seq, [])

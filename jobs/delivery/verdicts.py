"""What a call's end means for its row and for what else waits to be sent; pure (DELIVERY 15 to 20)."""

import random
from dataclasses import dataclass
from enum import Enum

import orjson

from jobs import ports
from jobs.delivery.rules import Rules
from storage.outbox import claims, ends

BISECT = "bisect"  # a refused multicast becomes two
UNPACK = "unpack"  # a refused pack becomes one reply for each cause
FAILED = (ports.End.AMBIGUOUS, ports.End.UNSENT)


class Also(Enum):
    """What an end says beyond its own row."""

    NOTHING = "nothing"
    SLOWER = "slower"  # the endpoint: LINE found us too fast
    CHANNEL = "channel"  # the credential is refused: nothing can go
    QUOTA = "quota"  # the month's messages are used up: the class waits
    BODY = "body"  # LINE takes these messages for nobody: the cause waits


@dataclass(frozen=True, slots=True)
class Judged:
    """`word` is one of `ends` or of the two above; `pause` in seconds."""

    word: str
    pause: float = 0.0
    also: Also = Also.NOTHING


ALSO = {
    ports.End.RATE: Also.SLOWER,
    ports.End.FORBIDDEN: Also.CHANNEL,
    ports.End.QUOTA: Also.QUOTA,
}


def judge(row: claims.Claimed, end: ports.End, rules: Rules) -> Judged:
    """The verdict on one attempt. A refused multicast is judged with `judge_refused_multicast`."""
    if end is ports.End.ACCEPTED:
        return Judged(ends.ACCEPTED)
    if end is ports.End.BAD_TOKEN and row.kind == "reply":
        return Judged(ends.BAD_TOKEN)
    also = ALSO.get(end, Also.NOTHING)
    if row.ambiguous or end is ports.End.AMBIGUOUS:
        # after an attempt that may have arrived, no refusal says anything about that one
        return Judged(ends.DOUBT, _pause(row, end, rules), also)
    if end in (ports.End.REFUSED, ports.End.BAD_TOKEN):
        return Judged(UNPACK if row.kind == "reply" and len(row.parts) > 1 else ends.REFUSED)
    return Judged(ends.AGAIN, _pause(row, end, rules), also)


def judge_refused_multicast(row: claims.Claimed, validated: ports.End | None, rules: Rules) -> Judged:
    """`validated`: what LINE says of the messages alone; None when it need not be asked again, for parts."""
    if validated in (ports.End.REFUSED, ports.End.BAD_TOKEN):
        return Judged(ends.AGAIN, 0.0, Also.BODY)
    if validated not in (None, ports.End.ACCEPTED):
        return Judged(ends.AGAIN, _pause(row, ports.End.UNSENT, rules), ALSO.get(validated, Also.NOTHING))
    return Judged(BISECT if len(row.recipients) > 1 else ends.REFUSED)


def pieces(row: claims.Claimed) -> list[ends.Piece]:
    """A pack's messages, cause by cause."""
    messages = orjson.loads(row.body)
    found = []
    at = 0
    for delivery, count in row.parts:
        found.append(ends.Piece(row.id, row.attempt, orjson.dumps(messages[at : at + count]), delivery, count))
        at += count
    return found


def _pause(row: claims.Claimed, end: ports.End, rules: Rules) -> float:
    """Growing pauses, a little uneven so that rows that failed together do not come back together."""
    if end in (ports.End.RATE, ports.End.FORBIDDEN, ports.End.QUOTA):
        return 0.0  # what is wrong there holds the row back by a pause of its own
    first, longest = rules.first_pause[row.kind], rules.longest_pause[row.kind]
    if end is ports.End.BUSY:
        first, longest = rules.busy_pause
    return min(longest, first * 2.0 ** min(row.attempt - 1, 20)) * random.uniform(0.8, 1.0)

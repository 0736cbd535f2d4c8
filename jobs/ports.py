"""What we ask of the outside: sending through LINE, with every way a call can end named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, BinaryIO, Literal, Protocol
from uuid import UUID

from jobs.coupons import Coupon

USER_ID = re.compile(r"U[0-9a-f]{32}")


class End(Enum):
    """How a call to LINE ended, as DELIVERY 15 tells the cases apart."""

    ACCEPTED = "accepted"  # 200, or 409 for a retry key LINE already knows
    REFUSED = "refused"  # 400, 404, 413, 415: this request is wrong, certainly not sent
    BAD_TOKEN = "bad_token"  # noqa: S105 - a name; 400 "Invalid reply token": used, expired or wrong
    RATE = "rate"  # 429: too fast for this endpoint, certainly not sent
    QUOTA = "quota"  # 429: the month's messages are used up, certainly not sent
    BUSY = "busy"  # 429 we do not recognise: certainly not sent
    FORBIDDEN = "forbidden"  # 401, 403: the channel's credential is at fault, certainly not sent
    UNSENT = "unsent"  # no byte left us
    AMBIGUOUS = "ambiguous"  # timeout or reset after bytes left, 5xx: may have been sent


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call; `detail` is LINE's wording cut short, never a message body or a token."""

    end: End
    status: int | None = None
    request_id: str | None = None
    detail: str = ""
    sent_ids: tuple[str, ...] = ()  # message ids, where LINE gives them


@dataclass(frozen=True, slots=True)
class Profile:
    user_id: str
    name: str
    picture_url: str | None = None
    language: str | None = None


class Later(Exception):
    """LINE cannot answer a question now; ask again later."""


class Forbidden(Later):
    """LINE does not accept our credential; with a good one the question may be asked again."""


class Never(Exception):
    """LINE answered a question with no (404, 403, 400); asking again gives the same."""


class TooLarge(Never):
    """What LINE has to give is more than was asked for."""


class Line(Protocol):
    """LINE as the verbs see it. `messages` is the JSON array of message objects, as bytes; sends never raise.

    What is sent `quiet` makes no sound and no banner on the phones.
    """

    async def reply(self, token: str, messages: bytes) -> Outcome: ...

    async def push(
        self, to: str, messages: bytes, retry_key: UUID, *, quiet: bool = False, unit: str | None = None
    ) -> Outcome: ...

    async def multicast(
        self, to: list[str], messages: bytes, retry_key: UUID, *, quiet: bool = False, unit: str | None = None
    ) -> Outcome: ...

    async def validate(self, kind: str, messages: bytes) -> Outcome:
        """Ask LINE whether `messages` are fit for `kind` (reply, push, multicast); ACCEPTED or REFUSED when it says."""
        ...

    async def profile(self, user_id: str) -> Profile: ...

    async def group_name(self, group_id: str) -> str: ...

    async def member(self, group_id: str, user_id: str) -> Profile: ...

    async def member_count(self, group_id: str) -> int: ...

    async def leave_group(self, group_id: str) -> None: ...

    async def show_loading(self, user_id: str, seconds: int) -> None: ...

    async def quota(self) -> int | None:
        """Messages allowed this month; None when unlimited."""
        ...

    async def consumption(self) -> int: ...

    async def counted(self, unit: str, since: date, until: date) -> Mapping[str, int | None]:
        """How many different people did something with what was sent under this name on these days: uniqueImpression,
        uniqueClick, uniqueMediaPlayed, uniqueMediaPlayed100Percent; None below twenty. LINE takes 60 calls an hour."""
        ...

    async def coupons(self) -> list[Coupon]:
        """The newest few hundred of the shop's coupons, those that run and those that are closed; no drafts."""
        ...

    async def bot_info(self) -> dict[str, Any]: ...

    async def content(self, message_id: str, into: BinaryIO, most: int) -> None:
        """Write what somebody sent into a file, `most` bytes of it. Raises Later (also while LINE still prepares a
        film or sound), Never (taken back, or long gone) and TooLarge."""
        ...

    async def content_preview(self, message_id: str, most: int) -> bytes:
        """A picture of a picture or film; raises the same."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an ID token names; `until` is the token's end."""

    user_id: str
    name: str | None
    picture: str | None
    until: datetime


Why = Literal["malformed", "algorithm", "signature", "issuer", "audience", "expired", "replayed", "unavailable"]


class Unproven(Exception):
    """Nobody is named by this token, and why; `unavailable`: LINE cannot be asked now."""

    def __init__(self, code: Why) -> None:
        super().__init__(code)
        self.code = code


class Identity(Protocol):
    """LINE Login as our pages need it."""

    async def prove(self, id_token: str, now: datetime) -> Person:
        """Who has logged in; `now` is business time. Raises Unproven."""
        ...

    async def friendship(self, access_token: str, user_id: str) -> bool | None:
        """Whether this user is a friend of the account that the Login channel is linked to, by LINE's word; None where
        the token is not theirs, or LINE cannot tell."""
        ...


class Web(Protocol):
    """Addresses of the web that staff have written; hostile like whatever they say."""

    async def ask(self, addresses: Sequence[str]) -> Mapping[str, int | None]:
        """The status that each answers, None where nothing came in time; within a few seconds, and never raises."""
        ...

"""One answer as it is kept, whatever was asked: the shape that checking makes and everything else reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OTHER = "other"  # `q2.other` is what the page calls the line behind その他
PARTS = ("postcode", "prefecture", "city", "rest")  # of an address, `q5.city` on the page

Raw = Mapping[str, object]  # what a page sends: see `checking`


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is the value in the one spelling of its kind; of choices `chosen` are the keys, `other` what was written.

    Numbers, dates and moments are spelled as in `storage.fields.values`, phone numbers are digits, a postcode is
    500-8001, a time 18:30, an address 〒500-8001 岐阜県 岐阜市大門町 1-2, a consent 1, an upload its token until it is
    kept and its number from then on.
    """

    text: str = ""
    chosen: tuple[str, ...] = ()
    other: str = ""


Answers = Mapping[str, Answer]  # by the key of the question


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be taken: `code` is worded where it is shown, with `params`."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Wrong(Exception):
    """An answer that cannot be taken."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.fault = Fault(code, params)


def address_parts(text: str) -> dict[str, str]:
    """The parts of a kept address."""
    found = re.fullmatch(r"〒(\S+) (\S+) (\S+)(?: (.*))?", text, re.DOTALL)
    return dict(zip(PARTS, (one or "" for one in found.groups()), strict=True)) if found else {}

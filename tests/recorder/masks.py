"""Takes out of an exchange who it was, what was said and every secret, and leaves its shape."""

import hashlib
import hmac
import re
import secrets
from typing import Any
from uuid import UUID

LINE_ID = re.compile(r"([UCR])[0-9a-f]{32}")
WORD = re.compile(r"[A-Za-z0-9_#.:%+-]{1,40}")
DIGITS = re.compile(r"[0-9]{1,40}")
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?|\d\d:\d\d")
ADDRESS = re.compile(r"(https?)://.+", re.DOTALL)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Properties whose words are LINE's, not a person's.
LINES_OWN = frozenset(
    {"type", "mode", "result", "status", "reason", "chatMode", "markAsReadMode", "scope", "token_type"}
    | {"stickerResourceType", "layout", "size", "weight", "color", "style", "align", "gravity", "position"}
    | {"aspectRatio", "aspectMode", "imageSize", "imageAspectRatio", "spacing", "margin", "textDecoration"}
    | {"height", "width", "maxWidth", "maxHeight", "cornerRadius", "borderWidth", "lineSpacing", "angle"}
    | {f"{kind}{side}" for kind in ("padding", "offset") for side in ("All", "Top", "Bottom", "Start", "End")}
)
STAY = frozenset("$@{}")  # what places and placeholders in a text refer to
KEPT_HEADERS = frozenset({"content-type", "x-line-request-id", "x-line-accepted-request-id", "x-line-retry-key"})


class Masks:
    """One tape's masks: what was the same stays the same within it, and nothing leads back."""

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(32)

    def _mark(self, text: str, size: int = 32) -> bytes:
        return hmac.digest(self._salt, text.encode("utf-8", "surrogatepass"), hashlib.sha512)[:size]

    def value(self, given: Any, key: str = "", *, refused: bool = False) -> Any:
        """A JSON value in its mask; `refused`: it comes from an answer of LINE's that says no, and why."""
        if isinstance(given, dict):
            return {name: self.value(inner, name, refused=refused) for name, inner in given.items()}
        if isinstance(given, list):
            return [self.value(inner, key, refused=refused) for inner in given]
        if isinstance(given, str):
            if refused and key in ("message", "property", "error", "error_description"):
                return LINE_ID.sub(lambda found: self.word(found[0]), given)
            return given if key in LINES_OWN and WORD.fullmatch(given) else self.word(given)
        return given

    def word(self, text: str) -> str:
        """The same kind of text and as long, saying something else."""
        if found := LINE_ID.fullmatch(text):
            return found[1] + self._mark(text, 16).hex()
        if MOMENT.fullmatch(text):
            return text
        if DIGITS.fullmatch(text):
            number = int.from_bytes(self._mark(text)) % 10 ** len(text)
            return str(number).zfill(len(text))
        if ULID.fullmatch(text):
            return "01" + "".join(CROCKFORD[one % 32] for one in self._mark(text, 24))
        try:
            return str(UUID(bytes=self._mark(text, 16))) if str(UUID(text)) == text.lower() else masked(text)
        except ValueError:
            pass
        if found := ADDRESS.fullmatch(text):
            start = f"{found[1]}://example.com/"
            return start + "x" * max(0, len(text) - len(start))
        return masked(text)

    def path(self, path: str) -> str:
        """Segments that are ids, tokens or numbers are masked; the rest is the endpoint's name."""
        return "/".join(
            one if re.fullmatch(r"[A-Za-z0-9_.-]{0,24}", one) and not DIGITS.fullmatch(one) else self.word(one)
            for one in path.split("/")
        )

    def headers(self, given: dict[str, str]) -> dict[str, str]:
        found = {name.lower(): value for name, value in given.items() if name.lower() in KEPT_HEADERS}
        return {name: value if name == "content-type" else self.word(value) for name, value in found.items()}


def masked(text: str) -> str:
    """As long in UTF-16, with the signs that places refer to."""
    return "".join(
        one if one in STAY else "x" if one < "\x80" else "あ" if one < "\U00010000" else "𠮷" for one in text
    )

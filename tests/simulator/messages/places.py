"""A JSON object somewhere in a request, with the questions LINE asks of its properties."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.messages import counting

_LETTER = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
URL = re.compile(rf"https?://(?=[^/?#]){_LETTER}+", re.ASCII)
LINK = re.compile(rf"(?:https?://(?=[^/?#])|line:|tel:){_LETTER}+", re.ASCII)


@dataclass(slots=True)
class Problems:
    """Everything wrong with one request; flex_message is the first message with something wrong in its container."""

    http_origins: tuple[str, ...] = ()
    details: list[dict[str, str]] = field(default_factory=list)
    flex_message: int | None = None

    def add(self, path: str, message: str) -> None:
        self.details.append({"message": message, "property": path})


@dataclass(slots=True)
class Place:
    """path is dotted (messages[0].text), or a JSON pointer inside Flex (/body/contents/0)."""

    problems: Problems
    value: dict[str, Any]
    path: str
    pointer: bool = False

    def at(self, key: str) -> str:
        if self.pointer:
            return f"{self.path}/{key}"
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        self.problems.add(self.at(key), message)

    def string(
        self,
        key: str,
        most: int | None = None,
        *,
        required: bool = True,
        count: Callable[[str], int] = counting.utf16,
        least: int = 0,
    ) -> str | None:
        """The property when it is a string; a required one may not be empty."""
        value = self.value.get(key)
        if value is None:
            if required:
                self.wrong(key, "must be specified")
            return None
        if not isinstance(value, str):
            self.wrong(key, "must be a string")
            return None
        if value == "" and (required or least):
            self.wrong(key, "May not be empty")
        elif most is not None and 2 * len(value) > most and count(value) > most:
            self.wrong(key, f"Length must be between {least} and {most}")
        return value

    def url(self, key: str, most: int = 2000, *, required: bool = True) -> None:
        """https, except that the bot's own origin may be plain http here [R#url-encoding]."""
        value = self.string(key, most, required=required)
        if not value:
            return
        secure = value.startswith("https://") or any(
            value == origin or value.startswith(origin + "/") for origin in self.problems.http_origins
        )
        if not secure or not URL.fullmatch(value):
            self.wrong(key, "invalid uri")

    def link(self, key: str, *, required: bool = True) -> None:
        """What a tap opens: http, https, line or tel, at most 1000 [R#uri-action]."""
        value = self.string(key, 1000, required=required)
        if value and not LINK.fullmatch(value):
            self.wrong(key, "invalid uri")

    def choice(self, key: str, options: Collection[str], *, required: bool = True) -> str | None:
        value = self.string(key, required=required)
        if value is not None and value not in options:
            self.wrong(key, f"Must be one of the following values: [{', '.join(sorted(options))}]")
            return None
        return value

    def number(self, key: str, low: float, high: float, *, required: bool = True, whole: bool = False) -> None:
        value = self.value.get(key)
        if value is None:
            if required:
                self.wrong(key, "must be specified")
        elif isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            self.wrong(key, "must be a number")
        elif not low <= value <= high:
            self.wrong(key, f"must be between {low:.15g} and {high:.15g}")

    def flag(self, key: str) -> None:
        value = self.value.get(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, "must be a boolean")

    def pattern(self, key: str, shape: re.Pattern[str], *, required: bool = False) -> None:
        """A string of one shape."""
        value = self.string(key, required=required)
        if value and not shape.fullmatch(value):
            self.wrong(key, "invalid property")

    def inner(self, key: str, *, required: bool = True) -> "Place | None":
        value = self.value.get(key)
        if value is None:
            if required:
                self.wrong(key, "must be specified")
            return None
        if not isinstance(value, dict):
            self.wrong(key, "must be an object")
            return None
        return Place(self.problems, value, self.at(key), self.pointer)

    def items(self, key: str, low: int, high: int | None, *, required: bool = True) -> "list[Place]":
        """The objects in an array of low..high of them (high None: any number)."""
        value = self.value.get(key)
        if value is None:
            if required:
                self.wrong(key, "must be specified")
            return []
        if not isinstance(value, list):
            self.wrong(key, "must be an array")
            return []
        if high is not None and not low <= len(value) <= high:
            self.wrong(key, f"Size must be between {low} and {high}")
            return []
        if len(value) < low:
            self.wrong(key, "May not be empty")
            return []
        places = []
        for index, item in enumerate(value):
            path = f"{self.at(key)}/{index}" if self.pointer else f"{self.at(key)}[{index}]"
            if isinstance(item, dict):
                places.append(Place(self.problems, item, path, self.pointer))
            else:
                self.problems.add(path, "must be an object")
        return places

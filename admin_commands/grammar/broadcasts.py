"""■配信: its head lines besides 対象, read and printed; what it says stands in the parts of a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from admin_commands.grammar import schedules
from admin_commands.grammar.definitions import Broadcast
from admin_commands.grammar.words import Line

FROZEN = ("確認時", "予約時", "固定", "frozen")
JUDGED = ("送信時", "送る時", "その時", "judged")
MOMENTS = ("12/1 18:00", "明日 10:00", "毎週水曜 10:00", "今すぐ")
EXAMPLES = {"target": "対象: タグ:VIP", "at": "日時 12/1 18:00", "judged": "対象の判定 確認時"}


class Complain(Protocol):
    def __call__(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None: ...


@dataclass(slots=True)
class Head:
    """When it is sent, and when it is judged who gets it."""

    complain: Complain = field(repr=False)
    at: schedules.Schedule | None = None
    frozen: bool = False

    @property
    def setters(self) -> dict[str, Callable[[Line, Line], None]]:
        return {"at": self._at, "judged": self._judged}

    def _at(self, line: Line, value: Line) -> None:
        found = schedules.whole(value.text)
        if isinstance(found, schedules.Problem):
            offers = tuple(f"日時: {offer.text}" for offer in found.offers)
            self.complain(line, found.what, offers or tuple(f"日時: {one}" for one in MOMENTS))
        else:
            self.at = found if found.when != schedules.After(0) else None

    def _judged(self, line: Line, value: Line) -> None:
        if value.text not in (*FROZEN, *JUDGED):
            self.complain(line, "の値が分かりません", ("対象の判定: 送信時", "対象の判定: 確認時"))
        self.frozen = value.text in FROZEN


def is_rule(given: schedules.Schedule) -> bool:
    """Whether it comes again and again."""
    return not isinstance(given.when, schedules.At | schedules.After)


def show(given: Broadcast) -> list[str]:
    """Its head lines but 対象 and 版."""
    lines = [f"日時: {schedules.show(given.at)}"] if given.at is not None else []
    return [*lines, *([f"対象の判定: {FROZEN[0]}"] if given.frozen else [])]

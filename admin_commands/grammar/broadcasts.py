"""■配信: its head lines besides 対象, read and printed; what it says stands in the parts of a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from admin_commands.grammar import normalise, schedules, segments, words
from admin_commands.grammar.definitions import Broadcast, Sender
from admin_commands.grammar.words import Line

FROZEN = ("確認時", "予約時", "固定", "frozen")
JUDGED = ("送信時", "送る時", "その時", "judged")
QUIET = ("なし", "無し", "オフ", "off", "しない", "無音")
UNCAPPED = ("無視", "無視する", "なし", "無し", "ignore")
CAPPED = ("守る", "あり", "有り")
LOUD = ("あり", "有り", "オン", "on", "する")
ICON = "アイコン"
ICONS = (ICON, "画像", "icon")
MOMENTS = ("12/1 18:00", "明日 10:00", "毎週水曜 10:00", "今すぐ")
SENDERS = ("送信者: 店長さくら", "送信者: 店長さくら アイコン=さくら")
EXAMPLES = {
    "target": "対象: タグ:VIP",
    "at": "日時 12/1 18:00",
    "judged": "対象の判定 確認時",
    "besides": "除く タグ:購入済み",
    "sender": "送信者 店長さくら",
    "quiet": "通知 なし",
    "uncapped": "上限 無視",
}


class Complain(Protocol):
    def __call__(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None: ...


@dataclass(slots=True)
class Head:
    """When it is sent, when it is judged who gets it, and how it comes to them."""

    complain: Complain = field(repr=False)
    at: schedules.Schedule | None = None
    frozen: bool = False
    sender: Sender | None = None
    quiet: bool = False
    uncapped: bool = False

    @property
    def setters(self) -> dict[str, Callable[[Line, Line], None]]:
        return {
            "at": self._at,
            "judged": self._judged,
            "sender": self._sender,
            "quiet": self._quiet,
            "uncapped": self._uncapped,
        }

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

    def _sender(self, line: Line, value: Line) -> None:
        """`店長さくら アイコン=さくら`: all before the icon is the name."""
        icons = [
            one
            for one in words.tokens(value)
            if one.kind == "option" and normalise.fold(one.key) in map(normalise.fold, ICONS)
        ]
        name = value.lookup.carve(0, icons[0].start if icons else len(value.text)).strip()
        named = words.values_of(value, icons[0]) if icons else []
        ends = not icons or not value.text[icons[0].end :].strip()
        if not name or not ends or len(named) != len(icons) or len(icons) > 1:
            self.complain(line, "の送信者が読めません。名前と、あればアイコンの画像の名前を書いてください", SENDERS)
            return
        self.sender = Sender(name, named[0] if named else None, line.number)

    def _quiet(self, line: Line, value: Line) -> None:
        if value.text.lower() not in (*QUIET, *LOUD):
            self.complain(line, "の値が分かりません", ("通知: なし", "通知: あり"))
        self.quiet = value.text.lower() in QUIET

    def _uncapped(self, line: Line, value: Line) -> None:
        if value.text.lower() not in (*UNCAPPED, *CAPPED):
            told = "の値が分かりません（通数は「/設定 配信上限 週3通」のように決めます）"
            self.complain(line, told, ("上限: 無視", "上限: 守る"))
        self.uncapped = value.text.lower() in UNCAPPED


def is_rule(given: schedules.Schedule) -> bool:
    """Whether it comes again and again."""
    return not isinstance(given.when, schedules.At | schedules.After)


def show(given: Broadcast) -> list[str]:
    """Its head lines but 対象 and 版."""
    lines = [f"除く: {segments.show(given.besides)}"] if given.besides is not None else []
    lines += [f"日時: {schedules.show(given.at)}"] if given.at is not None else []
    lines += [f"対象の判定: {FROZEN[0]}"] if given.frozen else []
    lines += [f"送信者: {show_sender(given.sender)}"] if given.sender is not None else []
    lines += [f"通知: {QUIET[0]}"] if given.quiet else []
    return [*lines, *([f"上限: {UNCAPPED[0]}"] if given.uncapped else [])]


def show_sender(sender: Sender) -> str:
    icon = sender.icon
    if icon is None:
        return sender.name
    return f"{sender.name} {words.show_option(ICON, icon.text if isinstance(icon, words.Name) else words.show(icon))}"

"""The head lines of ■フォーム (題名, 期間, 定員, お礼 …) read and printed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from admin_commands.grammar import normalise, numbers, segments, words
from admin_commands.grammar.contents import attaching
from admin_commands.grammar.definitions import Form, FormMoment, Thanks
from admin_commands.grammar.schedules import dates, printing
from admin_commands.grammar.schedules.said import Problem
from admin_commands.grammar.words import Line
from jobs import timing

Complain = Callable[..., None]  # (line, what, examples): something is wrong with a line
TEXTS = ("description", "thanks", "closed", "full", "outside")  # these go on over the lines below
TURNS: Mapping[str, tuple[str, ...]] = {
    "once": ("1人1回", "一人一回", "1回", "1回だけ", "1人1回だけ", "1人1回まで", "once"),
    "many": ("何度でも", "何回でも", "毎回", "複数回", "many"),
    "edit": ("書き直せる", "書き直し", "編集できる", "変更できる", "あとで書き直せる", "edit"),
}
EDITED = re.compile(r"(?P<until>.+?) ?まで ?(?:書き直せる|書き直し可?|編集できる|変更できる)")
YES = {"する": True, "はい": True, "出す": True, "しない": False, "いいえ": False, "出さない": False, "なし": False}
OVERWRITE: Mapping[str, tuple[str, ...]] = {
    "always": ("する", "上書き", "always"),
    "empty": ("空欄だけ", "空の時だけ", "空欄の人だけ", "空の人だけ", "empty"),
    "never": ("しない", "never"),
}
COLOURS = {
    "緑": "#06C755",
    "みどり": "#06C755",
    "青": "#1E6FD9",
    "あお": "#1E6FD9",
    "赤": "#D0342C",
    "あか": "#D0342C",
    "ピンク": "#E0487F",
    "オレンジ": "#E07B00",
    "紫": "#7B4FC9",
    "茶": "#8A5A33",
    "茶色": "#8A5A33",
    "黒": "#333333",
}
COLOUR = re.compile(r"#?(?P<hex>[0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
CLOSE = ("閉じる", "とじる", "close")
LINK = re.compile(r"(?P<label>.*?) ?(?:→ ?)?(?P<address>(?:https?|line)://\S+|tel:[\d+-]+)$", re.IGNORECASE)
FORMS = tuple(normalise.fold(word) for word in ("フォーム", "アンケート", "form"))
MOST_PLACES = 1_000_000


@dataclass(slots=True)
class Head:
    """What the head lines say."""

    complain: Complain = field(repr=False)
    said: dict[str, Any] = field(default_factory=dict)
    thanks: Thanks = field(default_factory=Thanks)

    @property
    def setters(self) -> dict[str, Callable[[Line, Line], None]]:
        texts = {key: self._text(key) for key in TEXTS}
        return texts | {
            "title": self._text("title"),
            "colour": self._colour,
            "picture": self._picture,
            "turns": self._turns,
            "period": self._period,
            "until": self._until,
            "places": self._places,
            "confirm": self._yes("confirm", "確認: する"),
            "restore": self._yes("restore", "前回の回答: 出す"),
            "overwrite": self._overwrite,
            "thanks_picture": self._picture,
            "thanks_link": self._link,
            "thanks_then": self._then,
        }

    def _text(self, key: str) -> Callable[[Line, Line], None]:
        def take(_line: Line, value: Line) -> None:
            self.put(key, value.raw.strip())

        return take

    def put(self, key: str, text: str) -> None:
        if key == "thanks":
            self.thanks = replace(self.thanks, text=text)
        else:
            self.said[key] = text

    def text(self, key: str) -> str:
        return self.thanks.text if key == "thanks" else str(self.said.get(key, ""))

    def _colour(self, line: Line, value: Line) -> None:
        found = COLOUR.fullmatch(value.text)
        named = COLOURS.get(value.text)
        if found is None and named is None:
            self.complain(line, "の色が読めません", ("色: #06C755", f"色: {'・'.join(('緑', '青', '赤', 'ピンク'))}"))
            return
        digits = found["hex"] if found else ""
        whole = "".join(2 * one for one in digits) if len(digits) == 3 else digits
        self.said["colour"] = named or f"#{whole.upper()}"

    def _picture(self, line: Line, value: Line) -> None:
        media = attaching.media_named(value, 0)
        if media is None:
            self.complain(line, "には、登録した画像の名前を書いてください", (f"{line.text.split(':')[0]}: 外観",))
        elif line.text.startswith(("お礼", "thanks")):
            self.thanks = replace(self.thanks, picture=media)
        else:
            self.said["picture"] = media

    def _turns(self, line: Line, value: Line) -> None:
        found = normalise.key_of(TURNS, value.text)
        edited = EDITED.fullmatch(value.text)
        until = moment(edited["until"]) if edited else None
        if found is not None:
            self.said["turns"] = found
        elif until is not None:
            self.said["turns"], self.said["edit_until"] = "edit", until
        else:
            examples = ("回答: 1人1回", "回答: 何度でも", "回答: 書き直せる", "回答: 12/20 18:00まで書き直せる")
            self.complain(line, "の回数が読めません", examples)

    def _period(self, line: Line, value: Line) -> None:
        text = value.text.replace("から", "~").removesuffix("まで")
        first, sign, last = text.partition("~")
        since, until = (moment(one) if one.strip() else None for one in (first, last))
        unread = (first.strip() and since is None) or (last.strip() and until is None)
        if not sign or unread or (since is None and until is None):
            self.complain(line, "の期間が読めません", ("期間: 12/1〜12/20", "期間: 12/1 9:00〜12/20 18:00"))
        else:
            self.said["since"], self.said["until"] = since, until

    def _until(self, line: Line, value: Line) -> None:
        found = moment(value.text.removesuffix("まで"))
        if found is None:
            self.complain(line, "の日時が読めません", ("締切: 12/20 23:59", "締切: 12/20"))
        else:
            self.said["until"] = found

    def _places(self, line: Line, value: Line) -> None:
        found = numbers.number(value.text.removesuffix("まで").strip().removesuffix("人").removesuffix("名").strip())
        if not found or found > MOST_PLACES:
            self.complain(line, "の人数が読めません", ("定員: 30",))
        else:
            self.said["places"] = found

    def _yes(self, key: str, example: str) -> Callable[[Line, Line], None]:
        def take(line: Line, value: Line) -> None:
            found = YES.get(value.text)
            if found is None:
                word = example.partition(":")[0]
                no = "出さない" if "出す" in example else "しない"
                self.complain(line, f"は「{example.partition(': ')[2]}」か「{no}」です", (example, f"{word}: {no}"))
            else:
                self.said[key] = found

        return take

    def _overwrite(self, line: Line, value: Line) -> None:
        found = normalise.key_of(OVERWRITE, value.text)
        if found is None:
            self.complain(line, "が読めません", tuple(f"項目の上書き: {one[0]}" for one in OVERWRITE.values()))
        else:
            self.said["overwrite"] = found

    def _link(self, line: Line, value: Line) -> None:
        found = LINK.fullmatch(value.raw.strip())
        if found is None:
            self.complain(line, "にアドレスがありません", ("お礼リンク: ホームページ https://example.com",))
        else:
            label = found["label"].strip().rstrip("→").strip() or "開く"
            self.thanks = replace(self.thanks, link=(label, found["address"]))

    def _then(self, line: Line, value: Line) -> None:
        if value.text in CLOSE:
            self.thanks = replace(self.thanks, then="close")
            return
        found = words.tokens(value, 0)
        named = words.values_of(value, found[0]) if len(found) == 1 and found[0].kind == "option" else []
        if len(named) != 1 or normalise.fold(found[0].key) not in FORMS:
            self.complain(
                line, "は「閉じる」か「フォーム:名前」です", ("お礼後: 閉じる", "お礼後: フォーム:次のアンケート")
            )
        else:
            self.thanks = replace(self.thanks, then=named[0])


def moment(text: str) -> FormMoment | None:
    """`12/20 23:59`, `12/20`."""
    text = text.strip()
    day = dates.day(text, 0)
    if day is None or isinstance(day, Problem):
        return None
    at = dates.clock(text, day[1])
    end = at[1] if at else day[1]
    return FormMoment(day[0], at[0] if at else None) if not text[end:].strip() else None


# ---- canonical text ----


def show(given: Form) -> list[str]:
    """The head lines, but for 状態 and 版."""
    thanks = given.thanks
    lines = [f"題名: {given.title}"] if given.title else []
    lines += _text("説明", given.description)
    lines += [f"色: {given.colour}"] if given.colour else []
    lines += [f"画像: {words.show(given.picture)}"] if given.picture is not None else []
    lines += [f"回答: {_turns(given)}"]
    if given.since is not None:
        lines.append(f"期間: {show_moment(given.since)}〜{show_moment(given.until)}")
    elif given.until is not None:
        lines.append(f"締切: {show_moment(given.until)}")
    lines += [f"定員: {given.places}"] if given.places is not None else []
    lines += [f"対象: {segments.show(given.target)}"] if given.target is not None else []
    lines += ["確認: する"] if given.confirm else []
    lines += ["前回の回答: 出す"] if given.restore else []
    lines += [f"項目の上書き: {OVERWRITE[given.overwrite][0]}"] if given.overwrite is not None else []
    lines += _text("お礼", thanks.text)
    lines += [f"お礼画像: {words.show(thanks.picture)}"] if thanks.picture is not None else []
    lines += [f"お礼リンク: {' '.join(thanks.link)}"] if thanks.link is not None else []
    if thanks.then is not None:
        shown = CLOSE[0] if isinstance(thanks.then, str) else words.show_reference("フォーム", thanks.then)
        lines.append(f"お礼後: {shown}")
    lines += _text("受付終了", given.closed or "")
    lines += _text("満員", given.full or "")
    return lines + _text("対象外", given.outside or "")


def _text(word: str, text: str) -> list[str]:
    return f"{word}: {text}".split("\n") if text else []


def _turns(given: Form) -> str:
    if given.edit_until is not None:
        return f"{show_moment(given.edit_until)}まで書き直せる"
    return TURNS[given.turns][0]


def show_moment(given: FormMoment | None) -> str:
    if given is None:
        return ""
    day = printing.show_day(given.day)
    return day if given.at is None else f"{day} {timing.clock_text(given.at)}"

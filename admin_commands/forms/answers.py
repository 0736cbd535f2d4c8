"""フォーム 回答: who answered what, the latest first; one submission in full; masked as all that staff read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from admin_commands import cards, choices, desk, lists, masking, objects
from admin_commands.forms import looks, telling
from admin_commands.forms.looks import FORMS
from admin_commands.grammar import normalise
from admin_commands.grammar.commands import Command as Said
from jobs.messages import hosting
from storage import fields, versions
from storage.drafted import Kept
from storage.forms import results, submissions, tickets

LATEST = re.compile(r"最新 ?(\d{1,3})?(?:件)?")
NUMBER = re.compile(r"(?:回答)?#?(\d{1,18}) ?番")
SEARCH, IN_FULL = ("検索", "さがす", "探す"), ("全表示", "伏字なし")
FEW, MOST = 5, 10
MOST_FILES = 3
TOLD = 4  # answers in a row of the list
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What answers are read by: every question that the form has ever asked, and which of their fields are masked."""

    asked: Mapping[str, Mapping[str, Any]]
    masked: frozenset[int]

    def private(self, question: Mapping[str, Any]) -> bool:
        return question["field"] in self.masked


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """`最新5`, a friend, `検索 語`, `12番`."""
    one, _ = await FORMS.in_use(at, said)
    given = objects.text_of(said, 1) if len(said.args) > 1 else ""
    word = normalise.lookup(given).text
    number = NUMBER.fullmatch(word)
    if number is not None:
        return await _one(at, said, one, int(number[1]))
    latest = LATEST.fullmatch(word) if word else None
    page = objects.page_of(said)
    friend, searched = None, ""
    if word in SEARCH:
        searched = said.after(1).partition("\n")[0].strip().strip("「」")
        if not searched:
            raise desk.Declined(f"探す言葉を書いてください。例: フォーム 回答 #Q{one.id} 検索 カラー")
    elif word and latest is None:
        friend = await objects.friend(at, said, 1)
    rows = min(MOST, max(1, int(latest[1]))) if latest is not None and latest[1] else FEW if latest else lists.ROWS
    found, total = await results.page(
        one.id,
        at.sight,
        rows,
        0 if latest is not None else lists.offset(page),
        friend=friend.id if friend is not None else None,
        words=searched,
    )
    sheet = await sheet_of(one)
    told = await _rows(at, one, sheet, found)
    which = f"・「{searched}」" if searched else f"・{friend.name or '名前なし'}さん" if friend is not None else ""
    command = f"フォーム 回答 #Q{one.id}"
    if searched:
        command += f" 検索 {searched}"
    elif friend is not None:
        command += f" #F{friend.id}"
    taps = [cards.Tap("結果", f"フォーム 結果 #Q{one.id}"), cards.Tap("出力（CSV）", f"フォーム 出力 #Q{one.id}")]
    return await lists.say(
        at,
        f"📝 「{one.name}」の回答{which}",
        told,
        total if latest is None else len(told),
        page if latest is None else 1,
        command,
        taps=taps,
        empty="まだ回答がありません。" if not (searched or friend) else "当てはまる回答はありません。",
    )


async def sheet_of(one: Kept) -> Sheet:
    """Every question of all versions as it was asked last."""
    every, _ = await versions.page(FORMS.rows.owner(one.id), 10_000, 0)
    asked: dict[str, Mapping[str, Any]] = {}
    order = [version for version in every if version.number == one.live]
    for version in [*order, *every]:
        for question in looks.everything_in(version.content["form"]):
            if question["kind"] not in ("heading", "note", "picture"):
                asked.setdefault(question["key"], question)
    noted = await fields.get([each["field"] for each in asked.values() if each["field"] is not None])
    return Sheet(asked, frozenset(number for number, field in noted.items() if field.masked))


async def _rows(at: desk.Desk, one: Kept, sheet: Sheet, found: Sequence[results.Listed]) -> list[cards.Row]:
    """`田中さん 11/24(火) 10:30` with the first answers below."""
    ids = [each.id for each in found]
    given, files = await submissions.values(ids), await results.uploads(ids)
    rows = []
    for each in found:
        told = _told(at, sheet, given.get(each.id, []), files.get(each.id, []), most=20)
        note = "・".join(f"{label}: {text}" for label, text in told[:TOLD])
        rows.append(
            cards.Row(
                f"{_name(at, each)}さん {at.moment(each.at)}{'（書き直し）' if each.edited_at else ''}",
                f"フォーム 回答 #Q{one.id} {each.id}番",
                f"#F{each.friend}",
                note,
            )
        )
    return rows


def _name(at: desk.Desk, one: results.Listed) -> str:
    return masking.shown(at, one.name) if one.name else "名前なし"


def _told(
    at: desk.Desk,
    sheet: Sheet,
    given: Sequence[submissions.Value],
    files: Sequence[results.Upload],
    *,
    most: int = telling.SHORT,
    full: bool = False,
) -> list[tuple[str, str]]:
    """(label, answer) of all that was answered, in the order of the form."""
    told = []
    for key, question in sheet.asked.items():
        own = [one for one in given if one.question == key]
        sent = [one for one in files if one.question == key]
        if not own and not sent:
            continue
        text = telling.values(question, own, sent)
        if not full:
            text = telling.shown(at, question, text, private=sheet.private(question), most=most)
        told.append((question["label"] or telling.KIND_WORDS[question["kind"]], text))
    return told


async def _one(at: desk.Desk, said: Said, one: Kept, number: int) -> cards.Say:
    """All of one submission; its files behind links that are good once, where nobody else reads them."""
    found = await results.get(number, at.sight)
    if found is None or found.form != one.id:
        raise desk.Declined(
            f"フォーム「{one.name}」に {number}番の回答はありません。\n"
            "一覧を出して、行の左の番号（「1」など）だけを送ると、その回答が開きます。",
            cards.Tap("回答の一覧", f"フォーム 回答 #Q{one.id}"),
        )
    at.found_something = True
    alone = at.heard.group is None
    asked_in_full = len(said.args) > 2 and objects.text_of(said, 2) in IN_FULL
    full = asked_in_full and alone and _reveals(at)
    given = (await submissions.values([number])).get(number, [])
    files = (await results.uploads([number])).get(number, [])
    sheet = await sheet_of(one)
    lines: list[cards.Line] = [f"日時: {at.moment(found.at)}（版{found.version}・{found.attempt}回目）"]
    if found.edited_at is not None:
        lines.append(f"書き直し: {at.moment(found.edited_at)}")
    if found.score is not None:
        lines.append(f"点数: {found.score.normalize():f}点")
    told = _told(at, sheet, given, files, most=300, full=full)
    lines += [f"{label}: {text}" for label, text in told]
    buttons: list[cards.Tap | cards.Copy] = [cards.Tap("この方", f"友だち 表示 #F{found.friend}")]
    notes = []
    if asked_in_full and not full:
        says = f"/フォーム 回答 #Q{one.id} {number}番 全表示"
        notes.append(
            "全表示は、ボットとの1対1で送ると見られます（0通）。"
            if _reveals(at)
            else f"🔒 伏せた内容を見られるのは{desk.who(choices.reveals(at.config.chosen))}の方です。"
        )
        buttons += [cards.Copy("言葉をコピー", says)] if _reveals(at) else []
    elif not full and told != _told(at, sheet, given, files, most=300, full=True) and _reveals(at):
        buttons.append(cards.Tap("全表示（1対1へ）", f"フォーム 回答 #Q{one.id} {number}番 全表示"))
    if files and not alone:
        notes.append("写真とファイルは、ボットとの1対1で同じ言葉を送ると受け取れます。")
    buttons.append(cards.Tap("回答の一覧", f"フォーム 回答 #Q{one.id}"))
    title = f"📝 {_name(at, found)}さんの回答・{one.name}"
    card = cards.panel(title, lines, notes=notes, buttons=buttons)
    if not files or not alone or not at.config.public:
        return cards.Say("", card=card)
    shown = [await _file(at, one, each) for each in files[:MOST_FILES]]
    return cards.Say("", before=(card, *shown[:-1]), card=shown[-1])


def _reveals(at: desk.Desk) -> bool:
    return desk.RANK[at.actor.own] >= desk.RANK[choices.reveals(at.config.chosen)]


async def _file(at: desk.Desk, one: Kept, file: results.Upload) -> cards.Message:
    """A link to one upload, good once."""
    until = at.now + LIFE
    token = await tickets.issue("upload", one.id, file.id, until)
    size = f"{file.size / 1_000_000:.1f}MB" if file.size >= 100_000 else f"{max(1, file.size // 1000):,}KB"
    return cards.panel(
        f"📎 {cards.shortened(file.name, 60)}",
        [f"大きさ: {size}", f"下のボタンから受け取れます（{at.clock(until)}まで・1回だけ）。"],
        notes=["お客様のものです。お店の外の方に見せないようご注意ください。"],
        link=("受け取る", hosting.answers(token)),
    )

"""履歴: who changed what and when, in plain Japanese, with what can be taken back."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from admin_commands import cards, command, desk, lists, masking, objects
from admin_commands.command import Argument, Command
from admin_commands.grammar import canonical, words
from admin_commands.grammar.commands import Command as Said
from storage import audit

DATE = re.compile(r"(?:(?P<year>\d{4})[-/])?(?P<month>\d{1,2})[-/](?P<day>\d{1,2})$")
BEFORE = {"name": "名前", "role": "役割", "state": "状態", "source": "内容"}
STATES = {
    "draft": "下書き",
    "live": "公開中",
    "paused": "停止中",
    "active": "有効",
    "suspended": "停止中",
    "removed": "スタッフではない",
}
WORDS: Mapping[str, Mapping[Any, str]] = {"role": desk.ROLES, "state": STATES}
REACHED = {
    "tags_off": "新しくタグが付いた友だち",
    "tags_on": "タグが外れた友だち",
    "walks_off": "新しく入った友だち",
    "walks_on": "外れた友だち",
    "mark": "変わった友だち",
}
MOST_BEFORE = 6
MOST_SOURCE = 400
DAYS = re.compile(r"(?P<days>\d{1,3})日(?:間|以内)?$")


async def show(at: desk.Desk, said: Said) -> cards.Say:
    given = said.objects(0)
    if given and isinstance(given[0], words.Id) and given[0].letter == "Z":
        return await _one(at, given[0].number)
    since, until, staff_id, wanted = None, None, None, []
    for place, argument in enumerate(said.args):
        one = argument.objects[0]
        plain = objects.text_of(said, place)
        days = span(at, plain)
        if days is not None:
            since, until = days
        elif isinstance(one, words.Person) or plain.startswith("@") or plain == "自分":
            staff_id = (await objects.member(at, said, place)).id
        else:
            wanted.append(plain)
    wanted += [option.value for option in said.options if option.key != "ページ"]
    page = objects.page_of(said)
    if at.scope is not None:
        if staff_id not in (None, at.actor.staff_id):
            raise desk.Forbidden("🔒 ほかの人の記録は、管理者以上の方が見られます。", "manager")
        staff_id = at.actor.staff_id or 0
    found, total = await audit.search(
        since=since, until=until, staff_id=staff_id, words=wanted, limit=lists.ROWS, offset=lists.offset(page)
    )
    listing = canonical(Said("log", "list", said.args, tuple(one for one in said.options if one.key != "ページ")))
    rows = [cards.Row(masking.shown(at, one.sentence), f"履歴 #Z{one.id}", note=_about(at, one)) for one in found]
    return await lists.say(at, "📜 履歴", rows, total, page, listing, empty="当てはまる操作はありません。")


def _about(at: desk.Desk, one: audit.Entry) -> str:
    undone = "・取消済み" if one.undone_at else ""
    return f"#Z{one.id} {at.moment(one.at)}・{one.staff or 'ボット'}{undone}"


async def _one(at: desk.Desk, number: int) -> cards.Say:
    entry = await audit.lock(number) if number < 2**62 else None
    if entry is None or (at.scope is not None and entry.staff_id != at.actor.staff_id):
        raise desk.Declined(f"#Z{number} の操作はありません。", cards.Tap("履歴", "履歴"))
    at.concerns("log", f"#Z{entry.id}")
    told = [f"いつ: {at.moment(entry.at)}", f"だれ: {entry.staff or 'ボット'}", *_before(entry)]
    told.append(f"場所: {f'グループ「{entry.group}」' if entry.group is not None else '1対1のトーク'}")
    buttons = [cards.Tap("履歴", "履歴")]
    if entry.undone_at is not None:
        told.append(f"{at.moment(entry.undone_at)} に取り消されました。")
    elif not entry.inverse:
        told.append("この操作は取り消せません。")
    else:
        buttons.insert(0, cards.Tap("取消", f"取消 #Z{entry.id}"))
    return cards.Say(
        "", card=cards.panel(f"📜 #Z{entry.id} {masking.shown(at, entry.sentence)}", told, buttons=buttons)
    )


def _before(entry: audit.Entry) -> list[str]:
    """What was there before, and how many friends were concerned, as far as the inverse tells it."""
    told = []
    for change in entry.inverse:
        for column, word in BEFORE.items():
            value = change.get("values", {}).get(column)
            if value:
                told.append(f"前の{word}: {_value(column, value)}")
        counted = next((key for key in ("links", "pairs", "walks", "friends") if key in change), None)
        if counted is not None:
            told.append(f"{REACHED[change['do']]}: {len(change[counted]):,}人")
    return told[:MOST_BEFORE]


def _value(column: str, value: Any) -> str:
    if column == "source":
        return "\n" + cards.shortened(str(value), MOST_SOURCE)
    return WORDS.get(column, {}).get(value, f"「{value}」")


def span(at: desk.Desk, plain: str) -> tuple[datetime, datetime] | None:
    """今日, 昨日, 7日, 11/23 as a stretch of time; None when it is no such word."""
    today = at.local(at.now).date()
    if plain in ("今日", "昨日"):
        day = today - timedelta(days=plain == "昨日")
        return _midnight(at, day), _midnight(at, day + timedelta(days=1))
    days = DAYS.match(plain)
    if days:
        first = today - timedelta(days=max(0, int(days["days"]) - 1))
        return _midnight(at, first), _midnight(at, today + timedelta(days=1))
    dated = DATE.match(plain)
    if dated is None:
        return None
    try:
        day = date(int(dated["year"] or today.year), int(dated["month"]), int(dated["day"]))
    except ValueError:
        raise desk.Declined(f"「{plain}」という日付はありません。") from None
    if dated["year"] is None and day > today:
        day = day.replace(year=day.year - 1)
    return _midnight(at, day), _midnight(at, day + timedelta(days=1))


def _midnight(at: desk.Desk, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=at.zone)


NOUN = command.Noun(
    "log",
    "だれがいつ何を変えたかの記録です。",
    (
        Command(
            "log",
            "list",
            "変更の記録（日・人・語で絞れます）",
            ("履歴", "履歴 今日", "履歴 {entry}"),
            "viewer",
            0,
            show,
            (Argument("日・@お名前・語", optional=True), Argument("もう1つ", optional=True)),
            options=("ページ", "シナリオ", "タグ"),
        ),
    ),
    bare="list",
)

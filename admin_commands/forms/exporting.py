"""フォーム 出力: all answers as a CSV file, behind a link that is good once; handed out alone with the bot only."""

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta, tzinfo

from admin_commands import cards, desk, objects
from admin_commands.forms import answers, telling
from admin_commands.forms.looks import FORMS
from admin_commands.grammar.commands import Command as Said
from jobs.messages import hosting
from storage import segments
from storage.drafted import Kept
from storage.forms import results, tickets

LIFE = timedelta(minutes=10)
CHUNK = 500
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")  # what a spreadsheet would reckon with, at the beginning of a cell
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")
HEAD = ("番号", "回答日時", "書き直した日時", "お名前（LINE）", "友だち番号", "何回目", "版", "点数", "結果")


async def export(at: desk.Desk, said: Said) -> cards.Say:
    """In a group only how to get there: what customers have written is not for everybody who reads along."""
    thing = await objects.thing(at, "forms", said)
    one = await FORMS.rows.get(thing.id)
    if at.heard.group is not None:
        says = f"/フォーム 出力 #Q{one.id}"
        told = [
            "回答にはお客様の個人情報が入るため、グループでは渡しません。",
            "ボットとの1対1のトークに、次の言葉を送ってください（0通）。",
            says,
        ]
        return cards.Say("", card=cards.panel("🔒 出力は1対1で", told, buttons=[cards.Copy("言葉をコピー", says)]))
    tally = await results.tally(one.id, at.sight)
    if not tally.submissions:
        return cards.Say(f"フォーム「{one.name}」には、まだ回答がありません。")
    if not at.config.public:
        raise desk.Declined(
            "ファイルを渡すには、このサーバーの公開アドレス（PUBLIC_URL）の設定が必要です。設置した方にお伝えください。"
        )
    until = at.now + LIFE
    token = await tickets.issue("answers", one.id, tally.submissions, until)
    at.record("form.export", {"form": one.id}, f"フォーム「{one.name}」の回答{tally.submissions:,}件を出力した")
    made = cards.panel(
        f"📄 フォーム「{one.name}」の回答 {tally.submissions:,}件",
        [f"ファイル（CSV）は、下のボタンから受け取れます（{at.clock(until)}まで・1回だけ）。"],
        notes=["お客様の個人情報がそのまま入っています。取り扱いにご注意ください。"],
        link=("ファイルを受け取る", hosting.answers(token)),
    )
    return cards.Say("", card=made)


def file_name(number: int, now: datetime, zone: tzinfo) -> str:
    return f"form-{number}-{now.astimezone(zone):%Y%m%d-%H%M}.csv"


async def rows(number: int, now: datetime, zone: tzinfo) -> AsyncIterator[bytes]:
    """The file in pieces: UTF-8 with a byte order mark, without which spreadsheets guess the encoding wrong."""
    one = await FORMS.rows.get(number)
    sheet = await answers.sheet_of(one)
    shown = {each["key"]: each["title"] for each in await _results(one)}
    yield b"\xef\xbb\xbf" + _line([*HEAD, *(str(question["label"]) for question in sheet.asked.values())])
    sight = segments.Sight(now, zone)
    after = 0
    while found := await results.everything(number, sight, after, CHUNK):
        yield b"".join(_line(_cells(sheet, each, shown, zone)) for each in found)
        after = found[-1].of.id


async def _results(one: Kept) -> Sequence[dict[str, str]]:
    written = await FORMS.version(one, one.live or one.draft)
    found: Sequence[dict[str, str]] = written.content["form"]["results"] if written is not None else ()
    return found


def _cells(sheet: answers.Sheet, taken: results.Taken, shown: dict[str, str], zone: tzinfo) -> list[str]:
    of = taken.of
    told = [
        str(of.id),
        _moment(of.at, zone),
        _moment(of.edited_at, zone) if of.edited_at is not None else "",
        of.name or "",
        f"#F{of.friend}",
        str(of.attempt),
        str(of.version),
        f"{of.score.normalize():f}" if of.score is not None else "",
        shown.get(of.result or "", of.result or ""),
    ]
    for key, question in sheet.asked.items():
        own = [one for one in taken.values if one.question == key]
        told.append(telling.values(question, own, [one for one in taken.files if one.question == key]))
    return told


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell

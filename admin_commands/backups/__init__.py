"""控え: the whole configuration as text that gives it again, kept, handed over, compared and taken in."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from admin_commands import cards, desk
from admin_commands.backups import importing, looks, printing, things
from admin_commands.command import Argument, Command, Noun
from admin_commands.grammar import explain, read_file
from admin_commands.grammar.commands import Command as Said
from storage import backups

NUMBER = Argument("番号")


def noun(book: Sequence[Noun]) -> Noun:
    """The noun 控え over all nouns of the book."""

    async def make(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
        text = await printing.whole(book, at.zone)
        kept, is_new = await backups.keep(text, at.actor.staff_id, at.now)
        read = read_file(text)
        done = "を作りました" if is_new else f"（{at.moment(kept.at)}）から変わっていません"
        counted = things.counted(list(things.of(read).values()))
        told = f"🗂 控え{kept.id}{done}\n{counted or 'まだ何もありません'}"
        if read.faults:
            told += f"\n⚠ このままでは取り込めない所があります\n{explain(read.faults)}"
        return await looks.handed_over(at, kept, told)

    async def compare(at: desk.Desk, said: Said) -> cards.Say:
        return await looks.compare(at, said, book)

    async def take_in(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
        return await importing.take_in(at, book)

    return Noun(
        "backup",
        "お店の設定をまるごと文字にして残し、別のAyumiにも移せます。",
        (
            Command("backup", "new", "今の設定を控え、ファイルで受け取る", ("控え", "控え 作成"), "manager", 1, make),
            Command(
                "backup",
                "list",
                "残っている控え（新しい30個）",
                ("控え 一覧",),
                "manager",
                0,
                looks.show_list,
                options=("ページ",),
            ),
            Command(
                "backup",
                "show",
                "1つの控えをファイルで受け取る",
                ("控え 表示 12",),
                "manager",
                0,
                looks.show,
                (NUMBER,),
            ),
            Command(
                "backup",
                "diff",
                "その日（番号）の控えから変わった所",
                ("控え 比較 11/20", "控え 比較 12", "控え 比較"),
                "manager",
                0,
                compare,
                (Argument("日か番号", optional=True),),
            ),
            Command(
                "backup",
                "import",
                "先に送った控えのファイルを取り込む。公開中のものは下書きになるだけ",
                ("控え 取込",),
                "owner",
                2,
                take_in,
                most=3,
            ),
        ),
        bare="new",
    )


async def keep_tonight(book: Sequence[Noun], zone: ZoneInfo, now: datetime) -> None:
    """Keep what has changed since the last one."""
    await backups.keep(await printing.whole(book, zone), None, now)

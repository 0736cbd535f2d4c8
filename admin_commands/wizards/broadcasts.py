"""The wizard of 配信: a name, to whom, what, when; it ends in a draft, and nothing is sent by it."""

from collections.abc import Sequence

from admin_commands import desk
from admin_commands.grammar import words
from admin_commands.wizards.messages import BODY, BUTTON, free, suggest
from admin_commands.wizards.questions import Choice, Question, Wizard
from storage import named

SEGMENTS, CROWDS = 2, 3  # saved segments and, with tags, all that is offered to be tapped
ANY_TEXT = "\n▼本文\n。"  # makes a readable block of one that ends with its head
EVERYBODY = Choice("友だち全員", "対象: 全員")


async def _crowds(_: desk.Desk) -> Sequence[Choice]:
    """The latest saved segments, and the latest tags."""
    kept = [("＠", name) for name in await named.all_names("segments", SEGMENTS)]
    tags = [("タグ:", name) for name in await named.all_names("tags", CROWDS - len(kept))]
    return [Choice(sign + name, f"対象: {sign}{words.quote(name)}") for sign, name in (*kept, *tags)]


BROADCAST = Wizard(
    "broadcast",
    ("new",),
    "配信の作成",
    "operator",
    (
        Question(
            "name",
            "配信の名前を決めてください（お客様には見えません）。",
            sign="■配信 ",
            offer=suggest("broadcasts", "今月のお知らせ", "クーポン"),
            missing=f"\n対象: 全員{ANY_TEXT}",
            check=free("broadcasts", "配信"),
            head=True,
        ),
        Question(
            "target",
            "どなたに送りますか？ 「タグ:VIP かつ 最終反応 60日以内」のような条件でも選べます。",
            sign="対象: ",
            choices=(EVERYBODY,),
            offer=_crowds,
            missing=ANY_TEXT,
            head=True,
        ),
        Question("text", f"本文を送ってください。\n{BODY}", sign="▼本文\n", verbatim=True),
        Question("button", f"ボタンを付けますか？ 付けないなら「とばす」。\n{BUTTON}", sign="＋ボタン ", optional=True),
        Question(
            "at",
            "いつ送りますか？「12/24 18:00」「毎週水曜 10:00」のようにも書けます。\n"
            "ここでは下書きができるだけで、まだ送りません。",
            sign="日時: ",
            choices=(
                Choice("今すぐ", "日時: 今すぐ"),
                Choice("明日 10:00", "日時: 明日 10:00"),
                Choice("明日 18:00", "日時: 明日 18:00"),
            ),
            head=True,
            picks="datetime",
        ),
    ),
)

"""The wizards of what is sent and done: シナリオ, テンプレ, アクション, あいさつ."""

from collections.abc import Awaitable, Callable, Sequence

from admin_commands import desk, objects
from admin_commands.grammar import words
from admin_commands.wizards.questions import END, Answered, Choice, Question, Wizard
from jobs import messages
from storage import greetings, named, names

LATEST = 2  # of what the shop has, offered to be tapped
BODY = "改行も絵文字も、このままお客様に届きます。{名前} と書くと、その方のお名前になります。"
BUTTON = "「予約する → https://example.com」「電話する → tel:0312345678」のように、文字 → 行き先 で送ってください。"
ANY_STEP = "\n▼すぐ\n。"  # makes a readable block of one that ends with its head
ANY_TEXT = "\n。"
SHOWN = 60  # characters of what is said now


def free(kind: named.Kind, noun: str) -> Callable[[desk.Desk, str], Awaitable[None]]:
    """Whether a name is fit to be kept and not taken: nothing that exists is overwritten from here."""

    async def check(_: desk.Desk, name: str) -> None:
        name = objects.new_name(words.Name(name), kind)
        if names.name_key(name) in await named.by_names(kind, [name]):
            raise desk.Declined(f"{noun}「{name}」はもうあります。ほかの名前を送ってください。")

    return check


def suggest(kind: named.Kind, *suggested: str) -> Callable[[desk.Desk], Awaitable[Sequence[Choice]]]:
    """Those of these names that are not taken."""
    noun, _ = objects.KINDS[kind]

    async def offer(_: desk.Desk) -> Sequence[Choice]:
        taken = await named.by_names(kind, suggested)
        return [Choice(one, f"■{noun} {one}") for one in suggested if names.name_key(one) not in taken]

    return offer


async def _tags(_: desk.Desk) -> Sequence[Choice]:
    """A tag that is put on, as what begins a scenario."""
    found = await named.all_names("tags", LATEST)
    shown = [f"タグ:{words.quote(name)} が付いたら" for name in found]
    return [Choice(one, f"開始: {one}") for one in shown]


def _greeting(kind: greetings.Kind) -> Callable[[desk.Desk], Awaitable[str]]:
    """What is said in greeting now."""

    async def standing(_: desk.Desk) -> str:
        kept = (await greetings.all_kept()).get(kind)
        said = [message for action in kept.actions for message in action.get("messages", ())] if kept else []
        return f"今の内容: 「{messages.alt_text(said, SHOWN)}」" if said else ""

    return standing


def _when(answered: Answered) -> str:
    nth = answered["text"] + 1
    counted = "始まりから数えます。" if nth > 1 else "始まった時から数えます。"
    return f"{nth}通目は、いつ送りますか？ {counted}\n「3日後 19:00」「次の金曜 18:00」のようにも書けます。"


def _text(answered: Answered) -> str:
    return f"{answered['text'] + 1}通目の本文を送ってください。\n{BODY}"


SCENARIO = Wizard(
    "scenario",
    ("new",),
    "シナリオの作成",
    "operator",
    (
        Question(
            "name",
            "シナリオの名前を決めてください（お客様には見えません）。",
            sign="■シナリオ ",
            offer=suggest("scenarios", "ようこそ", "ご来店のお礼"),
            missing=ANY_STEP,
            check=free("scenarios", "シナリオ"),
        ),
        Question(
            "start",
            "いつ始めますか？ タグで始めるなら「タグ:見込み が付いたら」のように送ってください。",
            sign="開始: ",
            choices=(Choice("友だち追加されたら", "開始: 友だち追加"), Choice("自分で入れたときだけ", "開始: 手動")),
            offer=_tags,
            missing=ANY_STEP,
        ),
        Question(
            "when",
            _when,
            sign="▼",
            choices=(
                Choice("すぐ", "▼すぐ"),
                Choice("1日後 12:00", "▼1日後 12:00"),
                Choice("3日後 19:00", "▼3日後 19:00"),
                Choice("7日後 12:00", "▼7日後 12:00"),
            ),
            missing=ANY_TEXT,
        ),
        Question("text", _text, verbatim=True),
        Question("button", f"ボタンを付けますか？ 付けないなら「とばす」。\n{BUTTON}", sign="＋ボタン ", optional=True),
        Question(
            "more",
            "続きの1通を足しますか？",
            choices=(Choice("これで完成", then=END), Choice("もう1通足す", then="when")),
            written=False,
        ),
    ),
)

TEMPLATE = Wizard(
    "template",
    ("new",),
    "テンプレの作成",
    "operator",
    (
        Question(
            "name",
            "テンプレの名前を決めてください（お客様には見えません）。",
            sign="■テンプレ ",
            offer=suggest("templates", "料金表", "アクセス"),
            missing="\n▼本文\n。",
            check=free("templates", "テンプレ"),
        ),
        Question("text", f"本文を送ってください。\n{BODY}", sign="▼本文\n", verbatim=True),
        Question(
            "button",
            f"ボタンを付けますか？ 付けないなら「とばす」。\n{BUTTON}",
            sign="＋ボタン ",
            optional=True,
            skip_to="more",
        ),
        Question(
            "more",
            "続けますか？",
            choices=(
                Choice("これで完成", then=END),
                Choice("ボタンをもう1つ", then="button"),
                Choice("本文をもう1つ", then="text"),
            ),
            written=False,
        ),
    ),
)

ACTION = Wizard(
    "action",
    ("new",),
    "アクションの作成",
    "operator",
    (
        Question(
            "name",
            "アクションの名前を決めてください（お客様には見えません）。",
            sign="■アクション ",
            offer=suggest("action_sets", "VIP化", "ご来店"),
            missing="\n・送る 「。」",
            check=free("action_sets", "アクション"),
        ),
        Question(
            "act",
            "行うことを1つ送ってください。\n例: 「タグ付ける VIP」「送る 「本文」」（一覧は「ヘルプ 動作」）",
            sign="・",
        ),
        Question(
            "more",
            "続けますか？",
            choices=(Choice("これで完成", then=END), Choice("もう1つ足す", then="act")),
            written=False,
        ),
    ),
)

GREETING = Wizard(
    "greeting",
    ("new", "set"),
    "あいさつの変更",
    "manager",
    (
        Question(
            "new",
            f"はじめて友だちになった方へのあいさつを送ってください。このままでよければ「とばす」。\n{BODY}",
            sign="▼新規\n",
            standing=_greeting("new"),
            verbatim=True,
            optional=True,
            skip_to="returning",
        ),
        Question("button", f"ボタンを付けますか？ 付けないなら「とばす」。\n{BUTTON}", sign="＋ボタン ", optional=True),
        Question(
            "returning",
            "ブロックを解除して戻ってきた方へのあいさつを送ってください。このままでよければ「とばす」。",
            sign="▼ブロック解除\n",
            standing=_greeting("returning"),
            verbatim=True,
            optional=True,
        ),
    ),
    head="■あいさつ 友だち追加",
)

AUTO_REPLY = Wizard(
    "autoreply",
    ("new",),
    "自動応答の作成",
    "operator",
    (
        Question(
            "name",
            "自動応答の名前を決めてください（お客様には見えません）。",
            sign="■自動応答 ",
            offer=suggest("auto_replies", "営業時間", "駐車場"),
            missing="\n▼返信\n。",
            check=free("auto_replies", "自動応答"),
        ),
        Question(
            "words",
            "お客様のどんな言葉に答えますか？ どれかが入っていれば答えます。\n例: 営業時間, 何時まで, あいてますか",
            sign="語: ",
            missing="\n▼返信\n。",
        ),
        Question("text", f"返信の文を送ってください。\n{BODY}", sign="▼返信\n", verbatim=True),
        Question("button", f"ボタンを付けますか？ 付けないなら「とばす」。\n{BUTTON}", sign="＋ボタン ", optional=True),
    ),
)

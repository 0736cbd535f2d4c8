"""使用量 内訳: what has taken a month's messages, by kind and by name, from the ledger, in words and as a picture."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from admin_commands import cards, desk, objects, pictures
from admin_commands.grammar.commands import Command as Said
from jobs import charts
from storage import quota
from storage.outbox import ledger

# Kinds of `ledger.Spent` in the order in which what is equal is told, and where one of them can be looked at.
KINDS = {
    "broadcast": "配信",
    "scenario": "シナリオ",
    "greeting": "あいさつ",
    "auto_reply": "自動応答",
    "button": "ボタン",
    "link": "リンク",
    "form": "フォーム",
    "event": "ほかの受け答え",
    "deed": "友だちへの操作",
    "notice": "急ぎのお知らせ",
}
REST = "その他"
NUMBERED = {"broadcast": "配信「{name}」#B{number}", "scenario": "シナリオ「{name}」#S{number}"} | {
    "auto_reply": "自動応答「{name}」#A{number}",
    "link": "リンク「{name}」",
    "form": "フォーム「{name}」#Q{number}",
    "deed": "操作 #Z{number}",
}
GONE = {"broadcast": "消した配信 #B{number}", "scenario": "消したシナリオ #S{number}"} | {
    "auto_reply": "消した自動応答 #A{number}",
    "link": "消したリンク",
    "form": "消したフォーム #Q{number}",
}
# Pushes of these are answers that came too late for their reply, or were too many for it.
ANSWERS = ("greeting", "auto_reply", "button", "event")
BIGGEST = 5
LONGEST = 30  # characters of a name: that of a link without one is its address
_MONTH = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})月?")


@dataclass(frozen=True, slots=True)
class Part:
    """One kind, and what of it has a name, the most first."""

    kind: str
    messages: int
    named: Sequence[ledger.Spent]

    @property
    def word(self) -> str:
        return KINDS.get(self.kind, REST)

    @property
    def note(self) -> str:
        """配信「年末」#B12, or 配信「年末」#B12 40通・ほか2件."""
        if len(self.named) < 2:
            return "".join(map(_called, self.named))
        return f"{_called(self.named[0])} {self.named[0].messages:,}通・ほか{len(self.named) - 1}件"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    local = at.local(at.now)
    month = _month(said, local)
    now = month == f"{local:%Y-%m}"
    found = await quota.of_month(month)
    spent = await ledger.of_month(month)
    doubt = await ledger.in_doubt(at.zone.key, month)
    others = found.others if found else 0
    called = f"{int(month[5:])}月" if month[:4] == f"{local:%Y}" else f"{month[:4]}年{int(month[5:])}月"
    ours = sum(one.messages for one in spent)
    total = ours + others
    before = cards.Tap("前の月", f"使用量 内訳 {_before(month)}")
    if not total and not doubt:
        return cards.Say(f"📊 {called}に使った通数はありません（返信は数えません）。", (before,))
    parts = _parts(spent)
    told: list[cards.Line] = [f"使った通数: {total:,}通" + _of(found)]
    told += [f"{part.word}: {part.messages:,}通" for part in parts]
    if others:
        told.append(f"他で使われた分: {others:,}通")
    if doubt:
        told.append(f"送信中・不明: {doubt:,}通（届いたかまだ分からず、上の数には入れていません）")
    named = [(_called(one), one.messages) for one in spent if _called(one)]
    if named:
        told += ["", "多い順:", *(f"・{name} {messages:,}通" for name, messages in named[:BIGGEST])]
        if len(named) > BIGGEST:
            told.append(f"　… ほか{len(named) - BIGGEST}件")
    card = cards.panel(
        f"📊 {called}の通数の内訳",
        told,
        notes=_notes(parts, others),
        buttons=[cards.Tap("今月の見込み", "使用量"), before, *_opens(spent)],
    )
    drawn = charts.Funnel(
        f"{called}の通数の内訳",
        f"使った通数 {total:,}通{_of(found)}",
        tuple(_bars(parts, others, total)),
        f"{at.moment(at.now)} 現在" if now else "",
    )
    return cards.Say("", before=await pictures.of(at, drawn) if total else (), card=card)


def _month(said: Said, local: datetime) -> str:
    """今月, 先月, 10月 (the last one) or 2026-10, as `quota_months` calls it."""
    this = f"{local:%Y-%m}"
    if not said.args:
        return this
    word = unicodedata.normalize("NFKC", objects.text_of(said, 0)).strip().removesuffix("分")
    if word == "今月":
        return this
    if word == "先月":
        return _before(this)
    read = _MONTH.fullmatch(word)
    number = int(read[2]) if read else 0
    if read and 1 <= number <= 12:
        year = int(read[1]) if read[1] else local.year - (number > local.month)
        if f"{year:04}-{number:02}" <= this:
            return f"{year:04}-{number:02}"
        raise desk.Declined(
            f"{word}はまだ先の月です。内訳は今月までの分を見られます。", cards.Tap("今月の内訳", "使用量 内訳")
        )
    raise desk.Declined(
        f"「{word}」がどの月か読めません。今月・先月・10月・2026-10 のように書いてください。例: 使用量 内訳 先月",
        cards.Tap("先月の内訳", "使用量 内訳 先月"),
    )


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{number - 1 or 12:02}"


def _of(found: quota.Past | None) -> str:
    return f"（上限 {found.allowed:,}通）" if found and found.allowed is not None else ""


def _parts(spent: Sequence[ledger.Spent]) -> list[Part]:
    kinds: dict[str, list[ledger.Spent]] = {}
    for one in spent:
        kinds.setdefault(one.kind if one.kind in KINDS else REST, []).append(one)
    parts = [Part(kind, sum(one.messages for one in some), list(filter(_called, some))) for kind, some in kinds.items()]
    order = [*KINDS, REST]
    return sorted(parts, key=lambda part: (-part.messages, order.index(part.kind)))


def _called(one: ledger.Spent) -> str:
    """配信「年末」#B12; "" for what has no name of its own."""
    if one.number is None or one.kind not in NUMBERED:
        return ""
    if one.name is None and one.kind in GONE:
        return GONE[one.kind].format(number=one.number)
    return NUMBERED[one.kind].format(name=cards.shortened(one.name or "", LONGEST), number=one.number)


def _notes(parts: Sequence[Part], others: int) -> list[str]:
    notes = []
    if any(part.kind in ANSWERS for part in parts):
        notes.append("受け答えの通数は、無料の返信に間に合わないか入りきらず、あとから送った分です。")
    if any(part.kind == "notice" for part in parts):
        notes.append("急ぎのお知らせは、グループでしばらく読まれなかったため、スタッフ1人に通数を使って送った分です。")
    if others:
        notes.append(
            "他で使われた分は、LINEの集計のうちこのBotが送っていない通数です（LINEの管理画面からの配信など）。"
        )
    notes.append("グループへのお知らせは、次の書き込みへの返信で届けるため、通数を使いません。")
    return notes


def _opens(spent: Sequence[ledger.Spent]) -> list[cards.Tap]:
    """What took the most, to be looked at."""
    for one in spent:
        if one.name is not None and one.kind == "broadcast":
            return [cards.Tap("多い配信の結果", f"配信 結果 #B{one.number}")]
        if one.name is not None and one.kind == "scenario":
            return [cards.Tap("多いシナリオの結果", f"シナリオ 結果 #S{one.number}")]
    return []


def _bars(parts: Sequence[Part], others: int, total: int) -> list[charts.Row]:
    rows = [charts.Row(part.word, part.messages / total, f"{part.messages:,}通", part.note) for part in parts]
    if others:
        rows.append(charts.Row("他で使われた分", others / total, f"{others:,}通", "LINEの管理画面からの配信など"))
    return rows

"""Words that all nouns share: where a thing is used, and the tap that takes the last change back."""

from collections.abc import Sequence

from admin_commands import cards, desk, lists
from admin_commands.grammar import words
from admin_commands.grammar.printing import GREETINGS
from storage import named

NOUNS = {
    "scenario": "シナリオ",
    "greeting": "あいさつ",
    "template": "テンプレ",
    "auto_reply": "自動応答",
    "tag": "タグ",
    "field": "項目",
    "action": "アクション",
    "segment": "セグメント",
    "link": "リンク",
    "broadcast": "配信",
    "form": "フォーム",
    "staff": "スタッフ",
    "group": "グループ",
}
MOST = 5


def name(use: named.Use) -> str:
    shown = GREETINGS.get(use.name, use.name) if use.kind == "greeting" else use.name
    return f"{NOUNS[use.kind]}「{shown}」"


def told(uses: Sequence[named.Use]) -> str:
    """`シナリオ「ようこそ」・あいさつ「新規」`, at most five; empty when there is none."""
    more = f" ほか{len(uses) - MOST}" if len(uses) > MOST else ""
    return "・".join(map(name, uses[:MOST])) + more


def row(use: named.Use) -> cards.Row:
    opens = "あいさつ 表示" if use.kind == "greeting" else f"{NOUNS[use.kind]} 表示 {words.show(words.Name(use.name))}"
    return cards.Row(name(use), opens)


async def list_of(at: desk.Desk, what: str, uses: Sequence[named.Use]) -> cards.Say:
    """Where something is used, each place to be opened by its number."""
    if not uses:
        return cards.Say(f"{what}は、まだどこでも使われていません。")
    return await lists.say(at, f"{what}の使用先", [row(use) for use in uses[: lists.ROWS]], len(uses), 1, "")


def undo_tap(done: bool = True) -> tuple[cards.Tap, ...]:
    return (cards.Tap("取消", "取消"),) if done else ()

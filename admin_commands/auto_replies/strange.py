"""自動応答 漏れ: phrases that friends wrote and no rule knew, each to be made a rule by its number."""

from admin_commands import cards, desk, lists, masking, objects
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import unmatched


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """What most friends wrote comes first; nobody is named."""
    page = objects.page_of(said)
    found, total = await unmatched.page(lists.ROWS, lists.offset(page))
    rows = []
    for one in found:
        text = masking.shown(at, one.text)
        opens = f"自動応答 作成 {words.show(words.Name(one.text))}" if text == one.text else f"自動応答 試す {one.key}"
        rows.append(cards.Row(f"{cards.shortened(text, 30)} … {one.friends:,}人・{one.times:,}回", opens))
    title = "❓ どの自動応答にも当たらなかった言葉"
    notes = ["番号でルールにできます（次に返信の文を聞きます）。", "短い言葉だけを90日残します。"] if rows else []
    empty = "当たらなかった言葉はまだありません（自動応答を公開すると、ここに集まります）。"
    taps = [cards.Tap("ルールにする", rows[0].opens)] if rows else [cards.Tap("一覧", "自動応答 一覧")]
    return await lists.say(at, title, rows, total, page, "自動応答 漏れ", empty=empty, notes=notes, taps=taps)

"""The menu: what the shop can do, in tiles by task."""

from collections.abc import Sequence

from admin_commands import cards, desk, lists
from admin_commands.command import Noun

# Every noun of the book stands in one tile; what no tile names stands in the last.
TASKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("👤 お客様", "さがす、タグや項目を付ける、しぼり込む", ("friend", "tag", "field", "segment")),
    ("✉️ 届くもの", "配信、シナリオ、あいさつ、写真", ("broadcast", "scenario", "greeting", "media")),
    ("📝 文の用意", "テンプレ、フォーム、共通の言葉、リンク", ("template", "form", "shared_value", "link")),
    ("⚡ 自動の動き", "言葉への返信、まとめて行う動作、届いた訳", ("autoreply", "action", "why")),
    ("↩️ 記録とやり直し", "変えたことを見る、元に戻す", ("undo", "log", "draft", "error")),
    ("📊 通数と設定", "今月の残り、全体の決まり、控え", ("quota", "config", "backup", "start")),
    ("🧑‍💼 スタッフ", "使う方の権限、グループ", ("staff", "group", "claim")),
)
REST = ("🧰 そのほか", "ほかにできること")


async def menu(at: desk.Desk, book: Sequence[Noun]) -> cards.Say:
    """What ヘルプ, a mention of the bot or a lone `/` opens; a number opens a kind as its button does."""
    found = tiles_of(book)
    known = [noun for _, _, nouns in found for noun in nouns]
    number = {noun.key: place for place, noun in enumerate(known, 1)}
    rows = [cards.Row(noun.word, f"ヘルプ {noun.word}") for noun in known]
    await lists.keep(at, rows, 1, "", 1, len(rows))
    shown = [
        cards.Tile(
            title, line, [cards.Tap(f"{number[noun.key]}. {noun.word}", f"ヘルプ {noun.word}") for noun in nouns]
        )
        for title, line, nouns in found
    ]
    told = "、".join(f"{place}. {row.text}" for place, row in enumerate(rows, 1))
    hint = (
        "ボタンか番号で、できることと例が出ます。「ヘルプ 探す 人数」のように、言葉でも探せます。"
        "返事がないときは、先頭に「/」を付けて送ってください。"
    )
    return cards.Say(hint, card=cards.tiles(f"ヘルプ {told}", shown))


def tiles_of(book: Sequence[Noun]) -> list[tuple[str, str, list[Noun]]]:
    """Title, line and nouns of each tile that has any."""
    by_key = {noun.key: noun for noun in book if noun.key != "help"}
    found = [(title, line, [by_key.pop(key) for key in keys if key in by_key]) for title, line, keys in TASKS]
    left = list(by_key.values())
    found += [(*REST, left[at : at + cards.MOST_BUTTONS]) for at in range(0, len(left), cards.MOST_BUTTONS)]
    return [one for one in found if one[2]]

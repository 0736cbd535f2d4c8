"""Help by example: one noun, and one command in full."""

from collections.abc import Mapping

from admin_commands import cards, command, desk, lists, objects
from admin_commands.command import Block, Command, Noun
from admin_commands.grammar import actions, words
from storage import friends, named

FEW = 5


async def few_of(at: desk.Desk, noun: Noun) -> cards.Say:
    """A few examples with the shop's own names. A number runs what only looks; what changes something is explained."""
    rows = await rows_of(at, [(noun, one) for one in noun.commands[:FEW]])
    await lists.keep(at, rows, 1, "", 1, len(rows))
    buttons: list[cards.Tap | cards.Copy] = []
    if noun.wizard is not None and at.may(noun.wizard.role):
        buttons.append(cards.Tap("質問に答えて作る", noun.wizard.begins[0]))
    if noun.block is not None:
        buttons.append(cards.Copy("ひな形をコピー", noun.block.example))
    if len(rows) < len(noun.commands):
        buttons.append(cards.Tap(f"もっと（全{len(noun.commands)}）", f"ヘルプ {noun.word} もっと"))
    notes = [noun.about]
    if noun.block is not None:
        notes.append(f"まとめて作るには、ひな形を貼り付けて送ります（{noun.block.does}）。")
    return cards.Say("", card=cards.listing(f"{noun.word}でできること", rows, 1, notes=notes, buttons=buttons))


async def all_of(at: desk.Desk, noun: Noun, page: int) -> cards.Say:
    first = lists.offset(page)
    rows = await rows_of(at, [(noun, one) for one in noun.commands[first : first + lists.ROWS]])
    title = f"{noun.word}でできること"
    return await lists.say(at, title, rows, len(noun.commands), page, f"ヘルプ {noun.word} もっと")


async def rows_of(at: desk.Desk, found: list[tuple[Noun, Command]]) -> list[cards.Row]:
    """An example of each command, and what it does."""
    names = await own_names(at)
    rows = []
    for noun, one in found:
        example = command.filled(one.examples[0], names)
        locked = "" if at.may(one.role) else f"（{desk.ROLES[one.role]}から）"
        opens = example if one.risk == 0 and at.may(one.role) else _page(noun, one)
        rows.append(cards.Row(as_typed(at, example), opens, note=f"{one.does}{locked}"))
    return rows


async def of_command(at: desk.Desk, noun: Noun, one: Command) -> cards.Say:
    """One command in full: how it is written, who may give it, what comes of it, examples to be copied."""
    names = await own_names(at)
    examples = [as_typed(at, command.filled(example, names)) for example in one.examples[:3]]
    mine = "" if at.may(one.role) else f"（あなた: {desk.ROLES[at.actor.role]}）"
    most = f"（場合により: {command.LEVELS[one.most]}）" if one.most is not None else ""
    lines = [
        f"{one.does}。",
        f"書き方: {one.usage}",
        *(f"例{number}: {example}" for number, example in enumerate(examples, 1)),
        f"使える方: {'どなたでも' if one.role == 'viewer' else desk.who(one.role) + 'の方'}{mine}",
        f"進み方: {command.LEVELS[one.risk]}{most}",
    ]
    buttons: list[cards.Tap | cards.Copy] = [
        cards.Copy(f"例{number}をコピー", example) for number, example in enumerate(examples, 1)
    ]
    buttons.append(cards.Tap(f"{noun.word}のほかの操作", f"ヘルプ {noun.word} もっと"))
    return cards.Say("", card=cards.panel(f"❓ {one.words}", lines, buttons=buttons))


def of_block(noun: Noun, block: Block) -> cards.Say:
    """How a block is written: an example, and what else may stand in it."""
    told = [f"■{noun.word}の書き方（{block.does}）。", "", block.example]
    if block.lines:
        told += ["", "このほかに書ける行", *(f"{line}\n　{does}" for line, does in block.lines)]
    taps = [cards.Tap("質問に答えて作る", noun.wizard.begins[0])] if noun.wizard is not None else []
    return cards.Say("\n".join(told), (*taps, cards.Tap("ヘルプ", f"ヘルプ {noun.word}")), whole=True)


def of_actions() -> cards.Say:
    """What ＋実行, buttons and greetings can do, each by an example."""
    known = [kind for kind in actions.WRITTEN if kind.effect is not None]
    lines = [f"・{kind.examples[0]} … {kind.tells.removesuffix('。')}" for kind in known]
    lines.append("「もし タグ:VIP なら 送る 「本文」」「送る 「本文」 15分後」「… 一度だけ」のようにも書けます。")
    later = "・".join(kind.word for kind in actions.WRITTEN if kind.effect is None)
    lines.append("「→」でつなぐと、上から順に行います。\n例: ＋実行 タグ付ける VIP → 送る 「ありがとうございます」")
    if later:
        lines.append(f"まだ使えない動作: {later}")
    return cards.Say("\n".join(["＋実行・＋ボタン・あいさつで使える動作", *lines]))


def of_branches() -> cards.Say:
    """How customers get different messages, in each kind of block."""
    scenario = (
        "▼1日後 10:00 もし 来店回数>=3\nいつもありがとうございます\n▼1日後 10:00 そうでなければ\nまたお待ちしています"
    )
    lines = [
        "シナリオでは、▼ の行の時間の後に書きます。",
        scenario,
        "あいさつ・自動応答では、＋実行 の行に書きます。",
        "＋実行 もし 来店回数>=3 なら 送る 「本文」",
        "配信では、送る方ごとに分けます。",
        "対象: 来店回数>=3",
    ]
    return cards.Say(
        "", card=cards.panel("🔀 分岐の書き方", lines, buttons=[cards.Copy("シナリオの例をコピー", scenario)])
    )


def as_typed(at: desk.Desk, example: str) -> str:
    """With a slash where it would pass for talk without one."""
    return f"/{example}" if at.heard.group is None else command.typed(example)


def _page(noun: Noun, one: Command) -> str:
    verb = one.words.removeprefix(noun.word).strip()
    return f"ヘルプ {noun.word} {verb}" if verb else f"ヘルプ {noun.word} {noun.word}"


async def own_names(at: desk.Desk) -> Mapping[str, str]:
    """A friend, and the latest tag, scenario, field … of this shop, as one would type them."""
    known = {objects.NOUNS[kind]: name for kind, name in (await named.newest()).items()}
    seen = await friends.an_example(at.sight)
    if seen is not None and seen.name is not None and objects.discreet(at, seen) == seen:
        known["friend"] = seen.name
    return {place: words.show(words.Name(name)) for place, name in known.items() if len(name) <= named.LONGEST}

"""配信 分割: a broadcast with one wording becomes an A/B test; its shares, what it is judged by, who gets nothing."""

from dataclasses import replace

from admin_commands import bodies, cards, desk, objects
from admin_commands.broadcasts import writing
from admin_commands.grammar import definitions, variants
from admin_commands.grammar.commands import Command as Said
from storage import broadcasts as kept
from storage import dialogues

HEADS = {"テスト": "test", "指標": "metric", "勝者": "wins", "送らない": "held"}
OPTIONS = (*variants.LETTERS, *HEADS)


async def split(at: desk.Desk, said: Said) -> cards.Say:
    """`A=50% B=50% 指標=クリック 勝者=24時間後`; with 本文 and a text below it one wording more."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    if one.state not in writing.UNTOUCHED:
        raise writing.touched(one)
    wanted = definition = writing.definition_of(one)
    if (said.text or "").strip():
        wanted = _with_another(definition, said.text or "")
    elif not said.options or (not definition.variants and _variants_only(said)):
        return await _ask(at, one, definition)
    for option in said.options:
        key = variants.key_of_option(option.key)
        if key in variants.LETTERS:
            wanted = _with_share(wanted, key, option.value)
        else:
            wanted = writing.with_head(wanted, key, option.value)
    return await writing.rewritten(at, one, writing.without_past(at, wanted))


def _variants_only(said: Said) -> bool:
    """Whether all that is said is about wordings that there are not yet."""
    return any(variants.key_of_option(one.key) != "送らない" for one in said.options)


def _with_another(definition: definitions.Broadcast, text: str) -> definitions.Broadcast:
    """The same with one wording more: A with the new text, and its buttons and pictures where the text has none."""
    given = definition.variants or (definitions.Variant("A", None, len(definition.parts)),)
    if len(given) == len(variants.LETTERS):
        raise desk.Declined(f"くらべられるのは{len(variants.LETTERS)}通りまでです。")
    first, *others = definition.parts[: given[0].parts]
    pieces = bodies.exchanged(first.pieces, text)
    letter = variants.LETTERS[len(given)]
    shared = tuple(replace(one, share=None) for one in given)  # a further one changes everybody's share
    return replace(
        definition,
        parts=(*definition.parts, replace(first, pieces=pieces), *others),
        variants=(*shared, definitions.Variant(letter, None, given[0].parts)),
    )


def _with_share(definition: definitions.Broadcast, letter: str, value: str) -> definitions.Broadcast:
    share = variants.percent(value)
    if letter not in [one.letter for one in definition.variants]:
        raise desk.Declined(f"{letter}の本文がありません。「配信 分割」に続けて本文を足してください。")
    if share is None or not 1 <= share <= 99:
        raise desk.Declined(f"{letter}の割合は1%〜99%で書いてください。例: {letter}=50%")
    return replace(
        definition,
        variants=tuple(replace(one, share=share) if one.letter == letter else one for one in definition.variants),
    )


async def _ask(at: desk.Desk, one: kept.Kept, definition: definitions.Broadcast) -> cards.Say:
    """The next thing this person says is the wording of the next variant."""
    count = max(1, len(definition.variants))
    if count == len(variants.LETTERS):
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} には{count}通りあります。これ以上は足せません。\n"
            f"例: 配信 分割 #B{one.id} テスト=20% 勝者=24時間後"
        )
    letter = variants.LETTERS[count]
    command = f"配信 分割 #B{one.id} {writing.BODY}"
    now = "今の本文がAになります。" if count == 1 else ""
    told = f"🔀 配信「{one.name}」#B{one.id} に{letter}を足します。{now}ボタンや画像は、書かなければAと同じです。"
    if at.heard.group is None or at.actor.user_id is None:
        return cards.Say(
            f"{told}\n次のように、2行目から{letter}の本文を書いて送ってください。\n\n/{command}\nここに本文"
        )
    await dialogues.keep(at.chat, at.actor.user_id, "text", {"command": command}, at.now)
    return cards.Say(f"{told}\n{letter}の本文をこのまま送ってください（10分以内）。", (cards.Tap("やめる", "やめる"),))

"""What a tag does by itself, as staff set it: how many may wear it, actions for who gets it, loses it or is late."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import cards, desk, objects, places, reactions
from admin_commands.grammar import canonical, normalise, numbers, words
from admin_commands.grammar.commands import Argument, Option
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import cycles
from storage import account, changes, named, tags

LIMIT, AGAIN = "上限", "2回目以降"
MOMENTS = cycles.WORDS
MOST = 1_000_000
NOTHING = ("なし", "無し", "解除", "none")
AGAINS = dict.fromkeys(("する", "はい", "毎回", "yes", "on"), True) | dict.fromkeys(
    ("しない", "いいえ", "初回だけ", "no", "off"), False
)


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """上限=50, 付いた時=…; what is not named stays as it is."""
    tag = await objects.thing(at, "tags", said)
    await named.lock("tags", [tag.id])
    before = await tags.rules(tag.id)
    limited = _limited(said, tag, before)
    new = await _reactions(at, said, tag)
    wanted = _with(limited, new)
    if _same(wanted, before):
        return cards.Say(f"変更なし（タグ「{tag.name}」は今と同じです）。")
    await cycles.refuse(tag, wanted)
    lines = await told(wanted)
    warnings = [warning for one in new.values() if one is not None for warning in one.warnings]
    if any(one is not None for one in new.values()):
        await _confirm(at, tag, lines, warnings)
    version = await tags.set_rules(tag.id, wanted)
    await account.configuration_changed()
    at.record(
        "tag.set",
        {"tag": tag.id},
        f"タグ「{tag.name}」の決まりを変えた（{'・'.join(lines) or 'なし'}）"[:300],
        [changes.put_back("tags", tag.id, version, before.columns())],
    )
    shown = [f"✅ タグ「{tag.name}」#T{tag.id} を変えました。", *lines, *await _crowded(at, tag, wanted)]
    taps = [cards.Tap("表示", f"タグ 表示 #T{tag.id}")]
    if (wanted.on or wanted.off) and not wanted.again:
        taps.append(cards.Tap("2回目以降もする", f"タグ 変更 #T{tag.id} {AGAIN}=する"))
    return cards.Say("\n".join(shown), (*places.undo_tap(), *taps))


def _limited(said: Said, tag: named.Named, before: tags.Rules) -> tags.Rules:
    limit, again = said.option(LIMIT), said.option(AGAIN)
    if limit is None and again is None and not _typed(said):
        raise _unclear(tag, f"タグ「{tag.name}」の何を変えるかを書いてください。")
    wanted = before
    if again is not None:
        word = normalise.fold(normalise.lookup(again).text)
        found = next((so for known, so in AGAINS.items() if normalise.fold(known) == word), None)
        if found is None:
            raise desk.Declined(
                f"「{AGAIN}={again}」は使えません。「{AGAIN}=する」か「{AGAIN}=しない」と書いてください。"
            )
        wanted = replace(wanted, again=found)
    if limit is None:
        return wanted
    text = normalise.lookup(limit).text.removesuffix("人").strip()
    if text in NOTHING:
        return replace(wanted, limit=None)
    number = numbers.number(text)
    if number is None or not 0 < number <= MOST:
        raise _unclear(tag, f"上限「{limit}」が読めません。人数を1から{MOST:,}までの数字で書いてください。")
    return replace(wanted, limit=number)


def _unclear(tag: named.Named, what: str) -> desk.Declined:
    name = words.show(words.Name(tag.name))
    return desk.Declined(
        f"{what}\n例: タグ 変更 {name} 上限=50（なくす時は 上限=なし）\n"
        f"　 タグ 変更 {name} 付いた時（動作は次の行から、1行に1つ）"
    )


def _typed(said: Said) -> dict[tags.Moment, tuple[str, int]]:
    """The action lists of a command, each with the line it begins in."""
    found = {key: (text, said.line) for key, word in MOMENTS.items() if (text := said.option(word)) is not None}
    if len(said.args) > 1:
        word = objects.text_of(said, 1)
        moment = next((key for key, known in MOMENTS.items() if known == word), None)
        if moment is None:
            raise desk.Declined(
                f"「{word}」は使えません。変えられるのは: {'・'.join([LIMIT, *MOMENTS.values(), AGAIN])}\n"
                f"例: タグ 変更 {words.show(said.objects(0)[0])} {LIMIT}=50"
            )
        found[moment] = (said.text or "", said.line + 1)
    return found


async def _reactions(at: desk.Desk, said: Said, tag: named.Named) -> dict[tags.Moment, reactions.Reaction | None]:
    """What has been typed for each moment; None where it shall do nothing any more."""
    found: dict[tags.Moment, reactions.Reaction | None] = {}
    for moment, (text, line) in _typed(said).items():
        if not text.strip():
            name, word = words.show(words.Name(tag.name)), MOMENTS[moment]
            raise desk.Declined(
                f"{word}の動作を、次の行から1行に1つ書いてください。\n例:\nタグ 変更 {name} {word}\n"
                "・シナリオ開始 ようこそ\n・送る 「ありがとうございます」\n"
                f"（なくす時は「タグ 変更 {name} {word}=なし」）"
            )
        nothing = normalise.lookup(text).text.strip() in NOTHING
        found[moment] = None if nothing else await reactions.kept(at, f"tag:{tag.id}", reactions.read(text, line))
    return found


def _with(rules: tags.Rules, new: Mapping[tags.Moment, reactions.Reaction | None]) -> tags.Rules:
    kept: dict[str, Any] = {
        moment: tags.Rule(one.source, one.actions) if one is not None else None for moment, one in new.items()
    }
    return replace(rules, **kept)


def _same(one: tags.Rules, other: tags.Rules) -> bool:
    """Whether two say the same: what is stored follows from the sources."""
    sources = [[rule.source if (rule := each.at(moment)) else "" for moment in tags.MOMENTS] for each in (one, other)]
    return sources[0] == sources[1] and (one.limit, one.again) == (other.limit, other.again)


async def _confirm(at: desk.Desk, tag: named.Named, lines: Sequence[str], warnings: Sequence[str]) -> None:
    """A tag that is in use acts from now on, which is confirmed."""
    wearers = await tags.wearers(tag.id, at.sight)
    used = await tags.uses(tag.id)
    if not wearers and not used:
        return
    at.confirm(
        f"タグ「{tag.name}」#T{tag.id} の動きを変えます",
        [
            *lines,
            f"友だち: {wearers:,}人（すでに付いている人には何もしません）",
            f"使用先: {places.told(used) or 'なし'}",
        ],
        holds={"tag": at.held_as("tags", tag), "version": tag.version},
        label="反映する",
        warnings=warnings,
    )


async def told(rules: tags.Rules) -> list[str]:
    """The rules of a tag, a line for each."""
    lines = [f"{LIMIT}: {rules.limit:,}人"] if rules.limit is not None else []
    said = [(moment, rule) for moment in tags.MOMENTS if (rule := rules.at(moment)) is not None]
    shown = await reactions.told([rule.source for _, rule in said])
    lines += [f"{MOMENTS[moment]}: {one}" for (moment, _), one in zip(said, shown, strict=True)]
    if rules.on or rules.off:
        lines.append(f"{AGAIN}: {'する（付くたび・外れるたび）' if rules.again else 'しない（それぞれ1人1回）'}")
    return lines


async def _crowded(at: desk.Desk, tag: named.Named, rules: tags.Rules) -> list[str]:
    """That a limit comes too late for some who wear it already."""
    wearers = await tags.wearers(tag.id, at.sight)
    if rules.limit is None or wearers < rules.limit:
        return []
    return [f"今 {wearers:,}人に付いています。付いている人はそのままで、新しくは付きません。"]


async def printed(name: str, rules: tags.Rules) -> list[str]:
    """The commands that give a tag of this name its rules, to be read in another shop."""
    said = [(moment, rule) for moment in tags.MOMENTS if (rule := rules.at(moment)) is not None]
    shown = await reactions.told([rule.source for _, rule in said], elsewhere=True)
    given = [Option(LIMIT, str(rules.limit))] if rules.limit is not None else []
    given += [Option(MOMENTS[moment], one) for (moment, _), one in zip(said, shown, strict=True)]
    given += [Option(AGAIN, "する")] if rules.again else []
    return [canonical(Said("tag", "set", args=(Argument((words.Name(name),)),), options=(one,))) for one in given]

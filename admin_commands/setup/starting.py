"""A trade's pack put down: drafts, templates, a form, the greeting as a card; what is there already is not touched."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from admin_commands import cards, desk, pasting
from admin_commands.forms import looks
from admin_commands.grammar import print_block, words
from admin_commands.grammar.definitions import Definition, Form, Greeting, Scenario, Template
from admin_commands.setup import trades
from storage import dialogues, greetings, named, names

D = TypeVar("D", Scenario, Template, Form)


async def take(at: desk.Desk, trade: trades.Trade) -> cards.Say:
    """Everything of the pack that is not there yet; one entry, so that one undo takes it back."""
    pack = trades.pack(trade)
    scenarios, had = await _missing("scenarios", [one for one in pack if isinstance(one, Scenario)])
    templates, kept = await _missing("templates", [one for one in pack if isinstance(one, Template)])
    forms, held = await _missing("forms", [one for one in pack if isinstance(one, Form)])
    there = await greetings.all_kept()
    greeting = next((one for one in pack if isinstance(one, Greeting)), None)
    parts = [part for part in greeting.parts if part.kind not in there] if greeting else []
    if parts and greeting is not None:
        at.then = print_block(replace(greeting, parts=tuple(parts)))
    made: list[Definition] = [*scenarios, *templates, *forms]
    if not made and not parts:
        return cards.Say(
            f"{trade.word}の下書きは、もうすべてあります。変更はありません。", (cards.Tap("はじめる", "はじめる"),)
        )
    told = [f"🌱 {trade.word}の下書きを用意しました。お客様にはまだ何も届きません。"] if made else []
    if made:
        await _put_down(at, trade, made)
        told += [
            f"{word}: {'・'.join(one.name for one in found)}"
            for word, found in (
                ("シナリオ（下書き）", scenarios),
                ("テンプレ", templates),
                ("フォーム（下書き）", forms),
            )
            if found
        ]
    if had or kept or held:
        told.append(f"もうあったもの（そのままです）: {'・'.join([*had, *kept, *held])}")
    if made:
        told.append("「シナリオ 書出 名前」で出る文を直して貼り付けると、書き換わります。")
        told.append("（ここに…書いてください）とある所は、使う前に必ず書き換えてください。")
    if forms:
        told.append("フォームは「フォーム 確認 名前」で絵を見て、「フォーム 公開 名前」で公開します。")
        told += [] if at.config.liff else [f"⚠ フォームは、{looks.NO_LIFF}"]
    if parts:
        told.append(
            "あいさつの案は、次のカードのとおりです。よければ「反映する」を押してください。"
            if at.may("manager")
            else "あいさつもご用意しています。こちらは管理者の方の確認が要ります。"
        )
    first = next((f"シナリオ 書出 {words.show(words.Name(one.name))}" for one in scenarios), "テンプレ 一覧")
    undo = (cards.Tap("取消", "取消"),) if made else ()
    return cards.Say("\n".join(told), (cards.Tap(first, first), cards.Tap("はじめる", "はじめる"), *undo))


async def _missing(kind: named.Kind, blocks: Sequence[D]) -> tuple[list[D], list[str]]:
    """The blocks whose name is free, and the names that are taken."""
    taken = await named.by_names(kind, [one.name for one in blocks])
    free = [one for one in blocks if names.name_key(one.name) not in taken]
    return free, [one.name for one in blocks if one not in free]


async def _put_down(at: desk.Desk, trade: trades.Trade, made: Sequence[Definition]) -> None:
    """All of it as one deed; the cards by which each would be published alone are not shown."""
    before = len(at.deeds)
    await pasting.define(at, made)
    await dialogues.drop_unshown(at.chat, at.actor.user_id or "", at.now)
    deeds = at.deeds[before:]
    del at.deeds[before:]
    at.record(
        "start.run",
        {"trade": trade.key},
        f"{trade.word}の下書き（{len(made)}件）を用意した",
        [change for deed in deeds for change in deed.inverse],
    )

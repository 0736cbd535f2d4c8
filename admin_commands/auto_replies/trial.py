"""自動応答 試す: which rule would answer a text and why, what it would say, and what was nearly meant."""

import re
from collections.abc import Sequence
from typing import Any

from admin_commands import cards, desk, previews
from admin_commands.grammar import nearness, words
from admin_commands.grammar.commands import Command as Said
from jobs import action_lists, facts
from jobs.keywords import folding
from jobs.keywords.rules import Rule
from storage import friends, named, names, segments

MOST_TOLD = 5
MOST_COMPARED = 60  # words that share most letters with the text
NEAR = 0.5
# how sentences end says nothing about what they ask
ENDINGS = re.compile("(?:です|ます|でしょう|ください|下さい|ない)*か?(?:な|ね|よ)?$")


async def test(at: desk.Desk, said: Said) -> cards.Say:
    """For whoever asks: nothing is counted and nobody is sent anything."""
    text = (said.text or "").strip()
    if not text:
        raise desk.Declined(
            "お客様の言葉を後ろに書いてください。\n例: 自動応答 試す 今日は何時まで？",
            cards.Tap("自動応答 一覧", "自動応答 一覧"),
        )
    every = at.config.auto_replies
    if not every:
        told = "公開中の自動応答がまだありません。"
        return cards.Say(told, (cards.Tap("質問に答えて作る", "自動応答 作成"), cards.Tap("一覧", "自動応答 一覧")))
    fitting, known = every.fitting(facts.Said("text", text))
    called = await named.by_ids("auto_replies", [one.id for one in fitting])
    answering, aside = await _judged(at, fitting)
    if not answering or answering[0].fallback:
        return await _nothing(at, text, answering, [_told(one, why, called) for one, why in aside], known)
    lines = []
    for one in answering:
        why = _why(one, text)
        lines.append(f"▶ 自動応答「{called[one.id].name}」#A{one.id} が答えます（{why}）")
    lines += [f"・{_told(one, why, called)}" for one, why in aside[:MOST_TOLD]]
    shown = [message for one in answering for message in await _said(at, one)]
    deeds = sum(action.kind not in action_lists.WRITING for one in answering for action in one.actions)
    if deeds:
        lines.append(f"※続けて{deeds}件のアクションが動きます（今は動かしていません）。")
    tap = cards.Tap("表示", f"自動応答 表示 #A{answering[0].id}")
    taps = (tap, cards.Tap("一覧", "自動応答 一覧"))
    return cards.Say("\n".join(lines), taps, before=tuple(shown[: cards.MOST_OBJECTS - 1]))


async def _judged(at: desk.Desk, fitting: list[Rule]) -> tuple[list[Rule], list[tuple[Rule, str]]]:
    """Who answers now, and why others that fit do not; conditions are judged for the asker, if a friend."""
    tester = await friends.of_user(at.actor.user_id) if at.actor.user_id else None
    local = at.local(at.now)
    answering: list[Rule] = []
    aside: list[tuple[Rule, str]] = []
    for one in fitting:
        if not one.open_at(local):
            aside.append((one, "今は時間か期間の外です"))
        elif one.target is not None and tester is None:
            aside.append((one, "「対象」は、あなたがこのアカウントの友だちでないため試せません"))
        elif one.target is not None and tester is not None and not await _meant(at, one, tester.id):
            aside.append((one, "「対象」にあなたが当てはまりません"))
        elif answering and (one.fallback or not answering[-1].goes_on):
            if not one.fallback:
                aside.append((one, "当てはまりますが、順番が下です"))
        else:
            answering.append(one)
    return answering, aside


async def _meant(at: desk.Desk, one: Rule, friend: int) -> bool:
    if one.target is None:
        return True
    sight = segments.Sight(at.now, at.zone, meaning=at.config.meaning)
    return bool(await segments.fitting(one.target, [friend], sight))


def _told(one: Rule, why: str, called: dict[int, named.Named]) -> str:
    name = called[one.id].name if one.id in called else f"#A{one.id}"
    return f"「{name}」: {why}"


def _why(one: Rule, text: str) -> str:
    """`語「何時まで」`, or that it answers to everything."""
    folded = folding.fold(text)
    if one.pattern:
        return f"正規表現「{cards.shortened(one.pattern, 40)}」"
    if one.fallback:
        return "ほかのどれにも当たらない時"
    hit = next((parts for parts in one.words if all(part in folded for part in parts)), None)
    return f"語「{'+'.join(hit)}」" if hit else "何と書かれても"


async def _said(at: desk.Desk, one: Rule) -> list[dict[str, Any]]:
    """What it sends, as the asker would see it."""
    found: list[dict[str, Any]] = []
    for action in one.actions:
        found += await previews.said_by({"do": action.kind, **action.arguments})
    return await previews.of(at, found) if found else []


async def _nothing(at: desk.Desk, text: str, answering: list[Rule], aside: list[str], known: bool) -> cards.Say:
    """No rule by its words: what answers instead, and the words that were nearly said."""
    instead = "（「その他」が動きます）" if answering else ""
    lines = [f"どれにも当たりません{instead}。" if not known else f"今は、どれも答えません{instead}。"]
    lines += [f"・{one}" for one in aside[:MOST_TOLD]]
    taps = []
    near = nearest(at.config.auto_replies.all, text) if not known else None
    if near is not None:
        rule, word, folded = near
        piece = as_written(text, folded)
        name = (await named.by_ids("auto_replies", [rule.id]))[rule.id].name
        lines.append(f"近い: 「{name}」の語「{word}」")
        add = words.quote(piece) if " " in piece or "," in piece else piece
        taps.append(cards.Tap(f"「{piece}」を追加", f"自動応答 変更 {words.show(words.Name(name))} 語 追加 {add}"))
    elif not known and len(text) <= named.LONGEST and "\n" not in text:
        taps.append(cards.Tap("ルールにする", f"自動応答 作成 {words.show(words.Name(text))}"))
    shown = [message for one in answering for message in await _said(at, one)]
    taps.append(cards.Tap("一覧", "自動応答 一覧"))
    return cards.Say("\n".join(lines), tuple(taps), before=tuple(shown[: cards.MOST_OBJECTS - 1]))


def nearest(every: Sequence[Rule], text: str) -> tuple[Rule, str, str] | None:
    """The rule, its word, and the piece of the text that comes nearest to it: `何時迄` for 何時まで."""
    folded = ENDINGS.sub("", folding.bare(folding.fold(text)))
    letters = set(folded)
    known = [(one, part) for one in every for parts in one.words for part in parts if len(parts) == 1 and len(part) > 2]
    known = [pair for pair in known if 2 * len(letters & set(pair[1])) >= len(set(pair[1]))]
    known = [pair for pair in known if len(ENDINGS.sub("", pair[1])) > 1]
    known.sort(key=lambda pair: len(set(pair[1]) - letters) / len(pair[1]))
    best: tuple[float, int, Rule, str, str] | None = None
    for one, whole in known[:MOST_COMPARED]:
        word = ENDINGS.sub("", whole)
        for length in range(max(2, len(word) - 1), len(word) + 2):
            for start in range(len(folded) - length + 1):
                piece = folded[start : start + length]
                alike = nearness.similarity(piece, word) + 0.01 * (piece[0] == word[0])
                if alike >= NEAR and (best is None or (alike, -length) > best[:2]):
                    best = (alike, -length, one, whole, piece)
    return best[2:] if best is not None else None


def as_written(text: str, piece: str) -> str:
    """The piece in the letters it was written in."""
    for start in range(len(text)):
        for end in range(start + len(piece), min(start + len(piece) + 3, len(text) + 1)):
            if names.name_key(text[start:end]) == piece:
                return text[start:end]
    return piece

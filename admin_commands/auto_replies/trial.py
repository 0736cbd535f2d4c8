"""自動応答 試す: which rule would answer a text and why, what it would say, and what was nearly meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from admin_commands import cards, desk, objects, previews
from admin_commands.grammar import auto_replies as heads
from admin_commands.grammar import nearness, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from jobs import action_lists, auto_replies, facts, plans
from jobs.keywords import folding
from jobs.keywords.rules import Rule
from storage import clock, friends, named

MOST_TOLD = 5
MOST_COMPARED = 60  # words that share most letters with the text
NEAR = 0.5
NOWHERE = facts.Origin("trial", "trial")  # nothing comes of a trial
FOR = re.compile(r"(?P<text>.*\S)[ \u3000\n]+友(?:だち|達)[ \u3000]*[=＝:：][ \u3000]*(?P<friend>[^\n]+)", re.DOTALL)
# how sentences end says nothing about what they ask
ENDINGS = re.compile("(?:です|ます|でしょう|ください|下さい|ない)*か?(?:な|ね|よ)?$")


@dataclass(frozen=True, slots=True)
class Trial:
    """A text, and the friend for whom it is judged (None: somebody of whom nothing is known)."""

    text: str
    friend: friends.Seen | None
    called: str  # 田中さん, あなた


async def test(at: desk.Desk, said: Said) -> cards.Say:
    """For one friend, or whoever asks: nothing is counted and nobody is sent anything."""
    if not (said.text or "").strip():
        raise desk.Declined(
            "お客様の言葉を後ろに書いてください。\n例: 自動応答 試す 今日は何時まで？\n"
            "　 自動応答 試す 何時まで？ 友だち=田中",
            cards.Tap("自動応答 一覧", "自動応答 一覧"),
        )
    every = at.config.auto_replies
    if not every:
        told = "公開中の自動応答がまだありません。"
        return cards.Say(told, (cards.Tap("質問に答えて作る", "自動応答 作成"), cards.Tap("一覧", "自動応答 一覧")))
    tried = await _trial(at, said)
    fact = facts.Fact(tried.friend.id if tried.friend else 0, at.now, facts.Said("text", tried.text), NOWHERE)
    case = auto_replies.heard(at.config, fact, facts.Said("text", tried.text))
    [outcome] = await auto_replies.outcomes(plans.Plan(await clock.read(), at.cache, at.config, {}), [case])
    called = await named.by_ids("auto_replies", [one.id for one in (*case.rules, *case.closed)])
    answering = outcome.rules
    aside = [_told(one, _why_not(one, why, tried), called) for one, why in outcome.passed if _matters(one, why)]
    if not answering or answering[0].fallback:
        return await _nothing(at, tried, answering, aside, case.known)
    lines = []
    for one in answering:
        why = _why(one, tried.text)
        lines.append(f"▶ 自動応答「{called[one.id].name}」#A{one.id} が答えます（{why}）")
    lines += [f"・{one}" for one in aside[:MOST_TOLD]]
    shown = [message for one in answering for message in await _said(at, one, tried.friend)]
    deeds = sum(action.kind not in action_lists.WRITING for one in answering for action in one.actions)
    if deeds:
        lines.append(f"※続けて{deeds}件のアクションが動きます（今は動かしていません）。")
    if tried.friend is not None and tried.friend.blocked_by_us:
        lines.append(f"※{tried.called}はこちらでブロックしているため、実際には答えません。")
    tap = cards.Tap("表示", f"自動応答 表示 #A{answering[0].id}")
    taps = (tap, cards.Tap("一覧", "自動応答 一覧"))
    return cards.Say("\n".join(lines), taps, before=tuple(shown[: cards.MOST_OBJECTS - 1]))


async def _trial(at: desk.Desk, said: Said) -> Trial:
    """What is tried and for whom: `何時まで？ 友だち=田中`, else for who asks."""
    text = (said.text or "").strip()
    found = FOR.fullmatch(text)
    if found is None:
        return Trial(text, await friends.of_user(at.actor.user_id) if at.actor.user_id else None, "あなた")
    line = words.line_of(found["friend"])
    given = words.first(line, 0)
    one = given.object if given is not None and given.end == len(line.text) else None
    wanted = one if one is not None else words.Name(found["friend"].strip())
    try:
        friend = await objects.friend(at, replace(said, args=(Argument((wanted,)),)), 0)
    except objects.Ambiguous as asked:
        rows = [replace(row, opens=f"自動応答 試す {found['text']} 友だち={row.object}") for row in asked.rows]
        raise objects.Ambiguous(asked.question, rows) from None
    return Trial(found["text"], friend, f"{friend.name or '名前なし'}さん")


def _matters(one: Rule, why: auto_replies.Reason) -> bool:
    """その他 stands below every other that answers: that need not be told."""
    return not (one.fallback and why == "above")


def _why_not(one: Rule, why: auto_replies.Reason, tried: Trial) -> str:
    match why:
        case "hour":
            return "今は時間か期間の外です"
        case "target" if tried.friend is None:
            return "「対象」は、あなたがこのアカウントの友だちでないため試せません（「友だち=名前」を付けると試せます）"
        case "target":
            return f"「対象」に{tried.called}が当てはまりません"
        case "turn":
            return f"{tried.called}にはもう答えました（{'1人1回' if one.once else '間を空けて答えます'}）"
    return "当てはまりますが、順番が下です"


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


async def _said(at: desk.Desk, one: Rule, friend: friends.Seen | None) -> list[dict[str, Any]]:
    """What it sends, as this friend would see it."""
    found: list[dict[str, Any]] = []
    for action in one.actions:
        found += await previews.said_by({"do": action.kind, **action.arguments})
    return await previews.of(at, found, friend) if found else []


async def _nothing(at: desk.Desk, tried: Trial, answering: list[Rule], aside: list[str], known: bool) -> cards.Say:
    """No rule by its words: what answers instead, and the words that were nearly said."""
    text = tried.text
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
        add = heads.show_words([[piece]])
        taps.append(cards.Tap(f"「{piece}」を追加", f"自動応答 変更 {words.show(words.Name(name))} 語 追加 {add}"))
    elif not known and len(text) <= named.LONGEST and "\n" not in text:
        taps.append(cards.Tap("ルールにする", f"自動応答 作成 {words.show(words.Name(text))}"))
    shown = [message for one in answering for message in await _said(at, one, tried.friend)]
    taps.append(cards.Tap("一覧", "自動応答 一覧"))
    return cards.Say("\n".join(lines), tuple(taps), before=tuple(shown[: cards.MOST_OBJECTS - 1]))


def nearest(every: Sequence[Rule], text: str) -> tuple[Rule, str, str] | None:
    """The rule, its word, and the piece of the text that comes nearest to it: `何時迄` for 何時まで.

    Only letters are compared, folded as rules fold them; a text longer than a phrase is a letter to somebody.
    """
    folded = ENDINGS.sub("", letters(folding.fold(text)))
    if len(folded) > auto_replies.LONGEST:
        return None
    said = set(folded)
    known = [(one, part, letters(part)) for one in every for parts in one.words for part in parts if len(parts) == 1]
    known = [each for each in known if len(each[2]) > 2 and len(ENDINGS.sub("", each[2])) > 1]
    known = [each for each in known if 2 * len(said & set(each[2])) >= len(set(each[2]))]
    known.sort(key=lambda each: len(set(each[2]) - said) / len(each[2]))
    best: tuple[float, int, Rule, str, str] | None = None
    for one, whole, bare in known[:MOST_COMPARED]:
        word = ENDINGS.sub("", bare)
        for length in range(max(2, len(word) - 1), len(word) + 2):
            for start in range(len(folded) - length + 1):
                piece = folded[start : start + length]
                alike = nearness.similarity(piece, word) + 0.01 * (piece[0] == word[0])
                if alike >= NEAR and (best is None or (alike, -length) > best[:2]):
                    best = (alike, -length, one, whole, piece)
    return best[2:] if best is not None else None


def letters(folded: str) -> str:
    """A folded text without its marks, spaces and pictures."""
    return "".join(one for one in folded if one.isalnum() or one == "ー")


def as_written(text: str, piece: str) -> str:
    """The piece in the letters it was written in, with the marks between them."""
    for start in range(len(text)):
        if not letters(folding.fold(text[start])):
            continue
        for end in range(start + 1, min(start + 2 * len(piece) + 3, len(text)) + 1):
            if letters(folding.fold(text[start:end])) == piece:
                return text[start:end]
    return piece

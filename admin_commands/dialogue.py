"""What a number, 次, はい or やめる means to the person who says it: the command it stands for, or an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin_commands.grammar import normalise
from admin_commands.grammar.readings import SessionWord
from storage import dialogues

AWAITED: frozenset[dialogues.Kind] = frozenset({"text", "media"})  # what is to be sent next
STOPPED = "やめました。何も変えていません。"
COUNT = re.compile(r"(\d[\d,]*) ?(?:人|名|件)?(?:です)?$")  # 48, 1,204人


@dataclass(frozen=True, slots=True)
class Means:
    """Either a command to carry out instead, or a card to be taken as confirmed, or words to answer."""

    command: str | None = None
    card: dialogues.Card | None = None
    answer: str | None = None
    choice: str = ""  # which of the card's ways to go on


async def meaning(chat: str, person: str, said: SessionWord, now: datetime) -> Means | None:
    """None when this person has nothing open here that the word could answer."""
    awaited = AWAITED & await dialogues.kinds_open(chat, person, now) if said.word == "no" else set()
    for kind in AWAITED:
        if kind in awaited:
            await dialogues.close(chat, person, kind)
    if awaited:
        await _decided(chat, person, False, now)
        return Means(answer=STOPPED)
    if said.word in ("yes", "no"):
        return await _decided(chat, person, said.word == "yes", now)
    card = await dialogues.waiting_card(chat, person, now) if said.word == "number" and not said.rest else None
    shown = await dialogues.open(chat, person, "list", now, since=card.created_at if card else None)
    if shown is None:
        return _chosen(card, said) if card is not None else None
    means = of_list(shown, said)
    if means is not None and means.command is not None and shown.get("once"):
        await dialogues.close(chat, person, "list")  # another number among colleagues answers nothing any more
    return means


def of_list(shown: Mapping[str, Any], said: SessionWord) -> Means | None:
    """What a number, 次 or 前 means to a list, as `lists.keep` has kept it."""
    if said.word == "number":
        return _rows(shown, said)
    step = {"next": 1, "previous": -1}.get(said.word)
    if step is None or not shown["command"]:
        return None
    page = shown["page"] + step
    if not 1 <= page <= shown["pages"]:
        return Means(answer="これが最後のページです。" if step > 0 else "これが最初のページです。")
    return Means(command=f"{shown['command']} ページ={page}")


async def _decided(chat: str, person: str, yes: bool, now: datetime) -> Means | None:
    card = await dialogues.waiting_card(chat, person, now)
    if card is None:
        return None
    if not yes:
        await dialogues.drop(card.token, now)
        return Means(answer=STOPPED)
    if card.arguments.get("choices") or card.arguments.get("typed"):
        return Means(answer=_asks(card))
    return Means(card=card)


def _asks(card: dialogues.Card) -> str:
    """What has to be said to a card."""
    if card.arguments.get("choices"):
        return f"1〜{len(card.arguments['choices'])} の番号かボタンで選んでください。"
    if card.arguments.get("typed"):
        return f"確認のため「{card.arguments['typed']}」と送ってください。"
    return "実行するには「はい」、やめるには「やめる」と送ってください。"


def _chosen(card: dialogues.Card, said: SessionWord) -> Means | None:
    """The number of one of the ways to go on from the card shown last; of any other card it answers nothing."""
    choices = card.arguments.get("choices")
    if not choices:
        return Means(answer=_asks(card))
    if len(said.numbers) != 1:
        return None
    number = said.numbers[0]
    if not 1 <= number <= len(choices):
        return Means(answer=f"番号は 1〜{len(choices)} です。")
    return Means(card=card, choice=choices[number - 1])


def _rows(shown: Mapping[str, Any], said: SessionWord) -> Means | None:
    rows = shown["rows"]
    numbers = [str(number) for number in said.numbers]
    known = [number for number in numbers if number in rows]
    if len(known) < len(numbers):
        first, last = next(iter(rows)), next(reversed(rows))
        return Means(answer=f"番号は {first}〜{last} です。")
    if not said.rest:
        return Means(command=rows[known[0]][0]) if len(known) == 1 else None
    objects = [rows[number][1] for number in known]
    if not all(objects):
        return Means(answer="この一覧の行には、まとめて実行できません。")
    return Means(command=f"{said.rest} {', '.join(objects)}")


async def completed(chat: str, person: str | None, text: str, now: datetime) -> str | None:
    """The command that asked this person for a text, with the text below it."""
    begun = await dialogues.open(chat, person, "text", now) if person is not None else None
    if person is None or begun is None:
        return None
    await dialogues.close(chat, person, "text")
    return f"{begun['command']}\n{text}"


async def typed(chat: str, person: str, text: str, now: datetime) -> Means | None:
    """Whether a text is what a card of this person asks to be typed; another number is told apart from it."""
    card = await dialogues.waiting_card(chat, person, now)
    wanted = card.arguments.get("typed") if card else None
    if card is None or not wanted:
        return None
    said = normalise.fold(normalise.lookup(text).text.removeprefix("/").strip())
    number = str(wanted).removesuffix("件")
    count = COUNT.match(said) if number.isdigit() else None
    if said == normalise.fold(normalise.lookup(wanted).text) or (count and count[1].replace(",", "") == number):
        return Means(card=card)
    if count:
        return Means(answer=f"確認の数が違います。実行するには「{wanted}」、やめるには「やめる」と送ってください。")
    return None

"""テンプレ 結果: how many have chosen what under the questions of a template, and who."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_commands import cards, desk, lists, objects
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from storage import answers, friends, names, templates

QUESTION = "質問"
LONGEST = 40  # characters of a question in a row


@dataclass(frozen=True, slots=True)
class Line:
    """One choice, as it is offered today or was once."""

    place: int  # of its question, from 1; 0 for a question that is no more
    question: str
    choice: str
    most: int | None
    offered: bool
    friends: int
    presses: int


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    given = await answers.counted(kept.id, at.sight)
    if not kept.questions and not given:
        name = words.show(words.Name(kept.name))
        return cards.Say(
            f"テンプレ「{kept.name}」に▼質問はありません。▼質問 の下に「・選択肢 → 動作」を書くと、答えを数えます。",
            (cards.Tap("書出", f"テンプレ 書出 {name}"),),
        )
    lines = _lines(kept, given)
    if len(said.args) > 1:
        return await _people(at, kept, said, lines)
    page = objects.page_of(said)
    shown = lines[lists.offset(page) : lists.offset(page) + lists.ROWS]
    rows = [cards.Row(_told(one), _who(kept, one), note=_note(kept, one)) for one in shown]
    notes = [f"質問: {kept.questions[0]['text'][:LONGEST]}"] if len(kept.questions) == 1 else []
    for place, question in enumerate(kept.questions, 1):
        people = await answers.people(kept.id, question["key"], at.sight)
        which = f"{place}つ目に" if len(kept.questions) > 1 else ""
        notes.append(f"{which}答えた人: {people:,}人{'（1人1回）' if question['once'] else ''}")
    title = f"📊 テンプレ「{kept.name}」#M{kept.id} の結果"
    return await lists.say(at, title, rows, len(lines), page, f"テンプレ 結果 #M{kept.id}", notes=notes)


def _lines(kept: templates.Kept, given: Sequence[answers.Counted]) -> list[Line]:
    """All choices of today in their order, then those that were answered and are no more."""
    left = {(one.question, one.choice_key): one for one in given}
    found = []
    for place, question in enumerate(kept.questions, 1):
        for choice in question["choices"]:
            one = left.pop((question["key"], names.name_key(choice["label"])), None)
            counted = (one.friends, one.presses) if one else (0, 0)
            found.append(Line(place, question["key"], choice["label"], choice["most"], True, *counted))
    places = {question["key"]: place for place, question in enumerate(kept.questions, 1)}
    found += [
        Line(places.get(one.question, 0), one.question, one.choice, None, False, one.friends, one.presses)
        for one in left.values()
    ]
    return found


def _told(one: Line) -> str:
    marks = [
        *([f"先着{one.most:,}人"] if one.most is not None else []),
        *(["満員"] if one.most is not None and one.friends >= one.most else []),
        *([f"{one.presses:,}回"] if one.presses > one.friends else []),
        *(["今はない選択肢"] if not one.offered else []),
    ]
    return f"{one.choice} … {one.friends:,}人" + (f"（{'・'.join(marks)}）" if marks else "")


def _note(kept: templates.Kept, one: Line) -> str:
    if len(kept.questions) < 2 or not one.place:
        return ""
    return f"{one.place}つ目: {kept.questions[one.place - 1]['text'][:LONGEST]}"


def _who(kept: templates.Kept, one: Line) -> str:
    which = f" {QUESTION}={one.place}" if len(kept.questions) > 1 and one.place else ""
    return f"テンプレ 結果 #M{kept.id} {words.show(words.Name(one.choice))}{which}"


async def _people(at: desk.Desk, kept: templates.Kept, said: Said, lines: Sequence[Line]) -> cards.Say:
    """Who has chosen this, the first first."""
    wanted = objects.text_of(said, 1)
    place = said.option(QUESTION)
    number = normalise.lookup(place).text if place else ""
    fits = [
        one
        for one in lines
        if names.name_key(one.choice) == names.name_key(wanted) and (not number or str(one.place) == number)
    ]
    if not fits:
        offered = "・".join(dict.fromkeys(one.choice for one in lines))
        raise desk.Declined(
            f"テンプレ「{kept.name}」に選択肢「{wanted}」はありません。\n選択肢: {offered}",
            cards.Tap("結果", f"テンプレ 結果 #M{kept.id}"),
        )
    one = fits[0]
    page = objects.page_of(said)
    key = names.name_key(one.choice)
    found, total = await answers.page(kept.id, one.question, key, lists.ROWS, lists.offset(page), at.sight)
    when = {row["friend"]: row["at"].astimezone(at.zone) for row in found}
    seen = await friends.seen(list(when), at.sight)
    rows = [
        cards.Row(
            f"{objects.friend_line(at, friend)} … {when[friend.id]:%m/%d %H:%M}",
            f"友だち 表示 #F{friend.id}",
            f"#F{friend.id}",
        )
        for friend in seen
    ]
    title = f"👥 「{one.choice}」を選んだ人"
    return await lists.say(at, title, rows, total, page, _who(kept, one), empty="まだだれも選んでいません。")

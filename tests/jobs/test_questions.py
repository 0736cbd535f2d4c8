"""Questions of templates: a press is an answer, kept once or many times, as long as there is room."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from jobs import configuration, facts
from storage import account, answers, database
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def ask(once: bool = False, **choices: int | None) -> Mapping[str, facts.Pressed]:
    """A template with one question, each choice saying its label; the presses on them."""
    question = {
        "key": "q1",
        "text": "どちら？",
        "once": once,
        "again": "もう伺いました",
        "full": None,
        "choices": [{"label": label, "most": most, "actions": [engine.say(label)]} for label, most in choices.items()],
    }
    template = await database.value(
        "INSERT INTO templates (name, name_key, source, messages, questions, updated_at)"
        " VALUES ('好み', '好み', '', '[]', $1::jsonb, now()) RETURNING id",
        orjson.dumps([question]).decode(),
    )
    await account.configuration_changed()
    return {label: await a_button(template, label) for label in (*choices, "昔の")}


async def a_button(template: int, label: str) -> facts.Pressed:
    action = {"do": "answer", "of": template, "question": "q1", "choice": label}
    button = await database.value(
        "INSERT INTO buttons (label, actions, owner, created_at) VALUES ($2, $1::jsonb, 'a test', now()) RETURNING id",
        orjson.dumps([action]).decode(),
        label,
    )
    return facts.Pressed(button)


async def said_to(friend: int) -> list[str]:
    found = await database.rows(
        "SELECT convert_from(o.body, 'utf8')::jsonb #>> '{0,text}' AS text FROM deliveries d"
        " JOIN outbox o ON o.id = d.outbox_id WHERE d.friend_id = $1 ORDER BY d.id",
        friend,
    )
    return [row["text"] for row in found]


async def kept() -> list[tuple[int, str, int]]:
    rows = await database.rows("SELECT friend_id, choice, button_id FROM answers ORDER BY id")
    return [(row["friend_id"], row["choice"], row["button_id"]) for row in rows]


async def test_it_takes_one_answer_or_many_as_the_question_says(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    once = await ask(once=True, カット=None, カラー=None)
    for label in ("カット", "カット", "カラー"):
        await engine.let_happen(cache, [(friend, once[label])])
    assert await said_to(friend) == ["カット", "もう伺いました", "もう伺いました"]
    assert await kept() == [(friend, "カット", once["カット"].button)]
    await database.run("UPDATE templates SET questions = jsonb_set(questions, '{0,once}', 'false')")
    await account.configuration_changed()
    for label in ("カット", "カラー"):
        await engine.let_happen(cache, [(friend, once[label])])
    assert (await said_to(friend))[3:] == ["カット", "カラー"]
    assert [choice for _, choice, _ in await kept()] == ["カット", "カット", "カラー"]


async def test_it_gives_exactly_as_many_places_as_there_are_to_many_at_once() -> None:
    people = await engine.add_friends(120)
    presses = await ask(先着=20, いつでも=None)
    workers = [configuration.Cache(engine.TOKYO) for _ in range(3)]
    sets = [people[first : first + 20] for first in range(0, len(people), 20)]
    await asyncio.gather(
        *(
            engine.let_happen(workers[place % 3], [(one, presses["先着"]) for one in some])
            for place, some in enumerate(sets)
        )
    )
    held = {friend for friend, _, _ in await kept()}
    assert len(held) == 20
    told: dict[str, set[int]] = {}
    for row in await database.rows(
        "SELECT d.friend_id, convert_from(o.body, 'utf8')::jsonb #>> '{0,text}' AS text"
        " FROM deliveries d JOIN outbox o ON o.id = d.outbox_id"
    ):
        told.setdefault(row["text"], set()).add(row["friend_id"])
    full = "申し訳ありません。「先着」は定員に達したため、受付を終わりました。"
    assert told == {"先着": held, full: set(people) - held}
    [first, *_] = sorted(held)
    await engine.let_happen(workers[0], [(first, presses["先着"])])
    assert (await said_to(first))[-1] == "先着", "who has a place keeps it"
    assert len({friend for friend, _, _ in await kept()}) == 20


async def test_it_follows_the_template_as_it_is_today(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    presses = await ask(カット=None)
    await engine.let_happen(cache, [(friend, presses["昔の"])])
    changed: dict[str, Any] = engine.say("今は予約制です")
    await database.run(
        "UPDATE templates SET questions = jsonb_set(questions, '{0,choices,0,actions}', $1::jsonb)",
        orjson.dumps([changed]).decode(),
    )
    await account.configuration_changed()
    await engine.let_happen(cache, [(friend, presses["カット"])])
    await database.run("UPDATE templates SET deleted_at = now()")
    await account.configuration_changed()
    await engine.let_happen(cache, [(friend, presses["カット"])])
    closed = "申し訳ありません。この質問の受付は終わりました。"
    assert await said_to(friend) == [closed, "今は予約制です", closed]


async def test_it_gives_the_last_place_to_the_first_of_one_moment(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    asked = answers.Asked(1, "q1", "朝", "朝", once=False, most=2)
    now = [
        answers.Press(friend, None, datetime(2026, 1, 1, 9, 0, place, tzinfo=UTC))
        for place, friend in enumerate(people)
    ]
    assert await answers.give(asked, list(reversed(now))) == dict(zip(people, ("given", "given", "full"), strict=True))

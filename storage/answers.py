"""Answers: what friends have pressed under the questions of templates, each press kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tortoise import fields
from tortoise.models import Model

from storage import database, segments

Outcome = Literal["given", "again", "full"]


class Answer(Model):
    id = fields.BigIntField(primary_key=True)
    template_id = fields.BigIntField()
    question = fields.CharField(max_length=16)  # its key within the template
    choice_key = fields.TextField()
    choice = fields.TextField()  # its label, as pressed
    button_id = fields.BigIntField(null=True)
    friend_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "answers"
        indexes = (("template_id", "question", "friend_id"), ("friend_id",))


@dataclass(frozen=True, slots=True)
class Press:
    friend: int
    button: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One choice of a question: `once`, a friend answers the question once; `most`, so many friends may choose this."""

    template: int
    question: str
    choice_key: str
    choice: str
    once: bool
    most: int | None


async def give(asked: Asked, presses: Sequence[Press]) -> dict[int, Outcome]:
    """Keep these answers, each friend's once, the first who fit in; what came of it. The friends are locked.

    A friend who has one of the limited places keeps it, and answers again without taking another.
    """
    if asked.most is not None:
        await database.run("SELECT 1 FROM templates WHERE id = $1 FOR NO KEY UPDATE", asked.template)
    first = sorted({press.friend: press for press in presses}.values(), key=lambda press: (press.at, press.friend))
    found = await database.rows(
        "WITH asked AS (SELECT * FROM unnest($5::bigint[], $6::bigint[], $7::timestamptz[]) WITH ORDINALITY"
        " AS x (friend_id, button_id, at, place)),"
        " mine AS (SELECT a.friend_id, bool_or(a.choice_key = $3) AS this FROM answers a JOIN asked USING (friend_id)"
        " WHERE a.template_id = $1 AND a.question = $2 GROUP BY a.friend_id),"
        " taken AS (SELECT count(DISTINCT a.friend_id) AS places FROM answers a WHERE $9::int IS NOT NULL"
        " AND a.template_id = $1 AND a.question = $2 AND a.choice_key = $3),"
        " judged AS (SELECT k.*, CASE WHEN $8 AND m.this IS NOT NULL THEN 'again'"
        " WHEN $9::int IS NULL OR m.this THEN 'given'"
        " WHEN taken.places + count(*) FILTER (WHERE NOT ($8 AND m.this IS NOT NULL) AND m.this IS NOT TRUE)"
        " OVER (ORDER BY k.place) <= $9::int THEN 'given' ELSE 'full' END AS outcome"
        " FROM asked k CROSS JOIN taken LEFT JOIN mine m USING (friend_id)),"
        " kept AS (INSERT INTO answers (template_id, question, choice_key, choice, button_id, friend_id, at)"
        " SELECT $1, $2, $3, $4, button_id, friend_id, at FROM judged WHERE outcome = 'given' ORDER BY place)"
        " SELECT friend_id, outcome FROM judged",
        asked.template,
        asked.question,
        asked.choice_key,
        asked.choice,
        [press.friend for press in first],
        [press.button for press in first],
        [press.at for press in first],
        asked.once,
        asked.most,
    )
    return {row["friend_id"]: row["outcome"] for row in found}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many friends have chosen something, and how often it was pressed."""

    question: str
    choice_key: str
    choice: str
    friends: int
    presses: int


async def counted(template_id: int, sight: segments.Sight) -> list[Counted]:
    """All that was ever chosen under this template, by those who can be seen."""
    statement = segments.Statement(sight, (template_id,))
    found = await database.rows(
        "SELECT a.question, a.choice_key, (array_agg(a.choice ORDER BY a.id DESC))[1] AS choice,"
        " count(DISTINCT a.friend_id) AS friends, count(*) AS presses FROM answers a"
        f" WHERE a.template_id = $1{statement.belongs('a.friend_id')} GROUP BY 1, 2 ORDER BY 1, min(a.id)",
        *statement.values,
    )
    return [Counted(**row) for row in found]


async def people(template_id: int, question: str, sight: segments.Sight) -> int:
    """How many who can be seen have answered this question."""
    statement = segments.Statement(sight, (template_id, question))
    found: int = await database.value(
        "SELECT count(DISTINCT a.friend_id) FROM answers a WHERE a.template_id = $1 AND a.question = $2"
        f"{statement.belongs('a.friend_id')}",
        *statement.values,
    )
    return found


async def page(
    template_id: int, question: str, choice_key: str, limit: int, offset: int, sight: segments.Sight
) -> tuple[list[dict[str, Any]], int]:
    """Who can be seen and has chosen this, the first first: friend, when they did so last; and how many they are."""
    statement = segments.Statement(sight, (template_id, question, choice_key))
    chosen = (
        "SELECT a.friend_id AS friend, max(a.at) AS at, min(a.id) AS first FROM answers a"
        " WHERE a.template_id = $1 AND a.question = $2 AND a.choice_key = $3"
        f"{statement.belongs('a.friend_id')} GROUP BY 1"
    )
    total: int = await database.value(f"SELECT count(*) FROM ({chosen}) x", *statement.values)
    found = await database.rows(
        f"SELECT friend, at FROM ({chosen}) x ORDER BY first LIMIT {int(limit)} OFFSET {int(offset)}", *statement.values
    )
    return found, total

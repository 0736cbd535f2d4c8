"""`./ayumi bench forms`: how long the engine takes to open a form and to take an answer, in a shop of 100,000 friends.

All of them have answered one form; it is opened and answered by others, one after the other, then ten at once, so is
one with 5,000 places, of which 2,000 are taken; then 200 come at once for 30 places. Each answer is a transaction with
five questions, a field, a tag and a push.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot import memory
from jobs import configuration
from jobs.forms import opening, submitting
from storage import clock, database, forms, versions
from tests.load import _ground as grounds

QUESTIONS = [
    {"key": "q1", "label": "お名前", "kind": "text", "required": True, "field": 1},
    {
        "key": "q2",
        "label": "ご希望",
        "kind": "multiple",
        "options": [
            {"key": "o1", "label": "カット", "actions": [{"do": "tag_on", "tags": [1]}]},
            {"key": "o2", "label": "カラー"},
        ],
    },
    {"key": "q3", "label": "人数", "kind": "number", "least": 1, "most": 9},
    {"key": "q4", "label": "お電話", "kind": "phone"},
    {"key": "q5", "label": "ご要望", "kind": "long"},
]
RAW = {"q1": "山田 花子", "q2": ["o1"], "q3": "２", "q4": "090-1234-5678", "q5": "窓側の席をお願いします。"}
THANKS = [{"do": "send", "messages": [{"type": "text", "text": "ありがとうございました"}]}]
Work = Callable[[int], Awaitable[object]]
PLACES, TAKEN = 5_000, 2_000
OPENED = 200
ABREAST = 10
RUSH = 200
FILLED = """
WITH given AS (
    INSERT INTO submissions (form_id, version_number, friend_id, attempt, at)
    SELECT $1, 1, f.id, 1, now() - f.id * interval '1 second' FROM friends f WHERE f.id <= $2 RETURNING id, friend_id
)
INSERT INTO form_answers (submission_id, form_id, friend_id, question, option, text)
SELECT g.id, $1, g.friend_id, a.question, a.option, a.text FROM given g CROSS JOIN (VALUES
    ('q1', NULL, '山田 花子'), ('q2', 'o1', 'カット'), ('q2', 'o2', 'カラー'), ('q3', NULL, '2'),
    ('q4', NULL, '09012345678'), ('q5', NULL, '窓側の席をお願いします。')) AS a (question, option, text)
"""


async def add_form(name: str, **rest: Any) -> int:
    now = await clock.now()
    number = await forms.ROWS.make(name, now)
    form = {"title": name, "pages": [{"key": "p1", "questions": QUESTIONS}], "actions": THANKS} | rest
    version = await versions.add(forms.ROWS.owner(number), {"source": "", "form": form}, None, now)
    await forms.ROWS.change(number, state="live", live=version, draft=None)
    return number


async def prepare(friends: int) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'U' || lpad(n::text, 32, '0'), 'お客様' || n, true, now() FROM generate_series(1, $1::int) AS x (n)",
        friends + 5_000,
    )
    await database.run("INSERT INTO tags (name, name_key, created_at) VALUES ('カット', 'カット', now())")
    await database.run("INSERT INTO fields (name, name_key, kind, created_at) VALUES ('氏名', '氏名', 'text', now())")


async def timed(work: Work, people: Sequence[int], abreast: int) -> tuple[list[float], float]:
    """Milliseconds of each, so many at once, and seconds of all."""
    taken: list[float] = []
    waiting = iter(people)

    async def some() -> None:
        for friend in waiting:
            began = time.perf_counter()
            await work(friend)
            taken.append(1e3 * (time.perf_counter() - began))

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(abreast)))
    return taken, time.perf_counter() - began


def told(what: str, taken: Sequence[float], seconds: float) -> None:
    cut = statistics.quantiles(taken, n=20)
    print(f"{what}: median {cut[9]:.1f} ms, p95 {cut[18]:.1f} ms, {len(taken) / seconds:,.0f} a second", flush=True)


async def measure(friends: int) -> None:
    url = await grounds.fresh_database("ayumi_load_forms")
    await database.connect(url)
    await prepare(friends)
    cache = configuration.Cache(grounds.TOKYO)
    free, limited, tight = [
        await add_form("自由"),
        await add_form("定員", places=PLACES),
        await add_form("三十", places=30),
    ]
    await database.run(FILLED, free, friends)
    await database.run(FILLED, limited, TAKEN)
    await database.run("ANALYZE")

    def open_(form: int) -> Work:
        return lambda friend: opening.opening(cache, form, friend)

    def submit(form: int) -> Work:
        async def work(friend: int) -> submitting.Outcome:
            sent = submitting.Sent(form, friend, 1, 0, 1, RAW)
            return await database.repeated(lambda: submitting.submit(cache, sent))

        return work

    fresh = range(friends + 1, friends + 5_001)
    print(f"{friends:,} friends have answered", flush=True)
    for name, form in (("without places", free), ("with places", limited)):
        told(f"open {name}", *await timed(open_(form), fresh[:OPENED], 1))
        told(f"submit {name}, one by one", *await timed(submit(form), fresh[:OPENED], 1))
        told(f"submit {name}, {ABREAST} at once", *await timed(submit(form), fresh[OPENED : 3 * OPENED], ABREAST))
    told(f"30 places, {RUSH} at once", *await timed(submit(tight), fresh[:RUSH], RUSH))
    kept = await database.value("SELECT count(*) FROM submissions WHERE form_id = $1", tight)
    assert kept == 30, kept
    await database.disconnect()


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("friends", type=int, nargs="*", default=[100_000])
    memory.calm()
    for friends in given.parse_args().friends:
        asyncio.run(measure(friends))


if __name__ == "__main__":
    main()

"""Forms as they are kept: versions, places where they stand, the bin, and what goes with a friend."""

import pytest

from storage import bin, clock, database, erasure, forms, named, uses, versions
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")


async def add(name: str, form: dict[str, object]) -> int:
    now = await clock.now()
    number = await forms.ROWS.make(name, now)
    version = await versions.add(forms.ROWS.owner(number), {"source": "", "form": form}, None, now)
    await forms.ROWS.change(number, state="live", live=version, draft=None)
    return number


async def test_it_keeps_versions_and_knows_those_in_force() -> None:
    number = await add("来店アンケート", {"title": "一"})
    draft = await versions.add(
        forms.ROWS.owner(number), {"source": "", "form": {"title": "二"}}, None, await clock.now()
    )
    await forms.ROWS.change(number, state="live", live=1, draft=draft)
    [whole] = await forms.ROWS.everything("アンケート")
    assert (whole.kept.live, whole.kept.draft, whole.kept.version) == (1, 2, 3)
    assert whole.live is not None
    assert whole.live["form"]["title"] == "一"
    assert await forms.ROWS.in_force() == {number: 1}
    assert '"二"' in (await forms.ROWS.contents([(number, 2)]))[number, 2]
    assert (await named.by_names("forms", ["来店アンケート"])).popitem()[1].id == number


async def test_it_knows_where_a_form_stands_and_what_stands_in_a_form() -> None:
    tag = await engine.add_tag("回答済")
    first = await add("先", {"title": "先", "actions": [{"do": "tag_on", "tags": [tag]}]})
    await add("後", {"title": "後", "thanks": {"next": first}})
    button = {"type": "uri", "uri": f"https://liff.invalid/f/{first}"}
    await engine.add_set("案内", [{"do": "send", "messages": [{"type": "template", "actions": [button]}]}])
    other = {"type": "uri", "uri": f"https://liff.invalid/f/{first}1"}
    await engine.add_set("別", [{"do": "send", "messages": [{"type": "template", "actions": [other]}]}])
    assert {(one.kind, one.name) for one in await uses.of("forms", [first])} == {("form", "後"), ("action", "案内")}
    assert named.Use("form", "先") in await uses.of("tags", [tag])


async def test_it_forgets_a_friends_answers_and_clears_the_bin_with_all_a_form_has() -> None:
    number = await add("消す", {"title": "消す"})
    people = await engine.add_friends(2)
    for friend in people:
        submission = await database.value(
            "INSERT INTO submissions (form_id, version_number, friend_id, attempt, at)"
            " VALUES ($1, 1, $2, 1, now()) RETURNING id",
            number,
            friend,
        )
        await database.run(
            "INSERT INTO form_answers (submission_id, form_id, friend_id, question, text)"
            " VALUES ($1, $2, $3, 'q1', '答え')",
            submission,
            number,
            friend,
        )
    user = await database.value("SELECT line_user_id FROM friends WHERE id = $1", people[0])
    await database.repeated(lambda: erasure.erase(people[0], user, []))
    assert await database.value("SELECT count(*) FROM submissions") == 1
    assert await database.value("SELECT array_agg(friend_id) FROM form_answers") == [people[1]]
    await bin.put_in("forms", number, await clock.now() - bin.KEPT * 2)
    while await bin.clear(await clock.now(), 10):
        pass
    for table in ("forms", "submissions", "form_answers"):
        assert await database.value(f"SELECT count(*) FROM {table}") == 0
    assert await database.value("SELECT count(*) FROM block_versions") == 0

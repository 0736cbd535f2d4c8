"""Answers to forms: taken once, while there is room, and what they set going."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
import pytest

from jobs import configuration
from jobs.forms import opening, submitting
from storage import account, blocking, clock, database, erasure, parked, segments, tags
from storage import forms as storage_forms
from storage.fields import make as make_field
from storage.fields import values
from storage.forms import submissions, uploads
from storage.outbox import ledger
from tests.jobs import engine, forms, statements

pytestmark = pytest.mark.usefixtures("db")

TOKEN = "u" * 43


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def submit(
    cache: configuration.Cache,
    form: int,
    friend: int,
    raw: Mapping[str, Any],
    attempt: int = 1,
    revision: int = 0,
    version: int = 1,
) -> submitting.Outcome:
    sent = submitting.Sent(form, friend, attempt, revision, version, raw)
    return await database.repeated(lambda: submitting.submit(cache, sent))


async def kept(form: int) -> list[dict[str, Any]]:
    return await database.rows(
        "SELECT s.friend_id, s.attempt, s.revision, a.question, a.option, a.text FROM submissions s"
        " LEFT JOIN form_answers a ON a.submission_id = s.id WHERE s.form_id = $1 ORDER BY s.id, a.id",
        form,
    )


async def wearers(tag: int, people: Sequence[int]) -> set[int]:
    return {friend for friend, _ in await tags.links(people, [tag])}


def simple(**rest: Any) -> dict[str, Any]:
    return forms.stored(forms.question("q1", "text", required=True), **rest)


async def test_it_keeps_an_answer_and_does_all_that_follows_once(cache: configuration.Cache) -> None:
    cut, answered, asked = [await engine.add_tag(one) for one in ("カット", "回答済", "質問")]
    now = await clock.now()
    name, day, count = (
        await make_field("氏名", "text", now),
        await make_field("誕生日", "date", now),
        await make_field("人数", "number", now),
    )
    number = await forms.add(
        "来店",
        forms.stored(
            forms.question("q1", "text", required=True, field=name),
            forms.question(
                "q2",
                "multiple",
                {"label": "カット", "actions": [{"do": "tag_on", "tags": [cut]}], "points": 3},
                "カラー",
                {"label": "その他", "other": True},
                actions=[{"do": "tag_on", "tags": [asked]}],
            ),
            forms.question("q3", "date", field=day),
            forms.question("q4", "number", field=count),
            results=[{"key": "r1", "title": "ようこそ", "least": 3, "actions": [engine.say("結果")]}],
            actions=[{"do": "tag_on", "tags": [answered]}, engine.say(f"ありがとう{{#K{name}}}さん")],
        ),
    )
    [friend] = await engine.add_friends(1)
    assert (await opening.opening(cache, number, friend)).state == "open"
    raw = {"q1": "山田", "q2": ["o1", "o3"], "q2.other": "now", "q3": "2000-05-03", "q4": "２"}
    with statements.counted() as told:
        outcome = await submit(cache, number, friend, raw)
    assert len(told) <= 15, told
    assert (outcome.state, outcome.result and outcome.result.key) == ("kept", "r1")
    assert [(row["question"], row["option"], row["text"]) for row in await kept(number)] == [
        ("q1", None, "山田"),
        ("q2", "o1", "カット"),
        ("q2", "o3", "now"),
        ("q3", None, "2000-05-03"),
        ("q4", None, "2"),
    ]
    assert await values.of_friend(friend) == {name: "山田", day: "2000-05-03", count: "2"}
    for tag in (cut, answered, asked):
        assert await wearers(tag, [friend]) == {friend}
    sent = await engine.outgoing()
    assert [(row["kind"], row["class"], row["cause"], row["texts"]) for row in sent] == [
        ("push", "transactional", f"form:{number}", ["結果"]),
        ("push", "transactional", f"form:{number}", ["ありがとう山田さん"]),
    ]
    assert [row["id"] for row in sent] == list(outcome.rows)
    again = await submit(cache, number, friend, raw | {"q1": "別の人"})
    assert (again.state, again.result and again.result.key, again.answers["q1"].text) == ("again", "r1", "山田")
    assert len(await engine.outgoing()) == 2
    assert await database.value("SELECT count(*) FROM submissions") == 1
    events = await database.rows("SELECT kind, subject, data FROM friend_events WHERE kind LIKE 'form%'")
    assert [(one["kind"], one["subject"]) for one in events] == [("form_answered", number)]
    assert await database.value("SELECT last_reaction_at IS NOT NULL FROM friends WHERE id = $1", friend)


async def test_it_gives_two_hundred_friends_at_once_exactly_thirty_places(cache: configuration.Cache) -> None:
    number = await forms.add("先着", simple(places=30, actions=[engine.say("承りました")]))
    people = await engine.add_friends(200)
    found = await asyncio.gather(*(submit(cache, number, friend, {"q1": "はい"}) for friend in people))
    states = [one.state for one in found]
    assert (states.count("kept"), states.count("full")) == (30, 170)
    assert await database.value("SELECT count(*) FROM submissions") == 30
    assert len(await engine.outgoing()) == 30
    assert (await opening.opening(cache, number, people[-1])).state in ("full", "answered")


async def test_it_gives_an_option_to_as_many_as_it_has_places_for(cache: configuration.Cache) -> None:
    option = {"label": "午前", "places": 5}
    number = await forms.add(
        "時間", forms.stored(forms.question("q1", "single", option, "午後", required=True), turns="edit")
    )
    people = await engine.add_friends(40)
    found = await asyncio.gather(*(submit(cache, number, friend, {"q1": "o1"}) for friend in people))
    assert [one.state for one in found].count("kept") == 5
    lost = next(one for one in found if one.state == "faults")
    assert lost.faults["q1"].code == "places"
    assert lost.faults["q1"].params["label"] == "午前"
    out = people[next(place for place, one in enumerate(found) if one.state == "faults")]
    had = people[next(place for place, one in enumerate(found) if one.state == "kept")]
    assert (await opening.opening(cache, number, out)).options_left == {("q1", "o1"): 0}
    assert (await opening.opening(cache, number, had)).options_left == {("q1", "o1"): 1}  # one's own
    assert (await submit(cache, number, had, {"q1": "o2"}, revision=1)).state == "edited"
    assert (await submit(cache, number, out, {"q1": "o1"})).state == "kept"


async def test_it_takes_many_taps_and_tabs_at_once_as_one_answer(cache: configuration.Cache) -> None:
    number = await forms.add("一度", simple(turns="many", actions=[engine.say("どうも")]))
    [friend] = await engine.add_friends(1)
    found = await asyncio.gather(*(submit(cache, number, friend, {"q1": str(one)}) for one in range(8)))
    assert sorted(one.state for one in found) == ["again"] * 7 + ["kept"]
    assert len(await engine.outgoing()) == 1
    assert (await opening.opening(cache, number, friend)).attempt == 2
    assert (await submit(cache, number, friend, {"q1": "二回目"}, attempt=2)).state == "kept"
    assert (await submit(cache, number, friend, {"q1": "飛ばした"}, attempt=9)).state == "moved"
    assert [row["text"] for row in await kept(number)][1:] == ["二回目"]


async def test_it_lets_an_answer_be_edited_in_one_place_at_a_time(cache: configuration.Cache) -> None:
    one, two, done, asked = [await engine.add_tag(name) for name in ("一", "二", "後", "問")]
    field = await make_field("希望", "text", await clock.now())
    options = [
        {"label": label, "actions": [{"do": "tag_on", "tags": [tag]}]} for label, tag in (("一", one), ("二", two))
    ]
    number = await forms.add(
        "直せる",
        forms.stored(
            forms.question("q1", "multiple", *options, field=field, actions=[{"do": "tag_on", "tags": [asked]}]),
            turns="edit",
            actions=[{"do": "tag_on", "tags": [done]}],
        ),
    )
    [friend] = await engine.add_friends(1)
    assert (await submit(cache, number, friend, {"q1": ["o1"]})).state == "kept"
    for tag in (one, done, asked):
        await database.run("DELETE FROM friend_tags WHERE tag_id = $1", tag)
    begun = await opening.opening(cache, number, friend)
    assert (begun.state, begun.attempt, begun.revision, begun.prefill["q1"]) == ("open", 1, 1, ["o1"])
    found = await asyncio.gather(
        submit(cache, number, friend, {"q1": ["o1", "o2"]}, revision=1),
        submit(cache, number, friend, {"q1": ["o1", "o2"]}, revision=1),
    )
    assert sorted(one.state for one in found) == ["again", "edited"]
    assert (await submit(cache, number, friend, {"q1": ["o2"]}, revision=1)).state == "moved"
    assert (await submit(cache, number, friend, {"q1": ["o2"]})).state == "again"
    assert [(row["revision"], row["option"]) for row in await kept(number)] == [(2, "o1"), (2, "o2")]
    assert await values.of_friend(friend) == {field: "一、二"}
    worn = [tag for tag in (one, two, done, asked) if await wearers(tag, [friend])]
    assert worn == [two]
    assert (await submit(cache, number, friend, {"q1": ["o2"]}, revision=2)).state == "edited"
    assert (await opening.opening(cache, number, friend)).revision == 3


async def test_it_does_what_an_option_does_once_for_each_answer_however_often_it_is_chosen_anew(
    cache: configuration.Cache,
) -> None:
    one, two = [{"label": label, "actions": [engine.say(label)]} for label in ("一", "二")]
    form = forms.stored(forms.question("q1", "single", one, two, "三"), turns="edit")
    number = await forms.add("送る", form)
    friend, other = await engine.add_friends(2)
    await submit(cache, number, friend, {"q1": "o1"})
    for revision, option in enumerate(("o3", "o1", "o2", "o1", "o2", "o3", "o2"), start=1):
        assert (await submit(cache, number, friend, {"q1": option}, revision=revision)).state == "edited"
    assert [row["texts"] for row in await engine.outgoing()] == [["一"], ["二"]]
    await submit(cache, number, other, {"q1": "o3"})
    await submit(cache, number, other, {"q1": "o2"}, revision=1)
    assert [row["texts"] for row in await engine.outgoing()] == [["一"], ["二"], ["二"]]
    # what was left under one version acts no more under the next; another answer is another one
    await forms.publish(number, form)
    await submit(cache, number, friend, {"q1": "o1"}, revision=8, version=2)
    await forms.publish(number, form | {"turns": "many"})
    await submit(cache, number, friend, {"q1": "o1"}, attempt=2, version=3)
    assert [row["texts"] for row in await engine.outgoing()][3:] == [["一"]]


async def test_edits_at_once_do_what_an_option_does_once(cache: configuration.Cache) -> None:
    points = await make_field("ポイント", "number", await clock.now())
    added = {"do": "field", "field": points, "change": {"sign": "+", "value": "10"}}
    options = [{"label": label, "actions": [added]} for label in ("一", "二", "三")]
    number = await forms.add("貯める", forms.stored(forms.question("q1", "multiple", *options), turns="edit"))
    [friend] = await engine.add_friends(1)
    await submit(cache, number, friend, {"q1": ["o1"]})
    for revision in range(1, 9):
        chosen = (["o1", "o2"], ["o2"], ["o3"], ["o1"])
        found = await asyncio.gather(*(submit(cache, number, friend, {"q1": one}, revision=revision) for one in chosen))
        assert sorted(one.state for one in found) == ["edited", "moved", "moved", "moved"]
    await submit(cache, number, friend, {"q1": ["o1", "o2", "o3"]}, revision=9)
    assert await values.of_friend(friend) == {points: "30"}


async def test_it_opens_and_closes_when_the_form_says_so(cache: configuration.Cache) -> None:
    now = await clock.now()
    number = await forms.add(
        "期間",
        simple(
            turns="edit",
            since=(now + timedelta(hours=1)).isoformat(),
            until=(now + timedelta(hours=2)).isoformat(),
            edit_until=(now + timedelta(hours=3)).isoformat(),
        ),
    )
    early, late = await engine.add_friends(2)
    assert (await opening.opening(cache, number, early)).state == "soon"
    assert (await submit(cache, number, early, {"q1": "x"})).state == "soon"
    await clock.move(now + timedelta(hours=1))
    assert (await submit(cache, number, early, {"q1": "x"})).state == "kept"
    await clock.move(now + timedelta(hours=2))
    assert (await opening.opening(cache, number, late)).state == "closed"
    assert (await submit(cache, number, late, {"q1": "x"})).state == "closed"
    assert (await submit(cache, number, early, {"q1": "x"})).state == "again"
    assert (await submit(cache, number, early, {"q1": "y"}, revision=1)).state == "edited"
    await clock.move(now + timedelta(hours=3))
    assert (await opening.opening(cache, number, early)).state == "answered"
    assert (await submit(cache, number, early, {"q1": "z"}, revision=2)).state == "answered"


async def test_it_lets_in_only_those_it_is_meant_for_and_nobody_where_there_is_no_form(
    cache: configuration.Cache,
) -> None:
    vip = await engine.add_tag("VIP")
    number = await forms.add("会員", simple(target={"tag": vip}))
    member, other = await engine.add_friends(2)
    await engine.do(cache, [member], [{"do": "tag_on", "tags": [vip]}])
    assert (await opening.opening(cache, number, other)).state == "outside"
    assert (await submit(cache, number, other, {"q1": "x"})).state == "outside"
    assert (await submit(cache, number, member, {"q1": "x"})).state == "kept"
    assert (await opening.opening(cache, number, member)).state == "answered"
    assert (await submit(cache, number + 1, member, {"q1": "x"})).state == "gone"
    await database.run("UPDATE forms SET state = 'paused' WHERE id = $1", number)
    await engine.do(cache, [other], [{"do": "tag_on", "tags": [vip]}])
    assert (await submit(cache, number, other, {"q1": "x"})).state == "closed"
    await database.run("UPDATE forms SET deleted_at = now() WHERE id = $1", number)
    assert (await opening.opening(cache, number, other)).state == "gone"


async def test_it_takes_answers_of_whom_the_shop_blocks_and_sends_them_nothing(cache: configuration.Cache) -> None:
    number = await forms.add("お礼", simple(actions=[engine.say("どうも")]))
    [friend] = await engine.add_friends(1)
    await database.repeated(lambda: blocking.block([friend]))
    assert (await submit(cache, number, friend, {"q1": "x"})).state == "kept"
    assert await engine.outgoing() == []


async def test_it_judges_by_the_form_in_force_and_says_when_it_is_another_one(cache: configuration.Cache) -> None:
    number = await forms.add("変わる", simple())
    first, second = await engine.add_friends(2)
    await forms.publish(
        number, forms.stored(forms.question("q1", "text"), forms.question("q2", "number", required=True))
    )
    changed = await submit(cache, number, first, {"q1": "x"})
    assert (changed.state, changed.changed, changed.faults["q2"].code) == ("faults", True, "required")
    assert (await submit(cache, number, second, {"q1": "x", "q2": "3"})).state == "kept"
    given = await submissions.latest(number, second)
    assert given is not None
    assert given.version == 2
    await forms.publish(number, simple(thanks={"text": "新しいお礼"}))
    again = await submit(cache, number, second, {"q1": "x", "q2": "3"})
    assert (again.state, again.form and again.form.thanks.text, again.answers["q2"].text) == ("again", "", "3")


@pytest.mark.parametrize(("overwrite", "left"), [("always", "新"), ("empty", "旧"), ("never", "旧")])
async def test_it_writes_over_what_is_noted_only_where_it_may(
    cache: configuration.Cache, overwrite: str, left: str
) -> None:
    now = await clock.now()
    field, empty = await make_field("氏名", "text", now), await make_field("空", "text", now)
    [friend] = await engine.add_friends(1)
    await values.put([(friend, field, "旧")], now)
    number = await forms.add(
        "上書き",
        forms.stored(
            forms.question("q1", "text", field=field),
            forms.question("q2", "text", field=empty),
            overwrite=overwrite,
        ),
    )
    begun = await opening.opening(cache, number, friend)
    assert begun.prefill == {"q1": "旧"}
    await submit(cache, number, friend, {"q1": "新", "q2": "today+3"})
    assert await values.of_friend(friend) == {field: left, empty: "today+3"}


async def test_it_leaves_fields_alone_that_an_answer_is_no_value_of(cache: configuration.Cache) -> None:
    now = await clock.now()
    choice = await make_field("曜日", "choice", now, choices=["月", "火"])
    number_field = await make_field("数", "number", now)
    yes = await make_field("同意", "yes_no", now)
    number = await forms.add(
        "種類",
        forms.stored(
            forms.question("q1", "single", "月", "水", field=choice),
            forms.question("q2", "text", field=number_field),
            forms.question("q3", "consent", field=yes),
        ),
    )
    one, two = await engine.add_friends(2)
    assert (await submit(cache, number, one, {"q1": "o2", "q2": "NaN", "q3": "1"})).state == "kept"
    assert (await submit(cache, number, two, {"q1": "o1", "q2": "12.50"})).state == "kept"
    assert await values.of_friend(one) == {yes: "1"}
    assert await values.of_friend(two) == {choice: "月", number_field: "12.5"}


async def upload(form: int, friend: int, token: str, question: str = "q1") -> bool:
    new = uploads.New(token, form, friend, question, "写真.jpg", "image/jpeg", b"x" * 10)
    now = await clock.now()
    return await database.repeated(lambda: uploads.keep(new, now))


async def test_it_takes_an_upload_only_from_who_gave_it_for_that_question(cache: configuration.Cache) -> None:
    number = await forms.add(
        "写真", forms.stored(forms.question("q1", "image", required=True), forms.question("q2", "file"), turns="edit")
    )
    mine, other = await engine.add_friends(2)
    assert await upload(number, mine, TOKEN)
    for friend, raw in ((other, {"q1": TOKEN}), (mine, {"q2": TOKEN, "q1": TOKEN}), (mine, {"q1": "v" * 43})):
        outcome = await submit(cache, number, friend, raw)
        assert {one.code for one in outcome.faults.values()} == {"upload"}
    assert (await submit(cache, number, mine, {"q1": TOKEN})).state == "kept"
    given = await submissions.latest(number, mine)
    assert given is not None
    [(number_of, kept_one)] = (await uploads.of_submission(given.id)).items()
    assert (await kept(number))[0]["text"] == str(number_of)
    assert (kept_one.name, (await uploads.content(number_of) or (None, b""))[1]) == ("写真.jpg", b"x" * 10)
    begun = await opening.opening(cache, number, mine)
    assert (begun.prefill["q1"], list(begun.handed)) == (TOKEN, [TOKEN])
    later = "w" * 43
    assert await upload(number, mine, later)
    assert (await submit(cache, number, mine, {"q1": later}, revision=1)).state == "edited"
    assert [one.token for one in (await uploads.of_submission(given.id)).values()] == [later]
    assert (await submit(cache, number, mine, {"q1": TOKEN}, revision=2)).faults["q1"].code == "upload"


async def test_it_forgets_uploads_that_were_never_sent_and_takes_no_end_of_them(cache: configuration.Cache) -> None:
    number = await forms.add("写真", forms.stored(forms.question("q1", "image")))
    [friend] = await engine.add_friends(1)
    for place in range(uploads.MOST_LOOSE):
        assert await upload(number, friend, f"{place:043d}")
    assert not await upload(number, friend, TOKEN)
    assert (await submit(cache, number, friend, {"q1": f"{3:043d}"})).state == "kept"
    assert await uploads.forget_loose(await clock.now(), 100) == 0
    await clock.move(await clock.now() + uploads.KEPT + timedelta(seconds=1))
    assert await uploads.forget_loose(await clock.now(), 100) == uploads.MOST_LOOSE - 1
    assert await database.value("SELECT count(*) FROM form_uploads") == 1
    user = await database.value("SELECT line_user_id FROM friends WHERE id = $1", friend)
    await database.repeated(lambda: erasure.erase(friend, user, []))
    for table in ("form_uploads", "submissions", "form_answers"):
        assert await database.value(f"SELECT count(*) FROM {table}") == 0


async def test_it_begins_with_what_was_answered_before_where_the_form_wants_it_back(cache: configuration.Cache) -> None:
    form = forms.stored(
        forms.question("q1", "text", default="はじめ"),
        forms.question("q2", "datetime"),
        forms.question("q3", "consent"),
        forms.question("q4", "address"),
        turns="many",
        restore=True,
    )
    number = await forms.add("前回", form)
    [friend] = await engine.add_friends(1)
    assert (await opening.opening(cache, number, friend)).prefill == {"q1": "はじめ"}
    address = {"q4.postcode": "500-8001", "q4.prefecture": "岐阜県", "q4.city": "岐阜市鏡岩", "q4.rest": "1-2 歩ビル"}
    await submit(cache, number, friend, {"q1": "答え", "q2": "2026-12-24T18:30", "q3": "1"} | address)
    begun = await opening.opening(cache, number, friend)
    assert begun.prefill == {"q1": "答え", "q2": "2026-12-24T18:30"} | address
    await forms.publish(number, form | {"restore": False})
    assert (await opening.opening(cache, number, friend)).prefill == {"q1": "はじめ"}


async def test_it_keeps_nothing_of_what_staff_try(cache: configuration.Cache) -> None:
    number = await forms.add("試す", simple(results=[{"key": "r1", "title": "結果"}], actions=[engine.say("x")]))
    form = await opening.version(cache, number, 1)
    assert form is not None
    assert (await submitting.preview(cache, form, {"q1": " "})).faults["q1"].code == "required"
    tried = await submitting.preview(cache, form, {"q1": "x"})
    assert (tried.state, tried.result and tried.result.key) == ("preview", "r1")
    assert await database.value("SELECT count(*) FROM submissions") == 0
    assert await engine.outgoing() == []


async def test_it_keeps_nothing_of_an_answer_whose_actions_fail(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("壊れる")
    number = await forms.add("失敗", simple(actions=[{"do": "tag_on", "tags": [tag]}]))
    [friend] = await engine.add_friends(1)
    await database.run("CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$")
    await database.run("CREATE TRIGGER fault BEFORE INSERT ON friend_tags FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        with pytest.raises(Exception, match="broken"):
            await submit(cache, number, friend, {"q1": "x"})
    finally:
        await database.run("DROP FUNCTION fault CASCADE")
    assert await database.value("SELECT count(*) FROM submissions") == 0
    assert (await submit(cache, number, friend, {"q1": "x"})).state == "kept"


async def test_it_lets_fields_that_change_and_actions_put_off_do_what_they_do(cache: configuration.Cache) -> None:
    tag, later = await engine.add_tag("変わった"), await engine.add_tag("後で")
    field = await make_field("氏名", "text", await clock.now())
    await database.run(
        "UPDATE fields SET on_change = $2::jsonb WHERE id = $1",
        field,
        orjson.dumps([{"do": "tag_on", "tags": [tag]}]).decode(),
    )
    await account.configuration_changed()
    after = [one | {"after": engine.IN_AN_HOUR} for one in ({"do": "tag_on", "tags": [later]}, engine.say("後で"))]
    number = await forms.add("続き", forms.stored(forms.question("q1", "text", field=field), actions=after))
    [friend] = await engine.add_friends(1)
    await submit(cache, number, friend, {"q1": "山田"})
    assert await wearers(tag, [friend]) == {friend}
    assert await wearers(later, [friend]) == set()
    assert await engine.pass_time(cache, hours=2) == 2
    assert await wearers(later, [friend]) == {friend}
    assert [row["cause"] for row in await engine.outgoing()] == [f"form:{number}"]


async def test_it_lets_a_field_follow_an_edit_but_not_over_what_somebody_else_has_noted(
    cache: configuration.Cache,
) -> None:
    now = await clock.now()
    mine, theirs, gone = [await make_field(name, "text", now) for name in ("自分", "店", "消す")]
    number = await forms.add(
        "直す",
        forms.stored(
            *(forms.question(f"q{one}", "text", field=one) for one in (mine, theirs, gone)),
            turns="edit",
            overwrite="empty",
        ),
    )
    [friend] = await engine.add_friends(1)
    await submit(cache, number, friend, {f"q{one}": "初め" for one in (mine, theirs, gone)})
    await values.put([(friend, theirs, "店が直した")], now)
    await submit(cache, number, friend, {f"q{one}": "後" for one in (mine, theirs)}, revision=1)
    assert await values.of_friend(friend) == {mine: "後", theirs: "店が直した"}


async def test_it_takes_no_more_answers_of_one_friend_in_a_day_than_people_give(cache: configuration.Cache) -> None:
    number = await forms.add("何度でも", simple(turns="many"))
    [friend] = await engine.add_friends(1)
    for attempt in range(1, submitting.DAY + 1):
        assert (await submit(cache, number, friend, {"q1": "x"}, attempt)).state == "kept"
    assert (await submit(cache, number, friend, {"q1": "x"}, submitting.DAY + 1)).state == "often"
    await clock.move(await clock.now() + timedelta(days=1))
    assert (await submit(cache, number, friend, {"q1": "x"}, submitting.DAY + 1)).state == "kept"


async def test_it_finds_friends_by_what_they_have_answered(cache: configuration.Cache) -> None:
    options = ("紹介", "広告", {"label": "その他", "other": True})
    number = await forms.add(
        "きっかけ",
        forms.stored(
            forms.question("q1", "single", *options, label="知った場所"),
            forms.question("q2", "rating", label="満足度"),
            forms.question("q3", "text", label="一言"),
        ),
    )
    one, two, three, nobody = await engine.add_friends(4)
    start = await clock.now()
    await submit(cache, number, one, {"q1": "o1", "q2": "5", "q3": "良い"})
    await submit(cache, number, two, {"q1": "o3", "q1.other": "散歩", "q2": "2"})
    await clock.move(start + timedelta(days=10))
    # a label that has changed means what was answered under the one before
    renamed = forms.question("q1", "single", "ご紹介", "広告", label="知ったきっかけ")
    await forms.publish(number, forms.stored(renamed, forms.question("q2", "rating", label="満足度")))
    await submit(cache, number, three, {"q1": "o1", "q2": "4"}, version=2)
    sight = segments.Sight(await clock.now(), engine.TOKYO)
    everybody = {one, two, three, nobody}
    for said, found in (
        ({"is": "answered"}, {one, two, three}),
        ({"is": "never"}, {nobody}),
        ({"is": "answered", "when": {"within": [7, "day"]}}, {three}),
        ({"question": "知った場所", "is": "=", "value": "紹介"}, {one, three}),
        ({"question": "知ったきっかけ", "is": "=", "value": "ご紹介"}, {one, three}),
        ({"question": "知ったきっかけ", "is": "=", "value": "散歩"}, {two}),
        ({"question": "満足度", "is": ">=", "value": "4"}, {one, three}),
        ({"question": "満足度", "is": "=", "value": "2.0"}, {two}),
        ({"question": "一言", "is": "=", "value": "良い"}, {one}),
        ({"question": "一言", "is": "=", "value": "NaN"}, set()),
        ({"question": "知らない", "is": "=", "value": "紹介"}, set()),
    ):
        condition = {"form": number, **said}
        assert await segments.fitting(condition, list(everybody), sight) == found, said
        fitting = await segments.fitting({"not": condition}, list(everybody), sight)
        assert fitting == everybody - found, said
    asked = await storage_forms.labels([number])
    assert asked[number]["知ったきっかけ"] == ["ご紹介", "広告"]
    assert asked[number]["知った場所"] == []  # whatever is written


async def test_it_tells_staff_of_a_form_where_a_cause_is_told(cache: configuration.Cache) -> None:
    number = await forms.add("来店アンケート", simple(actions=[engine.say("どうも")]))
    for friend in await engine.add_friends(2):
        await submit(cache, number, friend, {"q1": "x"})
    await database.run("UPDATE outbox SET state = 'refused', error = '400 content', finished_at = now()")
    [heap], _ = await parked.page(10, 0)
    assert (heap.kind, heap.name, heap.friends, heap.what) == ("refused", "来店アンケート", 2, "form:content")
    await database.run(
        "INSERT INTO quota_ledger (month, at, class, source, messages)"
        " VALUES ('2026-12', now(), 'transactional', 'form:' || $1::bigint, 2)",
        number,
    )
    [spent] = await ledger.of_month("2026-12")
    assert (spent.kind, spent.number, spent.messages, spent.name) == ("form", number, 2, "来店アンケート")

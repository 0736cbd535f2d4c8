"""エラー of sends: what LINE refused, what may not have arrived, what is held; why, who, and what can be done."""

from collections.abc import AsyncIterator

import pytest

from storage import clock, database, outbox, parked, pauses
from storage.outbox import failed
from tests.admin_commands.shop import SATO, Shop, befriend
from tests.jobs import delivering, posting
from tests.simulator import control

LENGTH = "400 The request body has 1 error(s) / Length must be between 0 and 5000 / messages[0].text"


@pytest.fixture
async def stage(shop: Shop, channel: control.Channel) -> AsyncIterator[delivering.Stage]:
    async with delivering.open_stage(channel) as stage:
        yield stage


async def dead(name: str, state: str = "refused", error: str = LENGTH, cause: str = "event:1") -> int:
    """A push to a friend of this name that has come to such an end; its row."""
    [friend] = await befriend(name)
    user: str = await database.value("SELECT line_user_id FROM friends WHERE id = $1", friend)
    row = await posting.push(user, f"{name}さんへ", cause=cause)
    await database.run(
        f"UPDATE outbox SET state = $2::text, error = $3, attempts = 1, attempted_at = {clock.NOW},"
        f" finished_at = {clock.NOW}, ambiguous_at = CASE WHEN $2::text = 'unknown' THEN {clock.NOW} END WHERE id = $1",
        row,
        state,
        error,
    )
    return row


async def test_it_sends_again_what_line_refused_and_staff_hear_of_it(shop: Shop, stage: delivering.Stage) -> None:
    tanaka = await stage.friend("田中")
    await stage.channel.fault("bad_request", "push", calls=1)
    row = await posting.push(tanaka.id, "ご予約を承りました")
    first_key = (await posting.outbox_row(row))["retry_key"]
    await stage.work()
    assert await posting.state(row) == "refused"
    assert await database.value("SELECT cause FROM outbox WHERE state = 'waiting'") == "notice:refused"

    listed = await shop.ask("エラー 一覧")
    assert "自動返信などの送信 1人（届いていません）" in listed.text
    told = await shop.ask(f"エラー 表示 不達{row}")
    assert "この相手には送れないと、LINEが断りました" in told.text
    assert "Failed to send messages" in told.text
    assert "ご予約を承りました" in told.text
    card = await shop.tap_typed(told, "もう一度送る")
    assert "1通使います" in card.text
    await shop.press(card)
    await stage.work()

    assert await posting.state(row) == "accepted"
    assert await tanaka.texts() == ["ご予約を承りました"]
    assert (await posting.outbox_row(row))["retry_key"] != first_key
    assert await posting.delivery_states(row) == ["accepted"]
    assert "処理できなかったものはありません" in (await shop.ask("エラー 一覧")).text


async def test_it_sends_again_a_refused_reply_as_a_push_that_costs(shop: Shop, stage: delivering.Stage) -> None:
    tanaka = await stage.friend("田中")
    await stage.channel.fault("bad_request", "reply", calls=1)
    row = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("お返事"))
    await stage.work()
    await shop.press(await shop.ask(f"エラー 再送 不達{row}"))
    again = await posting.outbox_row(row)
    assert (again["kind"], again["class"], again["cost"]) == ("push", "transactional", 1)
    await stage.work()
    assert (await tanaka.sees("お返事")).how == "push"
    assert await posting.used() == 1


async def test_it_never_sends_again_what_may_have_arrived(shop: Shop, db: str) -> None:
    row = await dead("田中", "unknown", "500 Internal server error")
    told = await shop.ask(f"エラー 表示 不明{row}")
    assert "もう一度は送れません" in told.text
    assert "もう一度送る" not in told.taps
    for words in (f"エラー 再送 不明{row}", "エラー 再送 すべて"):
        assert "もう一度は送れません" in (await shop.ask(words)).text
    await database.repeated(lambda: failed.again([row], 10))
    assert await posting.state(row) == "unknown"


async def test_it_leaves_out_the_unknown_when_all_is_sent_again(shop: Shop, db: str) -> None:
    unknown, refused = await dead("田中", "unknown", "TimeoutError"), await dead("佐藤")
    card = await shop.ask("エラー 再送 すべて")
    assert "届いたかどうか分からないもの（1件）は送りません" in card.text
    await shop.press(card)
    assert await posting.states(unknown, refused) == ["unknown", "open"]


async def test_it_sends_again_only_while_what_sent_it_is_live(shop: Shop, db: str) -> None:
    scenario = await posting.add_scenario("paused")
    row, other = await dead("田中", cause=scenario), await dead("佐藤")
    assert "止まっているため送れません" in (await shop.ask(f"エラー 再送 不達{row}")).text
    card = await shop.ask("エラー 再送 すべて")
    assert "止まっているもの（1件）は送りません" in card.text
    await shop.press(card)
    assert await posting.states(row, other) == ["refused", "open"]
    await database.run("UPDATE scenarios SET state = 'live'")
    await shop.press(await shop.ask(f"エラー 再送 不達{row}"))
    assert await posting.state(row) == "open"


async def test_it_sends_nothing_again_to_whom_the_shop_has_blocked_since(shop: Shop, db: str) -> None:
    people = await befriend("田中", "佐藤", "花子")
    users = [row["line_user_id"] for row in await database.rows("SELECT line_user_id FROM friends ORDER BY id")]
    row = await posting.multicast(users)
    await database.run(f"UPDATE outbox SET state = 'refused', error = $1, finished_at = {clock.NOW}", LENGTH)
    await database.run("UPDATE friends SET blocked_by_us = true WHERE id = $1", people[0])
    await shop.press(await shop.ask(f"エラー 再送 不達{row}"))
    found = await posting.outbox_row(row)
    assert (found["state"], found["recipients"], found["cost"]) == ("open", users[1:], 2)


async def test_it_gives_up_and_takes_that_back(shop: Shop, db: str) -> None:
    refused, unknown = await dead("田中"), await dead("佐藤", "unknown", "TimeoutError")
    await shop.press(await shop.ask(f"エラー 削除 不達{refused},不明{unknown}"))
    assert "処理できなかったものはありません" in (await shop.ask("エラー 一覧")).text
    assert await posting.states(refused, unknown) == ["refused", "unknown"]
    assert await outbox.unknown_by_cause() == {}
    assert await failed.standing() == failed.Standing(0, 0)
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await failed.standing() == failed.Standing(1, 1)
    assert await parked.count() == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LENGTH, "文字数や個数が上限を超えて"),
        ("400 The request body has 1 error(s) / invalid uri / messages[0].originalContentUrl", "アドレス"),
        ("413 Request entity too large", "大きすぎて"),
        ("400 Failed to send messages", "この相手には送れない"),
        ("400 A message (messages[0]) in the request body is invalid / /body/contents", "メッセージの内容を"),
    ],
)
async def test_it_tells_why_in_plain_words(shop: Shop, db: str, error: str, told: str) -> None:
    row = await dead("田中", error=error)
    assert told in (await shop.ask(f"エラー 表示 不達{row}")).text


async def test_it_puts_together_what_failed_of_one_cause_for_one_reason(shop: Shop, db: str) -> None:
    scenario = await posting.add_scenario()
    first = await dead("田中", cause=scenario)
    await dead("佐藤", cause=scenario)
    await dead("鈴木", error="400 Failed to send messages", cause=scenario)
    await dead("高橋", cause="event:7")
    await dead("伊藤", cause="event:8")
    told = (await shop.ask("エラー 一覧")).text
    assert "シナリオ「シナリオ1」の送信 2人（届いていません）" in told
    assert "シナリオ「シナリオ1」の送信 1人（届いていません）" in told
    assert "自動返信などの送信 2人（届いていません）" in told
    shown = (await shop.ask(f"エラー 表示 不達{first}")).text
    assert "田中" in shown
    assert "佐藤" in shown
    assert "鈴木" not in shown


async def test_it_lets_go_or_gives_up_what_is_held_for_its_content(shop: Shop, stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(3)
    scenario = await posting.add_scenario()
    row = await posting.multicast(users, cause=scenario)
    await pauses.hold(f"cause:{scenario}", "body")
    [heap] = (await parked.page(10, 0))[0]
    assert (heap.kind, heap.friends) == ("held", 3)
    told = await shop.ask(f"エラー 表示 保留{heap.id}")
    assert "内容をLINEが受け付けないため" in told.text
    await shop.press(await shop.tap_typed(told, "もう一度送る"))
    await stage.work()
    assert await posting.state(row) == "accepted"

    other = await posting.multicast(users, cause=scenario)
    await pauses.hold(f"cause:{scenario}", "body")
    await shop.press(await shop.ask(f"エラー 削除 保留{heap.id}"))
    assert await posting.state(other) == "cancelled"
    assert await pauses.held() == []
    assert await parked.count() == 0


async def test_it_tells_what_waits_because_of_line(shop: Shop, db: str) -> None:
    await pauses.hold("quota:promotion", "quota")
    await pauses.outage("push", 60)
    told = (await shop.ask("エラー 一覧")).text
    assert "通数の上限に達したため" in told
    assert "応答が失敗している" in told


async def test_it_lets_only_managers_send_again(shop: Shop, db: str) -> None:
    row = await dead("田中")
    await shop.employ(SATO, "operator")
    assert "管理者以上" in (await shop.ask(f"エラー 再送 不達{row}", SATO)).text
    assert await posting.state(row) == "refused"


async def test_it_forgets_what_failed_of_somebody_who_is_erased(shop: Shop, db: str) -> None:
    await dead("田中")
    await database.run("UPDATE outbox SET chat = '', body = '[]' WHERE state = 'refused'")
    assert await parked.count() == 0

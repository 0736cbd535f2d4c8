"""配信 結果: what LINE took and refused, and what friends did with it, in numbers, in words and as a picture."""

from collections.abc import AsyncIterator

import orjson
import pytest

from admin_commands.broadcasts import results as telling
from jobs import broadcasts, charts, configuration, facts, operations
from storage import database, friends
from storage.links import clicks
from tests.admin_commands.shop import TOKYO, Answer, Shop
from tests.jobs import delivering, engine
from tests.simulator import control

KEY = "k" * 32
BLOCK = """■配信 年末
対象: 全員
▼本文
{リンク:春} をどうぞ
＋ボタン 興味がある → タグ付ける 興味あり
＋ボタン 地図 → リンク:地図"""


@pytest.fixture
async def stage(db: str, channel: control.Channel) -> AsyncIterator[delivering.Stage]:
    async with delivering.open_stage(channel) as stage:
        stage.sender.public_url = "https://shop.example"
        yield stage


async def people(stage: delivering.Stage, count: int) -> list[int]:
    users = await stage.channel.crowd(count)
    await friends.register([(user, f"客{n}", None, None) for n, user in enumerate(users, 1)], "now()")
    await database.run("UPDATE friends SET following = true")
    return [row["id"] for row in await database.rows("SELECT id FROM friends ORDER BY line_name")]


async def sent(shop: Shop, count: int) -> None:
    """The broadcast is planned to its end; nothing has left yet."""
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    await shop.ask("リンク 作成 春 https://example.com/spring")
    await shop.ask("リンク 作成 地図 https://example.com/map")
    await shop.ask(BLOCK)
    await begin(shop, await shop.ask("配信 送信 年末"), count)


async def begin(shop: Shop, card: Answer, count: int) -> None:
    await (shop.press(card) if card.tokens else shop.ask(str(count)))
    await shop.pass_time(seconds=61)
    assert await broadcasts.begin_due(shop.cache)
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def opens(link: int, friend: int) -> None:
    assert await clicks.opened(link, friend, None, count=True) is not None


async def does(shop: Shop, friend: int, what: facts.What) -> None:
    await engine.let_happen(shop.cache, [(friend, what)])


async def drawn(answer: Answer) -> charts.Funnel:
    [picture] = [one for one in answer.messages if one["type"] == "image"]
    public_id = picture["originalContentUrl"].rpartition("/")[2]
    found = await database.value("SELECT drawn FROM charts WHERE public_id = $1", public_id)
    chart = charts.from_json(orjson.loads(found))
    assert isinstance(chart, charts.Funnel)
    return chart


async def test_it_tells_what_friends_did_in_the_time_that_counts(shop: Shop, stage: delivering.Stage) -> None:
    ids = await people(stage, 8)
    await sent(shop, 8)
    await opens(1, ids[5])
    await does(shop, ids[6], facts.Said("text", "こんにちは"))
    await shop.pass_time(minutes=5)
    await stage.work()
    assert len(await stage.channel.deliveries()) == 8
    button = await database.value("SELECT id FROM buttons WHERE owner LIKE 'broadcast:%' AND label = '興味がある'")
    await shop.pass_time(hours=1)
    await opens(1, ids[0])
    await opens(1, ids[1])
    await opens(2, ids[1])
    await does(shop, ids[2], facts.Pressed(button))
    await does(shop, ids[2], facts.Pressed(button))
    await does(shop, ids[3], facts.Said("text", "行きます"))
    await does(shop, ids[3], facts.Said("sticker", "", "1/2"))
    early = (await shop.tap_typed(await shop.ask("配信 表示 年末"), "結果")).text
    assert "まだ数えている途中です（返信は " in early
    await shop.pass_time(hours=22, minutes=30)
    await opens(1, ids[0])
    await does(shop, ids[4], facts.Said("text", "まだ間に合いますか"))
    await shop.pass_time(hours=1)
    await does(shop, ids[5], facts.Said("text", "一日たちました"))
    await does(shop, ids[6], facts.Unfollowed("e1"))
    await shop.pass_time(days=6)
    await does(shop, ids[7], facts.Unfollowed("e2"))
    answer = await shop.ask("配信 結果 年末")
    told = answer.text.splitlines()
    assert "送信済み: 8人（100%）" in told
    assert "通数: 8通" in told
    assert "クリック: 2人 25%（のべ4回）" in told
    assert "　リンク「春」: 2人 25%（のべ3回）" in told
    assert "　リンク「地図」: 1人 12.5%（のべ1回）" in told
    assert "ボタン: 1人 12.5%（のべ2回）" in told
    assert "返信: 2人 25%（のべ3通・24時間以内）" in told
    assert "ブロック: 1人 12.5%（送信から7日以内）" in told
    assert "まだ数えている" not in answer.text
    assert "届けられない" not in answer.text
    again = await shop.tap_typed(answer, "未クリックの人へ")
    assert "未クリック" in again.text
    assert "下書き（版1）" in again.text


async def test_it_can_be_looked_at_for_some_of_those_it_reached(shop: Shop, stage: delivering.Stage) -> None:
    ids = await people(stage, 6)
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 客1, 客2, 客3")
    await sent(shop, 6)
    await does(shop, ids[2], facts.Unfollowed("e1"))
    await stage.work()
    await opens(1, ids[0])
    await opens(2, ids[5])
    await does(shop, ids[1], facts.Said("text", "行きます"))
    await does(shop, ids[4], facts.Said("text", "行きます"))
    answer = await shop.ask("配信 結果 年末 タグ:VIP")
    told = answer.text.splitlines()
    assert told[1] == "絞り込み: タグ:VIP"
    assert "対象: 3人" in told
    assert "送信済み: 2人（66.6%）" in told
    assert "送る前にブロック: 1人" in told
    assert "クリック: 1人 50%（のべ1回）" in told
    assert "　リンク「地図」: 0人 0%" in told
    assert "返信: 1人 50%（のべ1通・24時間以内）" in told
    assert (await drawn(answer)).below == "タグ:VIP・対象 3人"
    whole = await shop.tap_typed(answer, "全員の結果")
    assert "クリック: 2人 40%（のべ2回）" in whole.text.splitlines()
    assert "対象: 3人" in (await shop.ask("配信 結果 年末 1回目 対象: タグ:VIP でない")).text.splitlines()


async def test_its_picture_shows_the_same(shop: Shop, stage: delivering.Stage) -> None:
    ids = await people(stage, 4)
    await sent(shop, 4)
    await does(shop, ids[3], facts.Unfollowed("e1"))
    await stage.work()
    await opens(1, ids[0])
    chart = await drawn(await shop.ask("配信 結果 年末"))
    assert (chart.title, chart.below.rpartition("・")[2]) == ("年末 の結果", "対象 4人")
    assert [(row.label, row.share, row.number, row.note) for row in chart.rows[:2]] == [
        ("送信済み", 0.75, "3人 75%", "ブロック済み 1"),
        ("クリック", 1 / 3, "1人 33.3%", "のべ1回"),
    ]
    assert charts.png(chart).startswith(b"\x89PNG")
    shop.cache = configuration.Cache(TOKYO, public=False, key=KEY)
    assert [one["type"] for one in (await shop.ask("配信 結果 年末")).messages] == ["flex"]


async def test_it_says_why_something_did_not_arrive(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 6)
    await sent(shop, 6)
    await stage.channel.fault("bad_request", "push", calls=2)  # with the name under which LINE counts, and without
    some = await database.rows("SELECT id FROM outbox WHERE kind = 'push' ORDER BY id LIMIT 2")
    await stage.sender.send_now([some[0]["id"]])
    await stage.channel.fault("drop_after", "push", calls=1)
    await stage.sender.send_now([some[1]["id"]])
    await stage.channel.clear_faults()
    await shop.pass_time(hours=24)
    await stage.try_again()
    answer = await shop.ask("配信 結果 年末")
    told = answer.text.splitlines()
    assert "対象: 6人" in told
    assert "送信済み: 4人（66.6%）" in told
    assert "届けられない: 1人" in told
    assert "届いたか不明: 1人" in told
    assert "　・通信の障害などで、LINEが受け取ったかどうか確かめられませんでした: 1人" in told
    assert "　・この相手には送れないと、LINEが断りました（退会した方などです）: 1人" in told
    assert answer.taps["エラー"] == "/エラー 一覧"


async def test_there_is_none_before_it_is_sent_nor_of_what_it_does_not_hold(
    shop: Shop, stage: delivering.Stage
) -> None:
    await people(stage, 3)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\nよいお年を")
    assert "はまだ送っていません（下書き）" in (await shop.ask("配信 結果 年末")).text
    await begin(shop, await shop.ask("配信 送信 年末"), 3)
    waiting = await shop.ask("配信 結果 年末")
    assert "送信済み: 0人（0%）" in waiting.text.splitlines()
    assert "これから: 3人" in waiting.text.splitlines()
    assert [one["type"] for one in waiting.messages] == ["flex"]
    await stage.work()
    told = (await shop.ask("配信 結果 年末")).text
    assert "クリック: 数えていません" in told
    assert "ボタン" not in told.replace("ボタンもない", "")
    assert "返信: 0人 0%（24時間以内）" in told.splitlines()


async def test_each_run_has_its_own(shop: Shop, stage: delivering.Stage) -> None:
    """What friends do counts for the run before it, up to the next."""
    ids = await people(stage, 2)
    await sent(shop, 2)
    await stage.work()
    await shop.pass_time(days=1)
    await opens(1, ids[0])
    await database.run(
        "WITH p AS (INSERT INTO operations SELECT (jsonb_populate_record(o, jsonb_build_object('id', o.id + 1))).*"
        " FROM operations o RETURNING id) INSERT INTO broadcast_runs"
        " SELECT (jsonb_populate_record(r, jsonb_build_object('id', r.id + 1, 'operation_id', p.id,"
        " 'begun_at', r.begun_at + interval '2 days'))).* FROM broadcast_runs r, p"
    )
    await shop.pass_time(days=2)
    await opens(1, ids[1])
    latest = await shop.ask("配信 結果 年末")
    assert "の結果（2回目・全2回）" in latest.text
    assert "対象: 0人" in latest.text.splitlines()
    assert latest.taps.keys() >= {"1回目", "状態"}
    first = await shop.tap_typed(latest, "1回目")
    assert "クリック: 1人 50%（のべ1回）" in first.text
    assert "これまでに2回送りました" in (await shop.ask("配信 結果 年末 3回目")).text


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 9, "0%"), (1, 8, "12.5%"), (1, 2, "50%"), (9_999, 10_000, "99.9%"), (7, 7, "100%"), (1, 2_000, "0.1%未満")],
)
def test_a_rate_is_never_more_than_it_is(part: int, whole: int, told: str) -> None:
    assert telling.rate(part, whole) == told

"""Scenes fill a channel with people and chatter, the same each time, through deeds the bot hears of."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.simulator import control
from tests.simulator.control import Channel, Simulator
from tests.simulator.scenes import photos, playing
from tests.simulator_checks.bots import Bot, Line

JAPAN = timezone(timedelta(hours=9))


async def chatter(channel: Channel) -> list[tuple[str, str, str, bool]]:
    """(who, kind, words, taken back) of everything people said, in order, whatever the ids."""
    overview = await channel.overview()
    names = {person["id"]: person["name"] for person in overview["people"]}
    chats = [*names, *(group["id"] for group in overview["groups"])]
    entries = [one for chat in chats for one in (await channel.ask("GET", f"/talks/{chat}"))["entries"]]
    entries.sort(key=lambda entry: entry["seq"])
    return [
        (names[entry["by"]], entry["message"]["type"], entry["message"].get("text", ""), entry["unsent"])
        for entry in entries
        if entry["kind"] == "person"
    ]


@pytest.mark.parametrize("name", list(playing.SCENES))
async def test_it_plays_a_scene_the_same_way_each_time(simulator: Simulator, bot: Bot, name: str) -> None:
    heard, said = [], []
    for _ in range(2):
        channel = await simulator.new_channel(webhook=bot.url)
        bot.webhooks.clear()
        answer = await channel.ask("POST", f"/scenes/{name}")
        assert answer == {"steps": len(playing.SCENES[name].steps), "playing": False}
        heard.append([(one["type"], one.get("message", {}).get("text")) for one in bot.events])
        said.append(await chatter(channel))
        await channel.close()
    assert heard[0] == heard[1]
    assert said[0] == said[1]
    assert len(said[0]) > 10
    assert {"follow", "message"} <= {kind for kind, _ in heard[0]}


async def test_it_spends_a_busy_saturday_from_nine_to_half_past_six(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    start = bot.now = datetime.now(UTC).replace(microsecond=0)
    bot.dues = [start + timedelta(hours=1)]
    await channel.ask("POST", "/scenes/busy-saturday")
    now = (await channel.now()).astimezone(JAPAN)
    assert (now.weekday(), f"{now:%H:%M}") == (5, "18:30")
    assert now - start < timedelta(days=8)
    assert start + timedelta(hours=1) in bot.moves
    kinds = [event["type"] for event in bot.events]
    assert kinds.count("follow") == 14
    assert (kinds.count("unfollow"), kinds.count("unsend")) == (1, 1)
    group = await channel.ask("GET", "")
    assert [one["name"] for one in group["groups"]] == ["管理グループ"]


async def test_it_presses_what_the_bot_has_sent(channel: Channel, bot: Bot, line: Line) -> None:
    aoi = await channel.user("渡辺 葵")
    await aoi.follow()
    actions = [{"type": "postback", "label": "予約", "data": "book"}]
    buttons = {"type": "buttons", "text": "どうしますか", "actions": actions}
    await line.push(aoi.id, {"type": "template", "altText": "ご予約", "template": buttons})
    await channel.ask("POST", "/scenes/new-salon")
    assert [event["postback"] for event in bot.events if event["type"] == "postback"] == [{"data": "book"}]


async def test_it_plays_on_when_people_cannot_do_a_step(channel: Channel, bot: Bot) -> None:
    sakura = await channel.user("高橋 さくら")
    await sakura.follow()
    await sakura.block()
    await channel.group("管理グループ", [sakura])
    answer = await channel.ask("POST", "/scenes/new-salon")
    assert answer["playing"] is False
    assert "山田 太郎" not in {who for who, *_ in await chatter(channel)}


async def test_it_stops_where_the_bots_clock_cannot_be_moved(channel: Channel) -> None:
    await channel.change(drive_bot=True, webhook_url="http://127.0.0.1:9/line/webhook")
    with pytest.raises(control.Declined, match="the bot's clock cannot be moved"):
        await channel.ask("POST", "/scenes/busy-saturday")
    assert (await channel.overview())["playing"] is False


async def test_it_knows_its_scenes_and_reasonable_pauses_only(channel: Channel) -> None:
    with pytest.raises(control.Declined, match="there is no scene x"):
        await channel.ask("POST", "/scenes/x")
    for pause in (-1, 2001):
        with pytest.raises(control.Declined, match="pause_ms"):
            await channel.ask("POST", "/scenes/new-salon", {"pause_ms": pause})


async def test_it_goes_to_what_falls_due_next(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    start = bot.now = datetime.now(UTC)
    bot.dues = [start + timedelta(hours=5), start + timedelta(days=2)]
    await channel.ask("POST", "/clock/advance", {"next": True, "seconds": 86_400})
    assert bot.moves[-1] - start == pytest.approx(timedelta(hours=5), abs=timedelta(seconds=1))
    with pytest.raises(control.Declined, match="nothing falls due"):
        await channel.ask("POST", "/clock/advance", {"next": True, "seconds": 86_400})
    await channel.change(drive_bot=False)
    with pytest.raises(control.Declined, match="not driven"):
        await channel.ask("POST", "/clock/advance", {"next": True, "seconds": 86_400})


def test_its_photos_are_pngs_and_always_the_same() -> None:
    assert photos.photo(40) == photos.photo(40) != photos.photo(41)
    assert photos.photo(40).startswith(b"\x89PNG\r\n\x1a\n")

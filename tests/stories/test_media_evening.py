"""A photo's evening: sent in the staff's group, named, shown, and looked at by everybody's phones."""

import io

import aiohttp
from PIL import Image

from bot import server, wiring, work
from storage import database
from tests import photos
from tests.simulator import control
from tests.stories.test_first_evening import claimed_group

CONTENTS = "SELECT count(*) FROM contents"


async def copied(count: int = 1) -> None:
    """Everything sent so far has been copied."""
    for _ in range(200):
        if await database.value("SELECT count(*) FROM received WHERE state = 'kept'") == count:
            return
        await database.run("SELECT pg_sleep(0.05)")
    raise AssertionError(await database.rows("SELECT state, tries FROM received"))


async def test_it_names_a_quoted_photo_and_shows_it_to_every_phone(bot: wiring.House, channel: control.Channel) -> None:
    await channel.change(fetch_media=True)
    yamada, group = await claimed_group(channel)
    sent = await yamada.sends("image", content=photos.photo(orientation=6), in_group=group)
    await yamada.says("メディア 作成 外観", in_group=group, quotes=sent.message_id)
    named = await group.sees("✅ 「外観」#I1 960×1280")
    assert named.how == "reply"
    await yamada.says("メディア 表示 外観", in_group=group)
    shown = await group.sees(lambda one: one.message["type"] == "image")
    assert shown.message["originalContentUrl"].startswith(f"{bot.delivery.public_url}/m/")
    await yamada.says("メディア 一覧", in_group=group)
    await group.sees(lambda one: one.message["type"] == "flex")
    fetches = await channel.fetches("media")
    assert [(one.status, one.content_type, one.problem) for one in fetches] == [(200, "image/jpeg", None)] * 3
    async with aiohttp.ClientSession() as web, web.get(shown.message["originalContentUrl"]) as answer:
        data = await answer.read()
    picture = Image.open(io.BytesIO(data))
    assert b"Secret Camera" not in data
    assert not picture.getexif()
    red, _, blue = picture.getpixel((480, 100))  # type: ignore[misc] # RGB
    assert red > 150 > blue, "what was on the left of the sensor is on top of a photo held upright"
    await yamada.says("■テンプレ 案内\n▼画像マップ 外観 2x1\n・予約 → https://example.com\n・料金", in_group=group)
    cut = await group.sees(lambda one: one.message["type"] == "imagemap")
    async with aiohttp.ClientSession() as web, web.get(f"{cut.message['baseUrl']}/1040") as answer:
        assert Image.open(io.BytesIO(await answer.read())).size == (1040, cut.message["baseSize"]["height"])


async def test_it_waits_for_the_photo_of_whoever_asked(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    sato = await channel.user("佐藤")
    await group.joins(sato)
    await yamada.says("メディア 作成 外観", in_group=group)
    await group.sees("5分以内")
    await sato.sends("image", content=photos.photo(640, 480), in_group=group)
    await yamada.sends("image", content=photos.photo(), in_group=group)
    assert (await group.sees("✅ 「外観」#I1 1280×960")).how == "reply"
    await yamada.sends("image", content=photos.photo(300, 300), in_group=group)
    await copied(3)
    assert await database.value("SELECT count(*) FROM media") == 1


async def test_it_waits_no_longer_than_it_has_said(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says("メディア 作成 外観", in_group=group)
    await group.sees("5分以内")
    await channel.advance(minutes=6)
    await yamada.sends("image", content=photos.photo(), in_group=group)
    await copied()
    assert await database.value("SELECT count(*) FROM media") == 0


async def test_it_takes_photos_in_a_staff_members_own_talk_and_none_of_customers(
    bot: wiring.House, channel: control.Channel
) -> None:
    yamada, _ = await claimed_group(channel)
    tanaka = await channel.user("田中")
    await tanaka.follow()
    await tanaka.sends("image", content=photos.photo())
    await yamada.follow()
    await yamada.says("/メディア 作成 外観")
    await yamada.sees("5分以内")
    await yamada.sends("image", content=photos.photo())
    await yamada.sees("✅ 「外観」#I1")
    assert await database.value("SELECT count(*) FROM received") == 1


async def test_it_says_once_that_a_film_takes_a_while_and_tells_of_it_with_the_next_word(
    bot: wiring.House, channel: control.Channel
) -> None:
    await channel.change(content_takes_ms=3_000_000, fetch_media=True)
    yamada, group = await claimed_group(channel)
    sent = await yamada.sends("video", content=photos.film(), in_group=group, duration=3000)
    await yamada.says("メディア 作成 店内", in_group=group, quotes=sent.message_id)
    assert (await group.sees("受け取り中です")).how == "reply"
    await channel.advance(hours=1)
    await copied()
    await yamada.says("メディア 一覧", in_group=group)
    await group.sees("✅ 「店内」#I1 0:03")
    assert [one.text for one in await group.seen()].count(
        "📥 受け取り中です。届きしだい登録して、次にどなたかが発言した時にお知らせします。"
    ) == 1
    await yamada.says("メディア 表示 店内", in_group=group)
    shown = await group.sees(lambda one: one.message["type"] == "video")
    assert [one.problem for one in await channel.fetches("media") if one.url in str(shown.message)] == [
        None,
        None,
        None,
    ]


async def test_it_says_that_what_was_taken_back_cannot_be_named(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    sent = await yamada.sends("image", content=photos.photo(), in_group=group)
    await copied()
    await yamada.unsends(sent.message_id, in_group=group)
    await yamada.says("メディア 作成 外観", in_group=group, quotes=sent.message_id)
    await group.sees("受け取れませんでした")
    assert await database.value(CONTENTS) == 0


async def test_it_keeps_what_has_a_name_when_its_message_is_taken_back(
    bot: wiring.House, channel: control.Channel
) -> None:
    yamada, group = await claimed_group(channel)
    sent = await yamada.sends("image", content=photos.photo(), in_group=group)
    await yamada.says("メディア 作成 外観", in_group=group, quotes=sent.message_id)
    await group.sees("✅ 「外観」#I1")
    await yamada.unsends(sent.message_id, in_group=group)
    await yamada.says("メディア 一覧", in_group=group)
    await group.sees("1. 外観 #I1 … 1280×960")
    assert await database.value(CONTENTS) == 1


async def test_it_needs_nothing_but_its_rows_after_a_restart_at_each_step(
    house: wiring.House, channel: control.Channel
) -> None:
    async with server.serving(house) as served:
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
        yamada, group = await claimed_group(channel)
        await yamada.says("メディア 作成 外観", in_group=group)
        await group.sees("5分以内")
    async with server.serving(house) as served:
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
        await yamada.sends("image", content=photos.photo(), in_group=group)
        for _ in range(100):
            if await database.value("SELECT count(*) FROM inbox WHERE state = 'open'") == 0:
                break
            await database.run("SELECT pg_sleep(0.05)")
        assert await database.value("SELECT wish FROM received") == "/メディア 作成 外観"
    async with work.working(house):
        await group.sees("✅ 「外観」#I1 1280×960")


BLOCK = """\
■シナリオ ようこそ
開始: 友だち追加
▼すぐ
ようこそ！
＋画像 外観
▼1日後 12:00
お店の中はこんな感じです
＋動画 店内
▼2日後 12:00
{名前}さん、こちらもどうぞ
＋画像 外観
＋ボタン 予約する → https://example.com"""


async def test_it_shows_customers_what_staff_have_named_wherever_the_house_stands_by_then(
    bot: wiring.House, channel: control.Channel
) -> None:
    await channel.change(fetch_media=True)
    yamada, group = await claimed_group(channel)
    photo = await yamada.sends("image", content=photos.photo(2000, 1500), in_group=group)
    film = await yamada.sends("video", content=photos.film(), in_group=group, duration=3000)
    await yamada.says("メディア 作成 外観", in_group=group, quotes=photo.message_id)
    await yamada.says("メディア 作成 店内", in_group=group, quotes=film.message_id)
    await group.sees("✅ 「外観」")
    await group.sees("✅ 「店内」")
    await yamada.says(BLOCK, in_group=group)
    await group.sees("下書き")
    await yamada.says("シナリオ 公開 ようこそ", in_group=group)
    await yamada.presses("公開する", in_group=group)
    await group.sees("公開しました")
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    await tanaka.sees(lambda one: one.message["type"] == "image")
    elsewhere = bot.delivery.public_url.replace("127.0.0.1", "localhost")
    bot.delivery.public_url = elsewhere  # the house has moved
    await channel.change(http_origins=[elsewhere])
    await channel.advance(days=3)
    shown = await tanaka.sees(lambda one: one.message["type"] == "template")
    assert shown.message["template"]["thumbnailImageUrl"].startswith(f"{elsewhere}/m/")
    fetches = [one for one in await channel.fetches("media") if one.by == tanaka.id]
    assert [(one.status, one.problem) for one in fetches] == [(200, None)] * 5
    assert {one.content_type for one in fetches} == {"image/jpeg", "image/png", "video/mp4"}

"""Every kind of bubble in a real browser: drawn, pressed, looked at; `AYUMI_GALLERY=docs/images` keeps the pictures."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests import browsers
from tests.simulator import control
from tests.simulator_checks.bots import Bot, Json, Line, text
from tests.simulator_checks.gallery import bubbles, flexes, parts
from tests.simulator_checks.gallery.studio import Studio

KEPT = os.environ.get("AYUMI_GALLERY")
LARGEST = 250 * 1024
LOADED = "() => [...document.querySelectorAll('.bubble img')].every((one) => one.complete && one.naturalWidth > 0)"
NAMES = ("田中 花子", "鈴木 一郎", "高橋 次郎")
expect.set_options(timeout=15_000)


@pytest.fixture
async def studio(channel: control.Channel) -> AsyncIterator[Studio]:
    async with Studio() as studio:
        await channel.change(http_origins=[studio.url])
        yield studio


@pytest.fixture
async def friends(channel: control.Channel, bot: Bot) -> list[control.User]:
    found = [await channel.user(name) for name in NAMES]
    for friend in found:
        await friend.follow()
    return found


async def phones(page: Page, channel: control.Channel, *holders: control.User) -> list[Locator]:
    """The page with a phone for each."""
    wanted = [{"holder": one.id, "kind": "customer", "chat": one.id} for one in holders]
    key = f"phones/{channel.id}/phones"
    await page.add_init_script(f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(wanted))})")
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    return [page.locator(f'[data-testid="phone-customer"][data-holder="{one.name}"]') for one in holders]


async def drawn(page: Page, count: int) -> None:
    """So many bubbles, with all their pictures."""
    await expect(page.get_by_test_id("bubble")).to_have_count(count)
    for _ in range(200):
        if await page.evaluate(LOADED):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("pictures are missing")


async def keep(page: Page, name: str) -> None:
    """A picture of the phones, into the documents when that is asked for."""
    shot = await page.locator("#desk").screenshot(animations="disabled", type="png")
    assert len(shot) < LARGEST
    if KEPT:
        (Path(KEPT) / name).write_bytes(shot)


@pytest.mark.browser
async def test_it_draws_every_kind_of_bubble(
    chromium: str,
    channel: control.Channel,
    line: Line,
    studio: Studio,
    friends: list[control.User],
) -> None:
    tanaka, suzuki, takahashi = friends
    asked = await tanaka.says("土曜の10時は空いていますか")
    assert asked.event is not None
    coupon = await line.post("/v2/bot/coupon", bubbles.COUPON)
    for friend, messages in (
        (tanaka, bubbles.talk(studio, asked.event["message"]["quoteToken"])),
        (suzuki, bubbles.media(studio, coupon.body["couponId"])),
        (takahashi, bubbles.cards(studio)),
    ):
        assert (await line.push(friend.id, *messages)).status == 200
    assert (await line.push(tanaka.id, bubbles.question())).status == 200
    size = {"width": 1380, "height": 1340}
    async with browsers.visitor(chromium, color_scheme="light", viewport=size) as visitor:
        page = await visitor.new_page()
        talk, media, cards = await phones(page, channel, *friends)
        await drawn(page, 15)
        await expect(page.get_by_test_id("strip")).to_have_count(0)
        await expect(talk.get_by_role("img", name="LINE絵文字 5ac1bfd5040ab15980c9b435/001")).to_be_visible()
        await expect(talk.get_by_test_id("quotation")).to_contain_text("土曜の10時は空いていますか")
        await expect(talk.get_by_text("店長 from Ayumi")).to_be_visible()
        await expect(talk.get_by_role("img", name="スタンプ 446 / 1988")).to_be_visible()
        await expect(talk.get_by_role("button", name="音声を再生 1:05")).to_be_visible()
        await expect(media.get_by_role("link", name="歩み美容室 東京都千代田区紀尾井町1-3")).to_be_visible()
        await expect(media.get_by_test_id("coupon")).to_contain_text("秋のカラー 20%オフ")
        await expect(media.get_by_test_id("imagemap-area")).to_have_count(3)
        assert studio.widths == ["300"]
        await expect(cards.get_by_role("group", name="ご予約の確認")).to_be_visible()
        await expect(cards.get_by_role("button", name="スパを予約")).to_be_attached()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await keep(page, f"bubbles-{scheme}.png")


@pytest.mark.browser
async def test_it_lays_flex_out_as_line_does(
    chromium: str, channel: control.Channel, line: Line, studio: Studio, friends: list[control.User]
) -> None:
    """[G:flex-message-layout, #flex-message-elements]"""
    for friend, messages in zip(
        friends,
        (
            [flexes.receipt(), flexes.album(studio)],
            [flexes.shop(studio), PROBE],
            [flexes.ticket(studio), flexes.film(studio)],
        ),
        strict=True,
    ):
        assert (await line.push(friend.id, *messages)).status == 200
    async with browsers.visitor(chromium, viewport={"width": 1380, "height": 1100}) as visitor:
        page = await visitor.new_page()
        await phones(page, channel, *friends)
        await drawn(page, 6)
        await expect(page.get_by_test_id("strip")).to_have_count(0)
        left, right = page.get_by_text("左から2"), page.get_by_text("右の3")
        one, two = await left.bounding_box(), await right.bounding_box()
        assert one is not None
        assert two is not None
        assert abs(two["width"] / one["width"] - 1.5) < 0.02
        assert await style(page.get_by_text("大きい"), "fontSize") == "35px"
        assert await style(page.get_by_text("赤い"), "color") == "rgb(255, 0, 0)"
        assert await style(page.locator(".flex-box", has_text="枠").last, "borderTopWidth") == "3px"
        ribbon = await page.locator(".flex-box", has_text="新規").last.bounding_box()
        ticket = await page.locator(".flex-bubble", has_text="新規").bounding_box()
        assert ribbon is not None
        assert ticket is not None
        assert (round(ribbon["x"] - ticket["x"]), round(ribbon["y"] - ticket["y"])) == (18, 18)
        assert (round(ribbon["width"]), round(ticket["width"])) == (54, 260)
        await keep(page, "flex.png")
        await channel.change(check_messages=False)
        await line.push(friends[0].id, *UNHEARD_OF)
        strips = [
            f"表示できない種類です: {kind}"
            for kind in ("hologram", "template/wheel", "flex/sphere", "flex/knob", "imagemap/dance")
        ]
        await expect(page.get_by_test_id("strip")).to_have_text(strips)


async def style(node: Locator, name: str) -> str:
    return str(await node.evaluate(f"(node) => getComputedStyle(node).{name}"))


UNHEARD_OF: list[Json] = [
    {"type": "hologram"},
    parts.template("輪", {"type": "wheel"}),
    parts.flex("球", {"type": "sphere"}),
    parts.flex("つまみ", {"type": "bubble", "body": parts.box("vertical", parts.words("上"), {"type": "knob"})}),
    {
        "type": "imagemap",
        "baseUrl": "https://nowhere.invalid/m",
        "baseSize": {"width": 1040, "height": 520},
        "actions": [{"type": "dance", "area": {"x": 0, "y": 0, "width": 520, "height": 520}}],
    },
]
PROBE = parts.flex(
    "試し",
    {
        "type": "bubble",
        "body": parts.box(
            "vertical",
            parts.box("horizontal", parts.words("左から2", flex=2), parts.words("右の3", flex=3)),
            parts.words("大きい", size="3xl"),
            parts.words("赤い", color="#ff0000", align="end", decoration="underline"),
            parts.box("vertical", parts.words("枠"), borderWidth="semi-bold", borderColor="#123456"),
            spacing="md",
        ),
    },
)


@pytest.mark.browser
async def test_it_presses_every_kind_of_action(
    browser: BrowserContext,
    channel: control.Channel,
    bot: Bot,
    line: Line,
    studio: Studio,
    friends: list[control.User],
) -> None:
    tanaka = friends[0]
    page = await browser.new_page()
    opened: list[str] = []
    await browser.route("https://example.com/**", lambda route: route.fulfill(body="ok"))
    browser.on("page", lambda other: opened.append(other.url))
    [phone] = await phones(page, channel, tanaka)
    shown = phone.get_by_test_id("bubble")

    async def pushed(*messages: Json) -> None:
        assert (await line.push(tanaka.id, *messages)).status == 200
        await expect(shown.last).to_be_visible()

    async def press(name: str) -> None:
        await phone.get_by_role("button", name=name, exact=True).last.click()

    async def heard(**wanted: Json) -> None:
        """The bot's newest event has this in it."""
        for _ in range(300):
            if all((bot.events[-1].get(key) or {}).items() >= value.items() for key, value in wanted.items()):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the newest event is {bot.events[-1]}")

    # templates
    await pushed(bubbles.question(), *bubbles.cards(studio))
    await press("変更する")
    await heard(postback={"data": "change"})
    await expect(shown.last).to_have_text("変更します")
    await press("日時を選ぶ")
    await page.get_by_test_id("picker-value").fill("2026-12-01T10:30")
    await page.get_by_test_id("picker-done").click()
    await heard(postback={"data": "when", "params": {"datetime": "2026-12-01T10:30"}})
    await press("いいえ")
    await heard(message={"text": "やめておきます"})
    await press("秋の色")
    await heard(postback={"data": "秋の色"})
    for name in ("地図を見る", "ご予約の確認"):
        async with browser.expect_page():
            await phone.get_by_role("button", name=name).last.click()
    assert (await tanaka.about())["opened"] == ["https://example.com/map", "https://example.com/r/1"]
    # Flex, by keyboard
    await pushed(flexes.shop(studio), flexes.ticket(studio))
    await phone.get_by_role("button", name="席を選ぶ").focus()
    await page.keyboard.press("Enter")
    await heard(postback={"data": "seat"})
    await phone.get_by_role("button", name="割引を使う").focus()
    await page.keyboard.press("Space")
    await heard(postback={"data": "use30"})
    # an imagemap
    await pushed(bubbles.imagemap(studio))
    await press("受付")
    await heard(message={"text": "受付はどこですか"})
    await press("住所を写す")
    await expect(page.get_by_test_id("toast").last).to_be_visible()
    # words with a link
    await pushed(text("こちら https://example.com/words へ"))
    async with browser.expect_page():
        await phone.get_by_role("link", name="https://example.com/words").click()
    assert "https://example.com/words" in (await tanaka.about())["opened"]
    # a film, twice: it is over once only
    await pushed(bubbles.film(studio))
    for _ in range(2):
        await phone.get_by_test_id("video-open").last.click()
        await expect(page.get_by_role("status").filter(has_text="最後まで再生しました")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("viewer")).to_have_count(0)
    await heard(videoPlayComplete={"trackingId": "film-1"})
    assert [event["type"] for event in bot.events].count("videoPlayComplete") == 1
    # a picture
    await pushed(bubbles.photo(studio))
    await phone.get_by_test_id("picture-open").last.click()
    await expect(page.get_by_test_id("viewer").get_by_role("img", name="画像")).to_be_visible()
    await page.get_by_test_id("viewer-close").click()
    # a sound
    await pushed(bubbles.talk(studio, "")[4])
    sound = phone.get_by_test_id("audio").last
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "true")
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "false")
    # quick replies
    await pushed(bubbles.quick(studio))
    quick = phone.get_by_test_id("quick-replies")
    await expect(quick.get_by_role("button")).to_have_count(8)
    await quick.get_by_role("button", name="コード").click()
    await expect(quick).to_be_hidden()
    await pushed(bubbles.quick(studio))
    await quick.get_by_role("button", name="営業時間").click()
    await heard(message={"text": "営業時間は？"})
    await expect(quick).to_be_hidden()

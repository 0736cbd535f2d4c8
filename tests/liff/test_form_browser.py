"""A form in a real browser: every kind of question answered badly and well inside of LINE, at a phone's size."""

import io
import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image, ImageDraw
from playwright.async_api import BrowserContext, Frame, Locator, Page, Route, expect

from liff import words
from storage import clock, database, media
from storage.media import contents
from tests import browsers, photos
from tests.jobs import forms
from tests.liff.conftest import Site
from tests.simulator import control

SECONDS = 20_000
GALLERY = os.environ.get("AYUMI_GALLERY")  # where pictures of the pages go, when somebody wants them

ABOUT = [
    forms.question("q1", "text", label="お名前", required=True, most=20, example="山田 花子"),
    forms.question("q2", "kana", label="フリガナ"),
    forms.question("q3", "phone", label="電話番号", required=True, help="ご予約の確認にだけ使います。"),
    forms.question("q4", "mail", label="メールアドレス"),
    forms.question("q5", "date", label="お誕生日", most=0),
    forms.question("q6", "address", label="ご住所"),
]
WISHES = [
    forms.question(
        "q7", "multiple", "カット", {"label": "カラー", "places": 3}, {"label": "まつげパーマ", "places": 0},
        {"label": "その他", "other": True}, label="ご希望のメニュー", required=True, most=2,
    ),
    forms.question(
        "q8", "single", "Instagram", "ご紹介", label="カラーのきっかけ", required=True, when={"q": "q7", "is": ["o2"]}
    ),
    forms.question("q9", "number", label="人数", least=1, most=6),
    forms.question("q10", "pulldown", "指名なし", "田中", label="担当", required=True),
    forms.question("q11", "datetime", label="ご希望の日時", least="2100-01-01"),
    forms.question("q12", "time", label="お迎えの時間", least="10:00"),
    forms.question("q13", "prefecture", label="お住まい", required=True),
    forms.question("q14", "postcode", label="お届け先の郵便番号"),
]  # fmt: skip
LAST = [
    forms.question("q15", "note", label="お答えはお店の改善だけに使います。"),
    forms.question("q16", "rating", label="満足度", most=5, required=True, ends=["不満", "とても満足"]),
    forms.question("q17", "scale", label="おすすめ度", most=10, required=True, ends=["すすめない", "ぜひ"]),
    forms.question("q18", "image", label="仕上がりの写真", most=1),
    forms.question("q19", "heading", label="最後に"),
    forms.question("q20", "long", label="ご要望", most=30),
    forms.question("q21", "consent", label="個人情報の取り扱い", required=True, help="ご連絡にだけ使います。"),
    forms.question("q22", "file", label="参考の資料"),
    forms.question("q23", "hidden", value="店頭"),
]


def pages(picture: str) -> list[dict[str, Any]]:
    """Of every kind one at least; `picture` is the end of its address."""
    shown = forms.question("q24", "picture", label="お店の朝", picture=picture)
    return [
        {"key": "p1", "title": "お客様について", "questions": ABOUT},
        {"key": "p2", "title": "ご希望", "questions": WISHES},
        {"key": "p3", "title": "ご感想", "questions": [shown, *LAST]},
    ]


@pytest.fixture
async def tanaka(channel: control.Channel) -> control.User:
    return await channel.user("田中 花子")


@pytest.fixture(params=[words.JA, words.EN])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def desk(chromium: str, language: str) -> AsyncIterator[BrowserContext]:
    options: dict[str, Any] = {"device_scale_factor": 2 if GALLERY else 1}
    options |= {"locale": "en-US"} if language == words.EN else {}
    async with browsers.visitor(chromium, **options) as visitor:
        yield visitor


@pytest.fixture
async def phone(chromium: str) -> AsyncIterator[BrowserContext]:
    """Somebody with a small phone by night, who reads English."""
    options: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "locale": "en-US"}
    options |= {"has_touch": True, "is_mobile": True, "device_scale_factor": 2 if GALLERY else 1}
    async with browsers.visitor(chromium, **options) as visitor:
        yield visitor


async def header() -> str:
    """A picture of the shop's, morning over hills; the end of its address."""
    drawn = Image.new("RGB", (1040, 520))
    draw = ImageDraw.Draw(drawn)
    for y in range(520):
        draw.line([(0, y), (1040, y)], fill=(247 - y // 25, 236 - y // 16, 224 - y // 13))
    draw.ellipse((640, 50, 960, 370), fill="#faf5ee")
    for box, shade in (
        ((-300, 330, 700, 1100), "#9eb094"),
        ((350, 380, 1400, 1200), "#7a9278"),
        ((-200, 430, 900, 1300), "#5f7a62"),
    ):
        draw.ellipse(box, fill=shade)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=88)
    content = contents.Made(
        "image", *drawn.size, None, [contents.version(contents.ORIGINAL, "image/jpeg", out.getvalue())]
    )
    number = await media.make("朝", "image", await contents.keep(content), await clock.now())
    return (await media.get([number]))[number].public_id


async def accessible(page: Page | Frame) -> None:
    """axe-core finds nothing; what moves has come to rest."""
    await page.wait_for_function("() => document.getAnimations().every((one) => one.playState === 'finished')")
    found = await Axe().run(page)
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found.response["violations"]] == []


async def fits(page: Page | Frame) -> None:
    """Nothing has to be moved sideways, and all that can be pressed is large enough for a thumb."""
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    small = """() => [...document.querySelectorAll("button, .row, .cell, select, input:not(.row input, .cell input)")]
        .filter((one) => one.checkVisibility()).filter((one) => one.getBoundingClientRect().height < 44)
        .map((one) => one.outerHTML)"""
    assert await page.evaluate(small) == []


async def pictured(shown: Locator, name: str, language: str = words.JA) -> None:
    if GALLERY and language == words.JA:
        await shown.screenshot(path=Path(GALLERY) / f"{name}.png")


def fault(page: Page | Frame, key: str) -> Locator:
    return page.locator(f"#{key}-fault")


def limited(told: str) -> re.Pattern[str]:
    """What is said of a limit, however the limit is written in it."""
    return re.compile(re.escape(told).replace("…", ".+"))


async def kept() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in await database.rows("SELECT question, text FROM form_answers ORDER BY id"):
        found.setdefault(row["question"], []).append(row["text"])
    return found


@pytest.mark.browser
async def test_it_is_filled_in_on_a_phone_with_every_kind_of_question_wrong_and_right(
    site: Site, channel: control.Channel, tanaka: control.User, desk: BrowserContext, language: str
) -> None:
    say = partial(words.say, language)
    await tanaka.follow()
    picture = await header()
    number = await forms.add(
        "来店アンケート",
        {
            "title": "来店アンケート",
            "description": "本日はご来店ありがとうございました。\n1分ほどで終わります。",
            "picture": picture,
            "color": "#2F6B4F",
            "pages": pages(picture),
            "confirm": True,
            "thanks": {"text": "ありがとうございました！\nまたのご来店をお待ちしております。"},
        },
    )
    page = await desk.new_page()
    devtools = await desk.new_cdp_session(page)
    await devtools.send("Emulation.setScrollbarsHidden", {"hidden": True})  # phones show none
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    invitation = [{"type": "text", "text": f"アンケートのお願いです {site.app.address}/f/{number}"}]
    await site.house.line.push(tanaka.id, orjson.dumps(invitation), uuid4())
    customer = page.get_by_test_id("phone-customer")
    await customer.get_by_role("link", name=f"/f/{number}").click(timeout=SECONDS)
    sheet = customer.get_by_test_id("liff")
    await customer.frame_locator("[data-testid=liff-frame]").get_by_role("button", name="許可").click(timeout=SECONDS)
    form = next(one for one in page.frames if one.name.startswith("liff-"))
    await expect(form.get_by_role("heading", name="来店アンケート")).to_be_visible(timeout=SECONDS)
    await accessible(form)
    await fits(form)
    await pictured(sheet, "form-light", language)

    onward = form.locator("#onward")
    for key, text in (("q2", "abc"), ("q3", "123"), ("q4", "hanako"), ("q5", "2199-01-01")):
        await form.locator(f"#{key}").fill(text)
    await form.locator("#q-q6").get_by_label(say("postcode")).fill("12")
    await onward.click()
    await expect(form.get_by_role("alert")).to_contain_text(say("faults_text", count=6))
    for key, told in (
        ("q1", say("fault_required_text")),
        ("q2", say("fault_kana")),
        ("q3", say("fault_phone")),
        ("q4", say("fault_mail")),
        ("q5", limited(say("fault_late", limit="…"))),
        ("q6", say("fault_part", part=say("prefecture"))),
    ):
        await expect(fault(form, key)).to_contain_text(told)
    await expect(form.locator("#q1")).to_be_focused()
    await expect(form.locator("#q1")).to_have_attribute("aria-invalid", "true")
    await accessible(form)
    await pictured(sheet, "form-faults", language)
    for key, text in (
        ("q1", "田中 花子"),
        ("q2", "ﾀﾅｶ ﾊﾅｺ"),
        ("q3", "０９０−１２３４−５６７８"),
        ("q4", "hanako@example.com"),
        ("q5", "1990-05-03"),
    ):
        await form.locator(f"#{key}").fill(text)
    await expect(fault(form, "q4")).to_be_hidden()
    await expect(form.get_by_role("alert")).to_contain_text(say("faults_text", count=1))
    await form.locator("#q-q6").get_by_label(say("postcode")).fill("５０１０５２１")
    await expect(form.get_by_label(say("city"))).to_have_value("揖斐郡大野町黒野")
    await form.get_by_label(say("rest")).fill("1-2")
    await onward.click()

    await expect(form.get_by_role("heading", name="ご希望")).to_be_visible()
    for key, text in (("q9", "７"), ("q11", "2099-12-24T18:30"), ("q12", "09:00"), ("q14", "12")):
        await form.locator(f"#{key}").fill(text)
    await onward.click()
    for key, told in (
        ("q7", say("fault_required_choice")),
        ("q9", say("fault_great", most=6)),
        ("q10", say("fault_required_choice")),
        ("q11", limited(say("fault_early", limit="…"))),
        ("q12", say("fault_early", limit="10:00")),
        ("q13", say("fault_required_choice")),
        ("q14", say("fault_postcode")),
    ):
        await expect(fault(form, key)).to_contain_text(told)
    await expect(form.get_by_role("checkbox", name=f"まつげパーマ {say('full')}")).to_be_disabled()
    await expect(form.locator("#q-q8")).to_be_hidden()
    await form.get_by_role("checkbox", name=f"カラー {say('left', count=3)}").check()
    await form.get_by_role("checkbox", name="その他").check()
    await form.locator("#q9").fill("２")
    await onward.click()
    await expect(fault(form, "q7")).to_contain_text(say("fault_other"))
    await form.get_by_label(say("other_label", label="その他")).fill("眉カット")
    await onward.click()
    await expect(fault(form, "q8")).to_contain_text(say("fault_required_choice"))
    await form.get_by_role("radio", name="ご紹介").check()
    await form.locator("#q10").select_option(label="田中")
    await form.locator("#q11").fill("2100-12-24T18:30")
    await form.locator("#q12").fill("10:30")
    await form.locator("#q13").select_option("岐阜県")
    await form.locator("#q14").fill("5008001")
    await expect(form.locator("#q-q14 .found")).to_have_text("岐阜県岐阜市鏡岩")
    await accessible(form)
    await fits(form)
    await onward.click()

    await expect(form.get_by_role("heading", name="ご感想")).to_be_visible()
    for content, told in ((b"x" * 1_048_577, say("too_large", most=1)), (b"no picture", say("fault_picture"))):
        await form.locator("#q18").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content})
        await expect(fault(form, "q18")).to_contain_text(told)
    await form.locator("#q22").set_input_files({"name": "a.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    await expect(fault(form, "q22")).to_contain_text(say("fault_file"))
    await expect(form.get_by_role("img", name="お店の朝")).to_be_visible()
    await form.locator("#q20").fill("あ" * 31)
    await onward.click()
    for key, text in (
        ("q16", say("fault_required_choice")),
        ("q17", say("fault_required_choice")),
        ("q20", say("fault_long", most=30)),
        ("q21", say("fault_consent")),
    ):
        await expect(fault(form, key)).to_contain_text(text)
    await form.locator("#q18").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photos.photo()})
    await expect(form.locator("#q-q18 .file")).to_have_text("p.jpg")
    await form.locator("#q22").set_input_files(
        {"name": "r.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n"}
    )
    await expect(form.locator("#q-q22 .file")).to_have_text("r.pdf")
    await form.get_by_role("radio", name=say("stars_of", value=4, most=5)).check()
    await form.get_by_role("radio", name="8", exact=True).check()
    await form.locator("#q20").fill("またお願いします")
    await form.get_by_role("checkbox").check()
    await accessible(form)
    await fits(form)
    await form.evaluate("() => scrollTo(0, document.querySelector('#q-q16').offsetTop - 80)")
    await pictured(sheet, "form-last", language)
    await onward.click()

    await expect(form.get_by_role("heading", name=say("confirm_title"))).to_be_visible()
    await expect(form.locator("#given")).to_contain_text("カラー その他: 眉カット", use_inner_text=True)
    await accessible(form)
    await form.get_by_role("button", name=say("change_of", label="お名前")).click()
    await expect(form.locator("#q1")).to_be_focused()
    await form.locator("#q1").fill("田中 華子")
    for heading in ("ご希望", "ご感想", say("confirm_title")):
        await onward.click()
        await expect(form.get_by_role("heading", name=heading)).to_be_visible()
    await onward.dblclick()
    await expect(form.get_by_role("heading", name=say("thanks_title"))).to_be_visible()
    await accessible(form)
    await pictured(sheet, "form-thanks", language)
    answers = await kept()
    assert len(answers.pop("q18")) == len(answers.pop("q22")) == 1
    assert answers == {
        "q1": ["田中 華子"],
        "q2": ["タナカ ハナコ"],
        "q3": ["09012345678"],
        "q4": ["hanako@example.com"],
        "q5": ["1990-05-03"],
        "q6": ["〒501-0521 岐阜県 揖斐郡大野町黒野 1-2"],
        "q7": ["カラー", "眉カット"],
        "q8": ["ご紹介"],
        "q9": ["2"],
        "q10": ["田中"],
        "q11": ["2100-12-24T09:30:00+00:00"],
        "q12": ["10:30"],
        "q13": ["岐阜県"],
        "q14": ["500-8001"],
        "q16": ["4"],
        "q17": ["8"],
        "q20": ["またお願いします"],
        "q21": ["1"],
        "q23": ["店頭"],
    }
    await form.get_by_role("button", name=say("close")).click()
    await expect(sheet).to_have_count(0)


@pytest.mark.browser
async def test_it_survives_a_closed_page_a_lost_session_and_a_lost_answer_in_english_by_night(
    site: Site, tanaka: control.User, phone: BrowserContext
) -> None:
    await tanaka.follow()
    quiz = forms.question(
        "q1", "single", {"label": "東", "points": 0}, {"label": "北", "right": True, "points": 10},
        label="磁石が指すのは？", explanation="地磁気のためです。", required=True,
    )  # fmt: skip
    number = await forms.add(
        "クイズ",
        forms.stored(
            quiz,
            forms.question("q2", "long", label="ひとこと"),
            title="方角クイズ",
            color="#3C2A7D",
            quiz=True,
            results=[{"key": "r1", "title": "はかせ", "text": "よくご存じです。", "least": 10}],
            thanks={"text": "ご参加ありがとうございました。"},
        ),
    )
    await site.login.consents(tanaka)
    page = await phone.new_page()
    await page.goto(await site.app.opened_by(tanaka, f"/f/{number}"))
    await expect(page.get_by_role("button", name="Send")).to_be_visible(timeout=SECONDS)
    await accessible(page)
    await fits(page)
    await page.get_by_role("radio", name="北").check()
    await page.locator("#q2").fill("たのしい")
    await page.wait_for_function("() => Object.keys(localStorage).some((one) => one.startsWith('ayumi:form:'))")

    await page.reload()
    await expect(page.get_by_role("region", name="You have an unfinished answer")).to_be_visible(timeout=SECONDS)
    await accessible(page)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("radio", name="北")).to_be_checked()
    await page.locator("#q2").fill("とてもたのしい")
    await pictured(page.locator("body"), "form-dark")

    await phone.clear_cookies(name="ayumi-visit")
    await page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=2))
    async with page.expect_navigation(timeout=SECONDS):
        await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#q2")).to_have_value("とてもたのしい", timeout=SECONDS)
    assert await kept() == {}

    await page.route("**/answers", lambda route: route.abort())
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status").filter(has_text="No connection.")).to_be_visible(timeout=SECONDS)
    await page.unroute("**/answers")
    lost: list[int] = []

    async def lose(route: Route) -> None:
        """The server takes it, and its answer never arrives; the second time all is well."""
        answer = await route.fetch()
        lost.append(answer.status)
        await (route.abort() if len(lost) == 1 else route.fulfill(response=answer))

    await page.route("**/answers", lose)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible(timeout=SECONDS)
    assert lost == [200, 200]
    assert await kept() == {"q1": ["北"], "q2": ["とてもたのしい"]}
    for told in ("10 points", "はかせ", "Correct", "地磁気のためです。"):
        await expect(page.locator("main")).to_contain_text(told)
    await accessible(page)
    await fits(page)
    await pictured(page.locator("body"), "form-result")
    assert await page.evaluate("() => Object.keys(localStorage).filter((one) => one.startsWith('ayumi:form:'))") == []
    await page.reload()
    await expect(page.get_by_role("heading", name="Already answered")).to_be_visible(timeout=SECONDS)

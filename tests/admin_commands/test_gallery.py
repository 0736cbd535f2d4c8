"""Every kind of card staff are shown, drawn on the phones page; `AYUMI_GALLERY=docs/images` keeps the pictures."""

import io
import json
import os
import uuid
from pathlib import Path
from typing import Literal

import orjson
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from bot import line
from storage import database
from tests import browsers
from tests.admin_commands.shop import SATO, Shop, befriend, crowd
from tests.simulator import control

KEPT = os.environ.get("AYUMI_GALLERY")
LARGEST = 150 * 1024
COLOURS = 56
STORY = """■シナリオ ようこそ
開始: 友だち追加
終了: タグ:ご来店 が付いたら
▼すぐ
{名前}さん、友だち追加ありがとうございます😊
▼1日後 12:00
カットの人気スタイルをご紹介します。
＋ボタン 見てみる → タグ付ける 関心高
▼3日後 22:30
今週の空き枠はこちらです。"""
TEMPLATE = "■テンプレ 料金表\n▼本文\nカット 4,400円〜\nカラー 6,600円〜"
WRONG = "■シナリオ お礼\n開始: 友だち追加\n▼１日ご 12:00\nありがとうございました。"

# What is asked for on each of three phones, in order; the answers' cards are what is drawn.
PHONES = {
    "案内": ["ヘルプ", "ヘルプ シナリオ", "ヘルプ シナリオ 停止", WRONG, "テンプレ 表示 料金表"],
    "友だちとタグ": ["友だち 田中", "タグ 表示 VIP", "友だち 一覧", "タグ 削除 休眠", "使用量"],
    "シナリオ": ["シナリオ 表示 ようこそ", "シナリオ 確認 ようこそ 田中", "changed", "履歴 #Z2"],
}


async def answers(shop: Shop) -> dict[str, list[dict[str, object]]]:
    """The cards of a shop that has been at it for a while."""
    await crowd(12)
    await befriend("田中 花子", "鈴木 一郎")
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 VIP, 休眠, ご来店")
    await shop.ask("タグ 付ける VIP 田中")
    await shop.press(await shop.ask(STORY))
    await shop.ask(TEMPLATE)
    await shop.ask("シナリオ 付ける ようこそ 田中")
    await database.run(
        "INSERT INTO quota_months (month, allowed, used, reserve, line_used, read_at)"
        " SELECT to_char(now() AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM'), 5000, 1880, 500, 1875, now()"
        " ON CONFLICT (month) DO UPDATE SET allowed = 5000, used = 1880, reserve = 500"
    )
    changed = STORY.replace("人気スタイル", "冬のスタイル") + "\n▼7日後 12:00\nクーポンは本日までです。"
    found = {}
    for phone, asked in PHONES.items():
        told = [await shop.ask(changed if one == "changed" else one) for one in asked]
        found[phone] = [message for one in told for message in one.messages if message["type"] == "flex"]
    return found


async def open_phones(page: Page, channel: control.Channel, holders: list[control.User]) -> None:
    wanted = [{"holder": one.id, "kind": "customer", "chat": one.id} for one in holders]
    key = f"phones/{channel.id}/phones"
    await page.add_init_script(f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(wanted))})")
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")


@pytest.mark.browser
async def test_it_draws_every_card_of_staff(shop: Shop, chromium: str, channel: control.Channel) -> None:
    told = await answers(shop)
    holders = [await channel.user(name) for name in told]
    async with line.Client(channel.api_url, channel.token) as client:
        for holder, cards in zip(holders, told.values(), strict=True):
            await holder.follow()
            for card in cards:
                outcome = await client.push(holder.id, orjson.dumps([card]), uuid.uuid4())
                assert outcome.status == 200, outcome.detail
    for scheme in ("light", "dark"):
        small = in_few_colours(await picture(chromium, channel, holders, sum(map(len, told.values())), scheme))
        assert len(small) < LARGEST
        if KEPT:
            (Path(KEPT) / f"cards-{scheme}.png").write_bytes(small)


async def picture(
    chromium: str, channel: control.Channel, holders: list[control.User], bubbles: int, scheme: Literal["light", "dark"]
) -> bytes:
    size = {"width": 1380, "height": 2050}
    async with browsers.visitor(chromium, color_scheme=scheme, viewport=size) as visitor:
        page = await visitor.new_page()
        await open_phones(page, channel, holders)
        await expect(page.get_by_test_id("bubble")).to_have_count(bubbles)
        await expect(page.get_by_test_id("strip")).to_have_count(0)
        await expect(page.get_by_role("button", name="ひな形をコピー")).to_be_attached()
        return await page.locator("#desk").screenshot(animations="disabled", type="png")


def in_few_colours(shot: bytes) -> bytes:
    """The picture as a document needs it."""
    kept = io.BytesIO()
    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()

"""Every kind of card staff are shown, drawn on the phones page; `AYUMI_GALLERY=docs/images` keeps the pictures."""

import io
import json
import os
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import orjson
import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from bot import line
from jobs import broadcasts, charts, configuration, facts, operations
from storage import charts as kept_charts
from storage import clock, database
from storage.links import clicks
from tests import browsers
from tests.admin_commands.shop import SATO, SUZUKI, TOKYO, YAMADA, Answer, Shop, befriend, crowd
from tests.jobs import engine
from tests.simulator import control

KEPT = os.environ.get("AYUMI_GALLERY")
LARGEST = 250 * 1024
COLOURS, OFTEN = 255, 160
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
HOURS = "■自動応答 営業時間\n語: 営業時間, 何時まで\n▼返信\n火〜金 10時〜19時、土日 9時〜18時です。月曜はお休みです。"
THANKS = "■アクション お礼\n＋実行 タグ付ける ご来店 → もし タグ:上客 なら 送る テンプレ:料金表 1日後 12:00 一度だけ"
COUPON = """■配信 年末クーポン
対象: 全員
日時: 明日 18:00
▼本文
{名前}さん、年末のクーポンをお届けします。
＋ボタン 使う → リンク:年末
＋ボタン あとで見る → タグ付ける 関心高"""
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
WRONG = "■シナリオ お礼\n開始: 友だち追加\n▼１日ご 12:00\nありがとうございました。"
CHANGED = STORY.replace("人気スタイル", "冬のスタイル") + "\n▼7日後 12:00\nクーポンは本日までです。"


@dataclass(slots=True)
class Talk:
    """What is said on one phone, and what is answered."""

    shop: Shop
    told: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    async def ask(self, text: str, who: str = YAMADA) -> Answer:
        found = await self.shop.ask(text, who)
        self.told.append((text, found.messages))
        return found

    async def press(self, answer: Answer, who: str = YAMADA) -> Answer:
        found = await self.shop.press(answer, who)
        self.told.append(("", found.messages))
        return found


async def finding_out(talk: Talk) -> None:
    await talk.ask("ヘルプ")
    await talk.ask("シナリオ ?")
    await talk.ask("シナリオ 停止 ?")
    await talk.ask(WRONG)
    await talk.ask("/シナリヲ ていし ようこそう")


async def friends_and_tags(talk: Talk) -> None:
    await talk.ask("友だち 田中 花子")
    await talk.ask("友だち 田中")
    await talk.ask("友だち 一覧")
    await talk.ask("友だち 検索 タグ:VIP かつ 友だち追加 7日以内 または タグ:ご来店 でない")
    await talk.ask("タグ 表示 VIP")
    await talk.ask("タグ 作成 常連")


async def scenarios(talk: Talk) -> None:
    await talk.ask("シナリオ 表示 ようこそ")
    await talk.ask("シナリオ 確認 ようこそ 田中 花子")
    await talk.ask(CHANGED)
    await talk.ask("シナリオ 停止 ようこそ")


async def confirming(talk: Talk) -> None:
    await talk.press(await talk.ask("タグ 削除 休眠"))
    await talk.ask("タグ 付ける VIP 対象: すべての友だち")
    await talk.ask("タグ 削除 ご来店")
    await talk.ask("やめる")
    card = await talk.press(await talk.ask("タグ 改名 VIP → 上客", SATO), SATO)
    await talk.press(card, SUZUKI)
    await talk.ask("取消")
    await talk.ask("履歴 #Z2")


async def asked(talk: Talk) -> None:
    await talk.ask("はじめる")
    await talk.ask("テンプレ 作成")
    await talk.ask("営業時間")
    await talk.ask("平日は10時から19時まで、土日は9時から18時までです。")
    await talk.ask("やめる")
    await talk.ask("テンプレ 確認 料金表")
    await talk.ask("控え")


async def keeping(talk: Talk) -> None:
    await talk.ask("使用量")
    await talk.ask("設定")
    await talk.ask("履歴")


async def answering(talk: Talk) -> None:
    await talk.press(await talk.ask(HOURS))
    await talk.ask("自動応答 試す 何時迄やってますか")
    await talk.ask("自動応答 試す 今日は何時まで？")
    await talk.ask("自動応答 一覧")
    await talk.ask(THANKS)
    await talk.ask("アクション 確認 お礼 「田中 花子」")


async def noting(talk: Talk) -> None:
    await talk.ask("項目 作成 来店回数 数値")
    await talk.ask("項目 作成 電話番号 文字 表示=伏字")
    await talk.ask("/項目 「田中 花子」 来店回数=4")
    await talk.ask("/項目 「鈴木 一郎」 来店回数=2")
    await talk.ask("項目 結果 来店回数")
    await talk.ask("共通情報 作成 定休日 毎週月曜")
    await talk.press(await talk.ask("共通情報 変更 定休日 毎週火曜 12/1 9:00"))
    await talk.ask("共通情報 表示 定休日")


async def understanding(talk: Talk) -> None:
    await talk.ask("セグメント 確認 タグ:上客 かつ 来店回数>=3 または タグ:ご来店 でない かつ 友だち追加 7日以内")
    await talk.ask("セグメント 作成 常連 タグ:上客 かつ 来店回数>=3")
    await talk.ask("リンク 作成 予約 https://example.com/book クリック時=タグ付ける 関心高")
    await talk.ask("/なぜ 「田中 花子」 シナリオ:ようこそ")


async def writing_to_many(talk: Talk) -> None:
    await many_friends(talk.shop)
    await talk.ask(COUPON)
    await talk.ask("配信 確認 年末クーポン 「田中 花子」")
    await booked(talk.shop)
    await talk.ask("配信 表示 年末クーポン")
    await talk.ask("配信 停止 年末クーポン")


async def stopping_on_the_way(talk: Talk) -> None:
    shop = talk.shop
    await talk.ask("配信 送信 年末クーポン")
    await talk.ask("412")
    await leaves(shop, 200)
    await talk.ask("配信 表示 年末クーポン")
    await talk.ask("配信 停止 年末クーポン")
    await talk.ask("配信 再開 年末クーポン")
    await shop.ask("212")
    await leaves(shop, 212)


async def seeing_what_came_of_it(talk: Talk) -> None:
    shop = talk.shop
    await shop.pass_time(minutes=20)
    got = [row["id"] for row in await database.rows("SELECT id FROM friends WHERE NOT shut ORDER BY id")]
    link = await database.value("SELECT id FROM links WHERE name = '年末'")
    for friend in [*got[20:118], *got[20:51]]:
        assert await clicks.opened(link, friend, None, count=True) is not None
        await shop.pass_time(seconds=11)
    button = await database.value("SELECT id FROM buttons WHERE owner LIKE 'broadcast:%' AND label = 'あとで見る'")
    did: list[tuple[int, facts.What]] = [(one, facts.Pressed(button)) for one in got[100:137]]
    did += [(one, facts.Said("text", "使えますか")) for one in got[200:214]]
    await engine.let_happen(shop.cache, [*did, *((one, facts.Unfollowed("e")) for one in got[300:303])])
    await shop.pass_time(hours=3)
    await talk.ask("配信 結果 年末クーポン")
    await talk.ask("配信 結果 年末クーポン タグ:上客")


async def booked(shop: Shop) -> None:
    await shop.ask("配信 予約 年末クーポン")
    await shop.ask("412")


async def many_friends(shop: Shop) -> None:
    """Some hundreds, a few without a name or with a message of this week."""
    shop.cache = configuration.Cache(TOKYO, key="k" * 32)
    await shop.ask("リンク 作成 年末 https://example.com/coupon")
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Ud' || lpad(to_hex(n), 31, '0'), CASE WHEN n > 5 THEN '客' || n END, true, now()"
        " FROM generate_series(1, 412 - (SELECT count(*)::int FROM friends)) AS n"
    )
    await database.run(
        "WITH o AS (INSERT INTO outbox (kind, class, cause, chat, recipients, after, body, state, ready_at, try_at,"
        " created_at) VALUES ('push', 'promotion', 'scenario:1', '', '{}', '{}', '', 'accepted', now(), now(),"
        f" {clock.NOW}) RETURNING id) INSERT INTO deliveries (cause, friend_id, outbox_id, at)"
        f" SELECT 'step:0:k0', f.id, o.id, {clock.NOW} FROM friends f, o ORDER BY f.id LIMIT 96"
    )
    await crowd_out_of_reach(8)


async def crowd_out_of_reach(count: int) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, blocked_us, created_at)"
        " SELECT 'Ue' || lpad(to_hex(n), 31, '0'), '客', false, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )


async def leaves(shop: Shop, count: int) -> None:
    """What waits of a broadcast begins, and LINE takes so many of its messages."""
    await shop.pass_time(seconds=61)
    await broadcasts.begin_due(shop.cache)
    while await operations.run_chunk(shop.cache) is not None:
        pass
    await database.run(
        f"WITH done AS (UPDATE outbox SET state = 'accepted', attempted_at = {clock.NOW}, finished_at = {clock.NOW}"
        " WHERE id IN (SELECT id FROM outbox WHERE state = 'open' AND cause LIKE 'operation:%' ORDER BY id LIMIT $1)"
        " RETURNING cause) INSERT INTO quota_ledger (month, at, class, source, operation_id, messages)"
        f" SELECT to_char({clock.NOW} AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM'), {clock.NOW}, 'promotion', 'broadcast:1',"
        " substr(cause, 11)::bigint, count(*) FROM done GROUP BY cause",
        count,
    )


PICTURES: dict[str, dict[str, Callable[[Talk], Awaitable[None]]]] = {
    "cards": {"使い方": finding_out, "友だちとタグ": friends_and_tags, "シナリオ": scenarios},
    "cards-more": {"確認と依頼": confirming, "質問に答えて": asked, "記録と設定": keeping},
    "cards-engine": {"自動応答とアクション": answering, "項目と共通情報": noting, "条件と理由": understanding},
    "cards-broadcast": {
        "書いて予約する": writing_to_many,
        "送って止める": stopping_on_the_way,
        "結果": seeing_what_came_of_it,
    },
}


async def open_up(shop: Shop) -> None:
    """A shop that has been at it for a while."""
    await crowd(12)
    await befriend("田中 花子", "鈴木 一郎", "田中 誠")
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.ask("タグ 作成 VIP, 休眠, ご来店")
    await shop.ask("タグ 付ける VIP 田中 花子, 鈴木 一郎")
    await shop.press(await shop.ask(STORY))
    await shop.ask(TEMPLATE)
    await shop.ask("シナリオ 付ける ようこそ 「田中 花子」")
    await database.run(
        "INSERT INTO quota_months (month, allowed, used, reserve, line_used, read_at)"
        " SELECT to_char(now() AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM'), 5000, 1880, 500, 1875, now()"
        " ON CONFLICT (month) DO UPDATE SET allowed = 5000, used = 1880, reserve = 500"
    )


async def open_phones(page: Page, channel: control.Channel, holders: list[control.User]) -> None:
    wanted = [{"holder": one.id, "kind": "customer", "chat": one.id} for one in holders]
    key = f"phones/{channel.id}/phones"
    await page.add_init_script(f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(wanted))})")
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")


@pytest.mark.browser
async def test_it_draws_every_card_of_staff(shop: Shop, chromium: str, channel: control.Channel) -> None:
    await open_up(shop)
    for name, phones in PICTURES.items():
        holders, bubbles = [], 0
        for title, plays in phones.items():
            talk = Talk(shop)
            await plays(talk)
            holders.append(await channel.user(title))
            bubbles += await play(channel, holders[-1], talk)
        for scheme in SCHEMES if KEPT else SCHEMES[:1]:
            shot = await picture(chromium, channel, holders, bubbles, scheme)
            if KEPT:
                small = in_few_colours(shot)
                assert len(small) < LARGEST
                (Path(KEPT) / f"{name}-{scheme}.png").write_bytes(small)


async def play(channel: control.Channel, holder: control.User, talk: Talk) -> int:
    """The talk on a phone of its own, as LINE takes it; how many bubbles that makes."""
    await holder.follow()
    bubbles = 0
    async with line.Client(channel.api_url, channel.token) as client:
        for text, messages in talk.told:
            if text:
                await holder.says(text)
            outcome = await client.push(holder.id, orjson.dumps(messages), uuid.uuid4())
            assert outcome.status == 200, outcome.detail
            bubbles += bool(text) + len(messages)
    await holder.reads_all()
    return bubbles


async def picture(
    chromium: str, channel: control.Channel, holders: list[control.User], bubbles: int, scheme: Literal["light", "dark"]
) -> bytes:
    size = {"width": 1380, "height": 2680}
    async with browsers.visitor(chromium, color_scheme=scheme, viewport=size) as visitor:
        await visitor.route("https://media.invalid/c/*", draws)
        page = await visitor.new_page()
        await open_phones(page, channel, holders)
        await expect(page.get_by_test_id("bubble")).to_have_count(bubbles)
        await expect(page.get_by_test_id("strip")).to_have_count(0)
        await page.evaluate("() => Promise.allSettled([...document.images].map((one) => one.decode()))")
        shot = await page.locator("#desk").screenshot(animations="disabled", type="png")
        hidden = await page.get_by_test_id("talk").evaluate_all(
            "all => all.map((one) => one.scrollHeight - one.clientHeight)"
        )
        assert max(hidden) <= 0, f"{hidden}: pixels of each talk that the picture does not show"
        return shot


async def draws(asked: Route) -> None:
    """A chart as our server gives it."""
    kept = await kept_charts.find(asked.request.url.rpartition("/")[2])
    assert kept is not None
    await asked.fulfill(body=charts.png(charts.from_json(kept)), content_type="image/png")


def in_few_colours(shot: bytes) -> bytes:
    """The picture as a document needs it: what is seen most in its own colours, the rest (emoji) in near ones."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    seen = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    often = [part for _, colour in seen[:OFTEN] for part in cast(tuple[int, ...], colour)]
    near = picture.quantize(COLOURS - OFTEN, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*often, *near[: 3 * (COLOURS - OFTEN)]])
    kept = io.BytesIO()
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()

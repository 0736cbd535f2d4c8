"""▼クーポン: the shop's coupons by name or id, as LINE lists them."""

import pytest

from jobs.coupons import Coupon
from storage import database
from tests.admin_commands.shop import Shop

SPRING, SUMMER = "01JAAAAAAAAAAAAAAAAAAAAAAA", "01JBBBBBBBBBBBBBBBBBBBBBBB"
AUTUMN, OTHER = "01JCCCCCCCCCCCCCCCCCCCCCCC", "01JDDDDDDDDDDDDDDDDDDDDDDD"


@pytest.fixture
def offering(shop: Shop) -> Shop:
    shop.coupons = [
        Coupon(SPRING, "春の割引", True),
        Coupon(SUMMER, "夏 カラー20%オフ (2026)", True),
        Coupon(AUTUMN, "秋の割引券", False),
        Coupon(OTHER, "お試し", True),
        Coupon("01JEEEEEEEEEEEEEEEEEEEEEEE", "お試し", True),
    ]
    return shop


@pytest.mark.parametrize(
    ("written", "coupon"),
    [
        ("春の割引", SPRING),
        (SPRING, SPRING),
        (f"むかしの名前 ({SPRING})", SPRING),
        ("夏 カラー20%オフ (2026)", SUMMER),
        (f"お試し（{OTHER}）", OTHER),
    ],
)
async def test_it_sends_the_coupon_that_is_named_and_prints_its_name_and_id(
    offering: Shop, written: str, coupon: str
) -> None:
    await offering.ask(f"■テンプレ 券\n▼本文\nどうぞ\n▼クーポン {written}")
    title = next(one.title for one in offering.coupons if isinstance(one, Coupon) and one.id == coupon)
    said = (await offering.ask("テンプレ 確認 券")).messages
    assert {"type": "coupon", "couponId": coupon} in said
    printed = (await offering.ask("テンプレ 書出 券")).text
    assert f"＋クーポン {title} ({coupon})" in printed
    assert "変更なし" in (await offering.ask(printed)).text


async def test_it_stands_in_broadcasts_and_scenarios_too(offering: Shop) -> None:
    await offering.ask("■配信 春\n対象: 全員\n▼クーポン 春の割引")
    await offering.ask("■シナリオ 春\n▼すぐ\nようこそ\n＋クーポン 春の割引")
    for noun in ("配信", "シナリオ"):
        assert f"＋クーポン 春の割引 ({SPRING})" in (await offering.ask(f"{noun} 書出 春")).text


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("秋の割引券", "は終了しています"),
        (AUTUMN, "は終了しています"),
        ("春の割び", "もしかして: ▼クーポン 春の割引"),
        ("まったく別", "「まったく別」が見つかりません"),
        ("お試し", "お試し (01JD"),
        ("", "にクーポンの名前がありません"),
    ],
)
async def test_it_refuses_a_coupon_that_cannot_be_sent(offering: Shop, written: str, told: str) -> None:
    said = (await offering.ask(f"■テンプレ 券\n▼本文\nどうぞ\n▼クーポン {written}")).text
    assert "4行目" in said
    assert told in said
    assert await database.value("SELECT count(*) FROM templates") == 0


async def test_it_says_so_when_there_are_none_or_line_cannot_tell(shop: Shop) -> None:
    block = "■テンプレ 券\n▼クーポン 春の割引"
    assert "LINE公式アカウントの管理画面で作ると" in (await shop.ask(block)).text
    shop.coupons = "unreachable"
    assert "今LINEに確認できません。何も変えていません" in (await shop.ask(block)).text
    assert await database.value("SELECT count(*) FROM templates") == 0

"""Personal data are masked for staff, and shown in full to few, alone with the bot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_commands import masking
from storage import database
from tests.admin_commands.shop import SATO, YAMADA, Shop, befriend

NAME, PHONE, SHOWN = "田中 090-1234-5678", "090-1234-5678", "田中 090-****-5678"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("田中 090-1234-5678", "田中 090-****-5678"),
        ("０９０−１２３４−５６７８", "０９０−****−５６７８"),
        ("09012345678です", "090****5678です"),
        ("+81 90-1234-5678", "+81 90-****-5678"),
        ("+819012345678", "+8190****5678"),
        ("(058)265-1234", "(058)-****-1234"),
        ("03-1234-5678/0120-123-456", "03-****-5678/0120-****-456"),
        ("連絡はhanako.t@example.co.jpへ", "連絡はh****@example.co.jpへ"),
        ("〒500-8833 岐阜県岐阜市今沢町18", "〒**** 岐阜県岐阜市****"),
        ("東京都千代田区丸の内1-9-1、田中ビル", "東京都千代田区****、田中ビル"),
        ("誕生日: 1990-05-03", "誕生日: ****-05-03"),
        ("生年月日 1990年5月3日", "生年月日 ****年5月3日"),
    ],
)
def test_it_masks_what_could_be_used(text: str, shown: str) -> None:
    assert masking.masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "田中 花子 #F218（VIP・3名）",
        "2026-11-23 13:00 に4,400円",
        "11/23 0:00〜9:00",
        "タグ「岐阜県の人」を1,234人に付けた",
        "客1234567",
        "12345678901",
        "誕生日 5/3",
        "@山田さん",
    ],
)
def test_it_leaves_other_words_as_they_are(text: str) -> None:
    assert masking.masked(text) == text


@given(st.text(alphabet="0９1-ー() 〒+@a.岐阜県市誕生日年\n", max_size=60))
def test_it_takes_any_text_and_masks_it_once(text: str) -> None:
    assert masking.masked(masking.masked(text)) == masking.masked(text)


@given(st.from_regex(r"0[789]0[- ]?[0-9]{4}[- ]?[0-9]{4}", fullmatch=True), st.sampled_from(["", "田中", "電話: "]))
def test_it_never_lets_a_whole_number_through(number: str, before: str) -> None:
    shown = masking.masked(f"{before}{number}")
    assert number not in shown
    assert sum(sign.isdigit() for sign in shown) <= 7


async def test_it_masks_a_friend_wherever_staff_meet_them(shop: Shop) -> None:
    [number] = await befriend(NAME)
    await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    for text in (
        "友だち 一覧",
        "友だち 検索 田中",
        "友だち 検索 全員",
        "友だち 田中",
        f"友だち #F{number}",
        f"タグ 付ける VIP #F{number}",
        "ヘルプ 友だち",
        f"友だち 非表示 #F{number}",
        "履歴",
        "履歴 #Z2",
        f"友だち 削除 #F{number}",
        "取消",
        "友だち 全表示 090-1234-5678",
    ):
        for private in (False, True):
            if private and "全表示" in text:
                continue
            told = await shop.ask(f"/{text}", private=private)
            assert PHONE not in str(told.messages).replace(text, ""), text
    assert SHOWN in (await shop.ask("友だち 一覧")).text
    assert await database.rows("SELECT 1 FROM audit_entries WHERE strpos(sentence, $1) > 0", PHONE) == []


async def test_it_shows_all_to_the_owner_alone_with_the_bot(shop: Shop) -> None:
    [number] = await befriend(NAME)
    card = await shop.ask("友だち 田中")
    assert SHOWN in card.text
    assert f"友だち 全表示 #F{number}" in str(card.messages)
    where = await shop.ask(f"友だち 全表示 #F{number}")
    assert "1対1" in where.text
    assert f"/友だち 全表示 #F{number}" in where.text
    assert NAME in (await shop.ask(f"/友だち 全表示 #F{number}", private=True)).text


async def test_it_shows_all_to_managers_only_where_the_owner_allows_it(shop: Shop) -> None:
    [number] = await befriend(NAME)
    await shop.employ(SATO, "manager")
    asked = f"/友だち 全表示 #F{number}"
    for private in (False, True):
        assert "オーナーの方" in (await shop.ask(asked, SATO, private=private)).text
    assert "全表示" not in str((await shop.ask("友だち 田中", SATO)).messages)
    assert "管理者とオーナー" in (await shop.ask("/設定 全表示 管理者")).text
    assert NAME in (await shop.ask(asked, SATO, private=True)).text
    assert NAME not in str((await shop.ask(asked, SATO)).messages)
    await shop.employ(SATO, "operator")
    assert NAME not in str((await shop.ask(asked, SATO, private=True)).messages)


async def test_it_masks_what_the_shop_has_chosen(shop: Shop) -> None:
    await befriend(NAME, "hanako@example.com")
    assert "メール・住所" in (await shop.ask("/設定 伏字 メール、住所")).text
    told = (await shop.ask("友だち 一覧")).text
    assert NAME in told
    assert "h****@example.com" in told
    assert "伏字: なし" in (await shop.ask("/設定 伏字 なし")).text
    assert "hanako@example.com" in (await shop.ask("友だち 一覧")).text
    assert "使えません" in (await shop.ask("/設定 伏字 血液型")).text
    await shop.ask("取消")
    assert "h****@example.com" in (await shop.ask("友だち 一覧")).text


async def test_it_erases_by_number_whom_it_has_masked(shop: Shop) -> None:
    [number] = await befriend(NAME)
    await shop.ask(f"友だち 非表示 #F{number}")
    await shop.ask("/設定 伏字 なし")
    await shop.ask(f"友だち 非表示 #F{number} 解除")
    await shop.ask("/設定 伏字 電話")
    card = await shop.ask(f"友だち 削除 #F{number}", YAMADA)
    assert f"「#F{number}」と送って" in card.text
    await shop.ask(f"#F{number}")
    kept = await database.rows("SELECT sentence FROM audit_entries WHERE sentence LIKE '%5678%'")
    assert kept == []
    assert await database.value("SELECT count(*) FROM friends") == 0

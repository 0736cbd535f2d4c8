"""Whoever may not do a thing themselves can ask those who may, and nobody else can grant it."""

import orjson
import pytest

from jobs import heard
from storage import clock, database, segments, staff, tags
from tests.admin_commands.shop import GROUP, SATO, SUZUKI, TAKAHASHI, TOKYO, YAMADA, Answer, Shop

TEAM = "C" + "6" * 32


@pytest.fixture
async def crew(shop: Shop) -> Shop:
    """山田 owner, 佐藤 operator, 鈴木 manager, 高橋 operator; there is a tag."""
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.employ(TAKAHASHI, "operator")
    await shop.ask("タグ 作成 VIP")
    return shop


async def request(shop: Shop, text: str = "タグ 改名 VIP → 上客", who: str = SATO) -> Answer:
    """The card that somebody's refused command has become."""
    return await shop.press(await shop.ask(text, who), who)


async def names() -> list[str]:
    found, _ = await tags.page("", 50, 0, segments.Sight(await clock.now(), TOKYO))
    return [one.name for one in found]


async def test_it_says_who_can_and_offers_to_ask_them(crew: Shop) -> None:
    refused = await crew.ask("タグ 改名 VIP → 上客", SATO)
    assert "できるのは管理者以上の方です（あなた: オペレーター）" in refused.text
    assert list(refused.taps) == ["管理者に依頼"]
    assert await names() == ["VIP"]


async def test_it_runs_the_command_with_the_rights_of_whoever_grants_it(crew: Shop) -> None:
    card = await request(crew)
    assert "佐藤さんからの依頼" in card.text
    assert "タグ 改名 VIP → 上客" in card.text
    assert "管理者以上の方が押せます" in card.text
    done = await crew.press(card, SUZUKI)
    assert "改名しました" in done.text
    assert await names() == ["上客"]
    [entry] = await database.rows("SELECT * FROM audit_entries WHERE verb = 'tag.rename'")
    suzuki, sato = await staff.find(SUZUKI), await staff.find(SATO)
    assert suzuki is not None
    assert sato is not None
    assert entry["staff_id"] == suzuki.id
    assert f'"asked_by": {sato.id}' in entry["arguments"]
    assert "（佐藤さんの依頼）" in entry["sentence"]


async def test_it_takes_a_yes_for_the_button(crew: Shop) -> None:
    await crew.ask("タグ 改名 VIP → 上客", SATO)
    card = await crew.ask("はい", SATO)
    assert "佐藤さんからの依頼" in card.text
    assert "改名しました" in (await crew.press(card, YAMADA)).text


async def test_it_never_lets_the_asker_or_another_operator_grant_it(crew: Shop) -> None:
    card = await request(crew)
    assert "管理者以上の方用" in (await crew.press(card, SATO)).text
    assert "管理者以上の方用" in (await crew.press(card, TAKAHASHI)).text
    assert "管理者以上の方用" in (await crew.ask("はい", SATO)).text
    stranger = f"U{0xEE:032x}"
    assert "権限のあるスタッフ用" in (await crew.press(card, stranger)).text
    assert "権限のあるスタッフ用" in (await crew.press(card, None)).text
    assert await names() == ["VIP"]
    await crew.employ(SATO, "manager")
    assert "ほかの管理者以上の方" in (await crew.press(card, SATO)).text
    assert await names() == ["VIP"]
    assert "改名しました" in (await crew.press(card, SUZUKI)).text


async def test_it_is_granted_once_only(crew: Shop) -> None:
    card = await request(crew)
    await crew.press(card, SUZUKI)
    await crew.ask("タグ 改名 上客 → VIP")
    again = await crew.press(card, YAMADA)
    assert "鈴木さんが" in again.text
    assert "承認済み" in again.text
    assert await names() == ["VIP"]


async def test_it_can_be_turned_down(crew: Shop) -> None:
    card = await request(crew)
    no = card.tokens[0]
    assert no.endswith("&no")
    told = await crew.hear(heard.Pressed(f"t={no}"), SATO)
    assert told is not None
    assert "管理者以上の方用" in told.text
    told = await crew.hear(heard.Pressed(f"t={no}"), SUZUKI)
    assert told is not None
    assert "却下しました" in told.text
    assert "鈴木さんが" in (await crew.press(card, YAMADA)).text
    assert "却下しました" in (await crew.press(card, YAMADA)).text
    assert await names() == ["VIP"]
    assert "佐藤さんの依頼「タグ 改名 VIP → 上客」を却下した" in (await crew.ask("履歴")).text


async def test_it_lapses_after_half_an_hour(crew: Shop) -> None:
    card = await request(crew)
    await crew.pass_time(minutes=30, seconds=1)
    assert "期限切れ" in (await crew.press(card, SUZUKI)).text
    assert await names() == ["VIP"]


async def test_it_can_be_taken_back_by_whoever_asked(crew: Shop) -> None:
    card = await request(crew)
    assert "やめました" in (await crew.ask("やめる", SATO)).text
    assert "期限切れ" in (await crew.press(card, SUZUKI)).text


async def test_it_is_void_once_the_asker_has_no_rights(crew: Shop) -> None:
    card = await request(crew)
    await crew.ask("スタッフ 停止 佐藤")
    assert "権限は今ない" in (await crew.press(card, SUZUKI)).text
    assert await names() == ["VIP"]


async def test_it_is_not_granted_by_somebody_whose_role_was_lowered_meanwhile(crew: Shop) -> None:
    card = await request(crew)
    await crew.employ(SUZUKI, "operator")
    assert "管理者以上の方用" in (await crew.press(card, SUZUKI)).text
    await crew.ask("スタッフ 停止 鈴木")
    assert "権限のあるスタッフ用" in (await crew.press(card, SUZUKI)).text
    assert await names() == ["VIP"]


async def test_it_asks_the_granter_to_confirm_what_needs_confirming(crew: Shop) -> None:
    card = await request(crew, "タグ 削除 VIP")
    shown = await crew.press(card, SUZUKI)
    assert "削除します" in shown.text
    assert await names() == ["VIP"]
    assert "鈴木さん用" in (await crew.press(shown, YAMADA)).text
    other = await crew.press(card, YAMADA)
    assert "削除しました" in (await crew.press(shown, SUZUKI)).text
    assert "承認済み" in (await crew.press(other, YAMADA)).text
    assert "承認済み" in (await crew.press(card, YAMADA)).text
    assert "（佐藤さんの依頼）" in (await crew.ask("履歴")).text


async def test_it_confirms_nothing_of_a_request_that_was_turned_down_meanwhile(crew: Shop) -> None:
    card = await request(crew, "タグ 削除 VIP")
    shown = await crew.press(card, SUZUKI)
    await crew.hear(heard.Pressed(f"t={card.tokens[0]}"), YAMADA)
    assert "却下" in (await crew.press(shown, SUZUKI)).text
    assert await names() == ["VIP"]


async def test_it_asks_an_owner_for_what_only_owners_may(crew: Shop) -> None:
    refused = await crew.ask("スタッフ 停止 高橋", SUZUKI)
    assert list(refused.taps) == ["オーナーに依頼"]
    card = await crew.press(refused, SUZUKI)
    assert "停止しました" in (await crew.press(card, YAMADA)).text


async def test_it_keeps_who_was_mentioned(crew: Shop) -> None:
    guest = f"U{0xB1:032x}"
    refused = await crew.mention("スタッフ 追加 @田村 閲覧", "田村", guest, SUZUKI)
    card = await crew.press(refused, SUZUKI)
    shown = await crew.press(card, YAMADA)
    assert "田村さんを閲覧にします" in shown.text
    assert "閲覧にしました" in (await crew.press(shown, YAMADA)).text
    member = await staff.find(guest)
    assert member is not None
    assert member.role == "viewer"


async def test_it_asks_only_once_for_the_same_thing(crew: Shop) -> None:
    await request(crew)
    refused = await crew.ask("タグ 改名 VIP → 上客", SATO)
    assert "もう依頼してあります" in (await crew.press(refused, SATO)).text
    assert await database.value("SELECT count(*) FROM confirmations WHERE policy = 'manager_not_asker'") == 1


async def test_it_requests_a_whole_message_of_several_commands(crew: Shop) -> None:
    card = await request(crew, "タグ 作成 休眠\nタグ 改名 VIP → 上客")
    assert await names() == ["VIP"]
    await crew.press(card, SUZUKI)
    assert sorted(await names()) == ["上客", "休眠"]


async def test_it_cannot_be_forged(crew: Shop) -> None:
    refused = await crew.ask("タグ 改名 VIP → 上客", SATO)
    assert "佐藤さん用" in (await crew.press(refused, TAKAHASHI)).text
    for data in ("t=" + "a" * 12, "t=&no", "t=" + "a" * 12 + "&no", "t=../&no&no"):
        told = await crew.hear(heard.Pressed(data), SUZUKI)
        assert told is not None
        assert "もう使えません" in told.text
    own = await crew.ask("タグ 削除 VIP", SUZUKI)
    told = await crew.hear(heard.Pressed(f"t={own.tokens[-1]}&no"), SUZUKI)
    assert told is not None
    assert "もう使えません" in told.text
    assert await names() == ["VIP"]


async def test_it_carries_a_request_from_a_talk_of_two_to_the_managers_group(crew: Shop) -> None:
    refused = await crew.ask("/タグ 改名 VIP → 上客", SATO, private=True)
    told = await crew.press(refused, SATO, private=True)
    assert "管理グループに依頼を出しました" in told.text
    card = await waiting(GROUP)
    assert "佐藤さんからの依頼" in card.text
    assert "改名しました" in (await crew.press(card, SUZUKI)).text
    assert await waiting_texts(SATO) == [
        "✅ 鈴木さんが、佐藤さんの依頼「/タグ 改名 VIP → 上客」を承認し、実行しました。"
    ]


async def test_it_waits_no_longer_once_it_was_answered(crew: Shop) -> None:
    refused = await crew.ask("/タグ 改名 VIP → 上客", SATO, private=True)
    await crew.press(refused, SATO, private=True)
    card = await waiting(GROUP)
    no = await crew.hear(heard.Pressed(f"t={card.tokens[0]}"), SUZUKI)
    assert no is not None
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'waiting' AND chat = $1", GROUP) == 0
    assert "却下" in (await waiting_texts(SATO))[0]


async def test_it_offers_nothing_to_the_nameless(crew: Shop) -> None:
    refused = await crew.ask("タグ 改名 VIP → 上客", None)
    assert refused.tokens == []
    assert "見ることだけ" in refused.text


async def waiting(chat: str) -> Answer:
    """What waits for the next word there."""
    found = await database.rows("SELECT body FROM outbox WHERE state = 'waiting' AND chat = $1 ORDER BY id", chat)
    return Answer([message for row in found for message in orjson.loads(row["body"])], [])


async def waiting_texts(chat: str) -> list[str]:
    return [message["text"] for message in (await waiting(chat)).messages]


async def test_it_shows_every_line_of_what_is_asked_for(crew: Shop) -> None:
    await crew.ask("タグ 作成 休眠")
    names = ", ".join(f"とても長い名前のタグ{number}" for number in range(20))
    card = await request(crew, f"タグ 作成 {names}\nタグ 改名 VIP → 上客\nタグ 改名 休眠 → 特別")
    assert "タグ 改名 VIP → 上客" in card.text
    assert "タグ 改名 休眠 → 特別" in card.text
    blocks = "■シナリオ A\n▼すぐ\n" + "こんにちは" * 100 + "\n■あいさつ 友だち追加\n▼新規\nようこそ"
    assert "■あいさつ 友だち追加" in (await request(crew, blocks)).text

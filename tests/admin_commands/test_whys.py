"""なぜ: the record of one friend's way through a scenario, told step by step, and nothing that is not in it."""

from jobs import due
from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

BRANCHES = """■シナリオ ようこそ
▼すぐ
はじめまして
▼1日後 12:00 もし タグ:会員 かつ 最終反応 7日以内
会員の方へ
▼1日後 12:00 そうでなければ
みなさまへ
▼3日後 22:30
またどうぞ"""


async def live(shop: Shop, block: str) -> None:
    assert "公開しました" in (await shop.press(await shop.ask(block))).text


async def days(shop: Shop, much: float) -> None:
    """Time goes by, a worker carries out what is due, and LINE takes all that is sent."""
    await shop.pass_time(days=much)
    while (await due.run_set(shop.cache)).friends:
        pass
    await database.run("UPDATE outbox SET state = 'accepted', attempted_at = created_at WHERE kind <> 'reply'")


async def test_it_tells_of_every_step_what_became_of_it_and_why(shop: Shop) -> None:
    await befriend("田中 花子")
    await live(shop, BRANCHES)
    await shop.ask("タグ 付ける 会員 田中")
    await shop.ask("シナリオ 付ける ようこそ 田中")
    await days(shop, 0)
    await days(shop, 1.5)
    told = (await shop.ask("なぜ 田中 シナリオ:ようこそ")).text
    assert "状態: 配信中" in told
    first, second, third, fourth = (told.partition(mark)[2] for mark in "①②③④")
    assert "✅ 送りました" in first.partition("②")[0]
    assert "⏭ 送りませんでした（その時「最終反応 7日以内」に当てはまらなかったため）" in second.partition("③")[0]
    assert "✅ 送りました" in third.partition("④")[0]
    assert "⏳ まだです。この時刻の予定です" in fourth
    one = (await shop.ask("なぜ 田中 2通目")).text
    assert "今は ○ タグ:会員" in one
    assert "今は × 最終反応 7日以内" in one
    assert "③" not in one
    await days(shop, 3)
    assert "22:30の予定を、静音のため移しました" in (await shop.ask("なぜ 田中 3日目")).text
    assert "99通目" not in (await shop.ask("/なぜ 田中 99通目")).text
    assert "ありません（あるのは: 当日、1日後、3日後）" in (await shop.ask("/なぜ 田中 9日目")).text


async def test_it_tells_the_others_that_their_branch_was_not_this_one(shop: Shop) -> None:
    await befriend("田中 花子")
    await live(shop, BRANCHES.replace(" かつ 最終反応 7日以内", ""))
    await shop.ask("タグ 付ける 会員 田中")
    await shop.ask("シナリオ 付ける ようこそ 田中")
    await days(shop, 1.5)
    told = (await shop.ask("/なぜ 田中")).text
    assert "③" in told
    assert "②が届いたため。こちらは「そうでなければ」の通です" in told


async def test_it_tells_who_was_not_let_in_and_what_was_missing(shop: Shop) -> None:
    await befriend("田中 花子", "佐藤 次郎")
    await live(
        shop,
        "■シナリオ 先着\n開始: タグ:応募 が付いたら\n対象: タグ:会員 かつ タグ:退会 でない\n上限: 1人\n▼1日後\nはい",
    )
    await shop.ask("タグ 付ける 応募 田中")
    told = (await shop.ask("なぜ 田中 シナリオ:先着")).text
    assert "始まりませんでした（「対象:」「追加日:」に合わなかったため）" in told
    assert "足りなかったもの: タグ:会員" in told
    assert "「対象:」に当てはまらないため始まりません" in told
    await shop.ask("タグ 付ける 会員 田中,佐藤")
    await shop.ask("シナリオ 付ける 先着 田中")
    await shop.ask("タグ 付ける 応募 佐藤")
    assert "上限の人数に達していたため" in (await shop.ask("/なぜ 佐藤")).text
    assert "状態: 配信中" in (await shop.ask("/なぜ 田中")).text


async def test_it_tells_what_took_somebody_off(shop: Shop) -> None:
    await befriend("田中 花子", "佐藤 次郎")
    await live(shop, "■シナリオ 案内\n終了: タグ:購入済 が付いたら\n▼1日後 12:00\n一\n▼2日後 12:00\n二")
    await live(shop, "■シナリオ 特別\n同時: 1つ\n▼1日後 12:00\n特")
    for name in ("田中", "佐藤"):
        await shop.ask(f"シナリオ 付ける 案内 {name}")
    await days(shop, 1.5)
    await shop.ask("タグ 付ける 購入済 田中")
    await shop.ask("シナリオ 付ける 特別 佐藤")
    ended = (await shop.ask("なぜ 田中 シナリオ:案内")).text
    assert "途中で終了" in ended
    assert "「終了:」に当てはまったため" in ended
    assert "✖ 届いていません。その前に外れました" in ended
    assert "ほかのシナリオ（同時: 1つ）が始まったため" in (await shop.ask("なぜ 佐藤 シナリオ:案内")).text
    each = await shop.ask("/なぜ 佐藤")
    assert "案内 … 1/2通・途中で終了" in each.text
    assert "特別 … 0/1通・配信中" in each.text


async def test_it_tells_what_never_began_and_what_would_begin_it(shop: Shop) -> None:
    await befriend("田中 花子")
    await database.run("UPDATE friends SET followed_at = now() - interval '1 day'")
    await live(shop, "■シナリオ 歓迎\n開始: 友だち追加\n▼すぐ\nようこそ")
    told = (await shop.ask("なぜ 田中 シナリオ:歓迎")).text
    assert "始まった記録も、断った記録もありません" in told
    assert "公開より前の友だちには始まりません" in told
    await shop.ask("シナリオ 停止 歓迎")
    assert "今は、だれも始まりません" in (await shop.ask("なぜ 田中 シナリオ:歓迎")).text
    assert "シナリオに入った記録も" in (await shop.ask("/なぜ 田中")).text
    assert "見つかりません" in (await shop.ask("/なぜ 田中 シナリオ:かんげい")).text


async def test_it_tells_what_waits_and_what_failed(shop: Shop) -> None:
    await befriend("田中 花子")
    await live(shop, "■シナリオ 案内\n▼すぐ\n一\n▼2日後 12:00\n二")
    await shop.ask("シナリオ 付ける 案内 田中")
    await database.run("INSERT INTO pauses (scope, reason, at) VALUES ('quota:promotion', 'quota', now())")
    assert "⏳ 送信待ちです（今月の通数が上限のため）" in (await shop.ask("/なぜ 田中")).text
    await database.run("UPDATE outbox SET state = 'refused', error = 'Invalid image' WHERE kind = 'push'")
    assert "LINEが受け付けませんでした）: Invalid image" in (await shop.ask("/なぜ 田中")).text
    await database.run("UPDATE subscriptions SET state = 'paused'")
    await database.run("UPDATE friends SET blocked_us = true")
    held = await shop.ask("/なぜ 田中")
    assert "⏸ ブロック中のため止まっています" in held.text
    assert "続きから再開" not in held.taps
    await database.run("UPDATE friends SET blocked_us = false")
    free = await shop.ask("/なぜ 田中")
    assert "ブロック中" not in free.text
    assert "ブロックは解除されています。続きは「シナリオ 再開 案内 「田中 花子」」で送れます" in free.text
    assert "再開しました" in (await shop.ask(free.taps["続きから再開"])).text
    await database.run("UPDATE subscriptions SET state = 'active'")
    await shop.ask("シナリオ 停止 案内")
    assert "シナリオが停止中のため、待っています" in (await shop.ask("/なぜ 田中")).text


async def test_it_says_nothing_of_friends_beyond_ones_sight_nor_to_talk(shop: Shop) -> None:
    await befriend("田中 花子")
    await live(shop, "■シナリオ 案内\n▼1日後 12:00\n一")
    await shop.ask("シナリオ 付ける 案内 田中")
    await shop.employ(SATO, "viewer")
    await database.run("UPDATE staff SET scope = '{\"blocked\": true}' WHERE line_user_id = $1", SATO)
    told = await shop.ask("/なぜ 田中 シナリオ:案内", SATO)
    assert "見つかりません" in told.text
    for talk in ("なぜ 田中さん来ないの", "なぜですか", "なぜ 田中"):
        assert await shop.say(talk, SATO) is None


async def test_it_tells_what_a_step_has_left_for_later_and_what_became_of_it(shop: Shop) -> None:
    [friend] = await befriend("田中 花子")
    await live(
        shop,
        "■シナリオ 案内\n▼すぐ\n一\n＋実行 タグ付ける 案内済 1日後 → もし タグ:会員 なら 送る 「おまけです」 2日後\n"
        "▼9日後 12:00\n二",
    )
    await shop.ask("シナリオ 付ける 案内 田中")
    await days(shop, 0)
    told = (await shop.ask("/なぜ 田中")).text
    assert "タグ付ける 案内済 ⏳ この時刻の予定です" in told
    assert "もし タグ:会員 なら 送る 「おまけです」 ⏳ この時刻の予定です" in told
    await days(shop, 1.5)
    assert "タグ付ける 案内済 ✅ 動かしました" in (await shop.ask("/なぜ 田中 1通目")).text
    await shop.ask("シナリオ 外す 案内 田中")
    assert "「おまけです」 ✖ 取りやめました" in (await shop.ask("/なぜ 田中")).text
    await database.run("UPDATE delayed_actions SET state = 'called_off' WHERE state = 'open'")
    assert "「おまけです」 ✖ スタッフが取りやめました" in (await shop.ask("/なぜ 田中")).text
    assert "タグ付ける" not in (await shop.ask("/なぜ 田中 2通目")).text
    assert await database.value("SELECT count(*) FROM friend_tags WHERE friend_id = $1", friend) == 1

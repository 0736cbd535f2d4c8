"""■シナリオ: what is stored, what stays the same step, what is checked, what is told."""

from typing import Any

import orjson

from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

WELCOME = """■シナリオ ようこそ
開始: 友だち追加
対象: タグ:既存客 でない
終了: タグ:購入済 が付いたら
配信可能: 9:00〜20:00
▼すぐ
{名前}さん、ようこそ
▼1日後 12:00
人気のスタイルです。
＋ボタン 見る → タグ付ける 閲覧 → 送る 「ありがとう」
＋ボタン 予約 → https://example.com/book
▼3日後 19:00
＋実行 タグ付ける 関心高
お手入れのコツ"""


async def version(number: int) -> dict[str, Any]:
    found = await database.value("SELECT definition FROM scenario_versions WHERE number = $1", number)
    read: dict[str, Any] = orjson.loads(found)
    return read


async def tag(name: str) -> int:
    return int(await database.value("SELECT id FROM tags WHERE name = $1", name))


async def keys(number: int) -> list[str]:
    return [step["key"] for step in (await version(number))["steps"]]


async def live(shop: Shop, block: str) -> None:
    assert "公開しました" in (await shop.press(await shop.ask(block))).text


async def test_it_stores_the_definition_the_engine_reads(shop: Shop) -> None:
    await shop.ask(WELCOME)
    stored = await version(1)
    bought, present = await tag("購入済"), await tag("既存客")
    assert stored["start"] == [{"on": "follow"}]
    assert stored["target"] == {"not": {"tag": present}}
    assert stored["end"] == [{"on": "tag", "tag": bought}]
    assert stored["window"] == ["09:00", "20:00"]
    assert stored["restart"] == "never"
    first, second, third = stored["steps"]
    assert first == {
        "key": "k1",
        "timing": {"kind": "immediate"},
        "messages": [{"type": "text", "text": "{名前}さん、ようこそ"}],
        "actions": [],
    }
    assert second["timing"] == {"kind": "day", "amount": 1, "unit": "day", "at": "12:00"}
    [panel] = second["messages"]
    button, link = panel["template"]["actions"]
    assert link["uri"] == "{#L1|https://example.com/book}"
    row = await database.row("SELECT id, label, actions, owner FROM buttons")
    assert row is not None
    assert button["data"] == f"b={row['id']}"
    assert (row["label"], row["owner"]) == ("見る", "scenario:1")
    assert orjson.loads(row["actions"]) == [
        {"do": "tag_on", "tags": [await tag("閲覧")]},
        {"do": "send", "messages": [{"type": "text", "text": "ありがとう"}]},
    ]
    assert third["actions"] == [{"do": "tag_on", "tags": [await tag("関心高")]}]


async def test_it_changes_nothing_live_until_it_is_published(shop: Shop) -> None:
    await live(shop, WELCOME)
    before = await database.value("SELECT live_version_id FROM scenarios")
    told = await shop.ask(WELCOME.replace("コツ", "こつ"))
    assert "版1→2" in told.text
    assert "変更: ③本文" in told.text
    assert "追加" not in told.text
    assert "新しく入る人から" in told.text
    assert await database.value("SELECT live_version_id FROM scenarios") == before


async def test_it_says_when_nothing_has_changed(shop: Shop) -> None:
    await shop.ask(WELCOME)
    again = await shop.ask(WELCOME.replace("■シナリオ ようこそ", "#シナリオ　ようこそ").replace("：", ":"))
    assert "変更なし" in again.text
    assert again.tokens
    await shop.press(again)
    assert "変更なし" in (await shop.ask(WELCOME)).text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1
    assert await database.value("SELECT count(*) FROM buttons") == 1


async def test_it_keeps_the_keys_of_steps_that_stay(shop: Shop) -> None:
    await live(shop, WELCOME)
    await live(shop, WELCOME.replace("▼1日後 12:00", "▼10分後\n間に一つ\n▼1日後 12:00"))
    assert await keys(2) == ["k1", "k4", "k2", "k3"]
    await live(shop, WELCOME.replace("人気のスタイルです。", "人気のスタイル。"))
    assert await keys(3) == ["k1", "k2", "k3"]
    await live(shop, WELCOME + "\n▼7日後 12:00\n最後です")
    assert await keys(4) == ["k1", "k2", "k3", "k5"]


async def test_it_numbers_a_step_that_comes_back_anew(shop: Shop) -> None:
    base = "■シナリオ A\n▼すぐ\n一\n▼1日後\n二"
    await live(shop, base)
    await live(shop, "■シナリオ A\n▼すぐ\n一")
    await live(shop, base)
    assert await keys(3) == ["k1", "k3"]


async def test_it_undoes_a_first_paste_with_the_tags_made_for_it(shop: Shop) -> None:
    await shop.ask(WELCOME)
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 4
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 0
    assert await database.value("SELECT count(*) FROM scenarios WHERE deleted_at IS NULL") == 0
    assert "下書き" in (await shop.ask(WELCOME)).text


async def test_it_tells_all_faults_at_once_with_their_lines(shop: Shop) -> None:
    told = await shop.ask(
        "■シナリオ A\n▼すぐ\n＋画像 http://example.com/a.jpg\n▼1日ご 12:00\nやあ\n＋ボタン はい → シナリオ開始 無い"
    )
    assert "4行目" in told.text
    assert "▼1日後 12:00" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0
    told = await shop.ask(
        "■シナリオ A\n▼すぐ\n＋画像 http://example.com/a.jpg\n▼1日後 12:00\nやあ\n＋ボタン はい → シナリオ開始 無い"
    )
    assert "6行目" in told.text
    assert "シナリオ「無い」が見つかりません" in told.text
    told = await shop.ask("■シナリオ A\n▼すぐ\n＋画像 http://example.com/a.jpg\n▼1日後 12:00\nやあ")
    assert "3行目" in told.text
    assert "https://" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0
    assert await database.value("SELECT count(*) FROM tags") == 0


async def test_it_checks_lines_limits_before_keeping_anything(shop: Shop) -> None:
    buttons = "\n".join(f"＋ボタン {n} → タグ付ける T{n}" for n in range(5))
    told = await shop.ask(f"■シナリオ A\n▼すぐ\nえらんで\n{buttons}")
    assert "8行目" in told.text
    assert "4つまで" in told.text
    assert await database.value("SELECT count(*) FROM buttons") == 0


async def test_it_lets_blocks_of_one_message_name_each_other(shop: Shop) -> None:
    told = await shop.ask(
        "■シナリオ A\n▼すぐ\n一\n＋実行 シナリオ開始 B → 送る テンプレ:料金\n■シナリオ B\n▼すぐ\n二\n"
        "■テンプレ 料金\n▼本文\n4,400円"
    )
    assert "テンプレ「料金」" in told.text
    assert len(told.tokens) == 2
    first = await database.value(
        "SELECT definition -> 'steps' -> 0 -> 'actions' FROM scenario_versions v"
        " JOIN scenarios s ON s.id = v.scenario_id WHERE s.name = 'A'"
    )
    number = await database.value("SELECT id FROM scenarios WHERE name = 'B'")
    template = await database.value("SELECT id FROM templates")
    assert orjson.loads(first) == [
        {"do": "scenario_start", "scenario": number},
        {"do": "send_template", "template": template},
    ]


async def test_it_prints_a_block_that_reads_as_the_same_scenario(shop: Shop) -> None:
    await live(shop, WELCOME)
    printed = (await shop.ask("シナリオ 書出 ようこそ")).text
    assert "版: 1" in printed
    assert "開始: 友だち追加" in printed
    assert "変更なし" in (await shop.ask(printed)).text


async def test_it_prints_todays_names_after_a_rename(shop: Shop) -> None:
    await live(shop, WELCOME)
    await shop.ask("タグ 改名 閲覧 → スタイル閲覧")
    printed = (await shop.ask("シナリオ 書出 ようこそ")).text
    assert "タグ付ける スタイル閲覧" in printed
    assert "変更なし" in (await shop.ask(printed)).text
    assert "シナリオ「ようこそ」" in (await shop.ask("タグ 使用先 スタイル閲覧")).text


async def test_it_asks_before_a_print_from_an_old_version_overwrites_a_new_one(shop: Shop) -> None:
    await live(shop, WELCOME)
    printed = (await shop.ask("シナリオ 書出 ようこそ")).text
    await shop.employ(SATO, "operator")
    await shop.ask(WELCOME.replace("コツ", "こつ"), SATO)
    asked = await shop.ask(printed.replace("お手入れ", "お手いれ"))
    assert "版2になっています" in asked.text
    assert "佐藤さん" in asked.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 2
    assert "版1→3" in (await shop.press(asked)).text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 2


async def test_it_shows_the_dates_one_friend_would_get(shop: Shop) -> None:
    await befriend("田中 花子")
    await live(shop, WELCOME)
    told = (await shop.ask("シナリオ 確認 ようこそ 田中")).text
    assert "田中 花子さんが" in told
    assert "「田中 花子さん、ようこそ」" in told
    assert "①" in told
    assert "③" in told
    assert "合計: 3通/人" in told
    await shop.ask("タグ 付ける 既存客 田中")
    assert "当てはまらない" in (await shop.ask("シナリオ 確認 ようこそ 田中")).text


async def test_it_lists_versions_and_prints_an_old_one(shop: Shop) -> None:
    await live(shop, WELCOME)
    await live(shop, WELCOME.replace("コツ", "こつ"))
    told = (await shop.ask("シナリオ 版 ようこそ")).text
    assert "版2" in told
    assert "公開中" in told
    assert "コツ" in (await shop.ask("シナリオ 書出 ようこそ 版1")).text
    assert "版9はありません" in (await shop.ask("シナリオ 書出 ようこそ 版9")).text


async def test_it_stops_at_once_and_goes_on_after_a_press(shop: Shop) -> None:
    await live(shop, WELCOME)
    assert "停止しました" in (await shop.ask("シナリオ 停止 ようこそ")).text
    assert await database.value("SELECT state FROM scenarios") == "paused"
    assert "もう停止中" in (await shop.ask("シナリオ 停止 ようこそ")).text
    card = await shop.ask("シナリオ 再開 ようこそ")
    assert await database.value("SELECT state FROM scenarios") == "paused"
    assert "再開しました" in (await shop.press(card)).text
    assert await database.value("SELECT state FROM scenarios") == "live"


async def test_it_puts_a_friend_on_from_a_later_step(shop: Shop) -> None:
    await befriend("田中")
    await live(shop, WELCOME)
    told = await shop.ask("シナリオ 付ける ようこそ 田中 3通目から")
    assert "次は③" in told.text
    assert told.rows == []
    assert await database.value("SELECT position FROM subscriptions") == 2
    assert "全部で3通" in (await shop.ask("シナリオ 付ける ようこそ 田中 4通目から")).text


async def test_it_says_when_a_friend_cannot_be_put_on(shop: Shop) -> None:
    await befriend("田中")
    await live(shop, WELCOME)
    await shop.ask("シナリオ 付ける ようこそ 田中")
    assert "始まりませんでした" in (await shop.ask("シナリオ 付ける ようこそ 田中")).text
    await shop.ask("シナリオ 停止 ようこそ")
    assert "停止中です" in (await shop.ask("シナリオ 付ける ようこそ 田中")).text


async def test_it_moves_a_deleted_scenario_to_the_bin_and_back(shop: Shop) -> None:
    await befriend("田中")
    await live(shop, WELCOME)
    await shop.ask("シナリオ 付ける ようこそ 田中")
    asked = await shop.ask("シナリオ 削除 ようこそ")
    assert "「ようこそ」と送ってください" in asked.text
    assert "途中の人: 1人" in asked.text
    assert "削除しました" in (await shop.ask("ようこそ")).text
    assert "見つかりません" in (await shop.ask("/シナリオ 表示 ようこそ")).text
    await shop.ask("取消")
    assert "公開中" in (await shop.ask("シナリオ 表示 ようこそ")).text


async def test_it_keeps_signs_that_customers_shall_see(shop: Shop) -> None:
    await shop.ask("■シナリオ A\n▼すぐ\n①㈱½ ＶＩＰ　様\n＋＋得です")
    assert (await version(1))["steps"][0]["messages"] == [{"type": "text", "text": "①㈱½ ＶＩＰ　様\n＋得です"}]


async def test_it_shows_that_a_scenario_can_no_longer_be_read_and_prints_it_as_it_is_kept(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ A\n開始: タグ:VIP\n▼すぐ\nこんにちは"))
    await database.run(
        "UPDATE scenario_versions SET source = source || E'\\n▼いつか\\nまた',"
        " definition = jsonb_set(definition, '{steps,0,timing}', '{\"at\": 7}')"
    )
    fresh = Shop()
    told = await fresh.ask("シナリオ 表示 A")
    assert "今は読めません" in told.text
    assert "配信中: 0人" in told.text
    assert "▼いつか" in (await fresh.ask("シナリオ 書出 A")).text
    for command in ("シナリオ 確認 A", "シナリオ 付ける A 対象: タグ:VIP"):
        await fresh.ask(command)
    assert "公開しました" in (await fresh.press(await fresh.ask("■シナリオ A\n▼すぐ\nこんばんは"))).text


async def test_it_counts_nobody_as_receiving_who_blocks_us_or_whose_step_failed(shop: Shop) -> None:
    await befriend("田中", "鈴木", "佐藤", "高橋")
    await shop.press(await shop.ask("■シナリオ A\n▼1日後 12:00\nこんにちは"))
    for name in ("田中", "鈴木", "佐藤", "高橋"):
        await shop.ask(f"シナリオ 付ける A {name}")
    await database.run("UPDATE subscriptions SET state = 'paused' WHERE friend_id = 1")
    await database.run("UPDATE subscriptions SET state = 'parked' WHERE friend_id = 2")
    told = (await shop.ask("シナリオ 表示 A")).text
    assert "配信中: 2人（ほかにブロック中1人・エラー1人が途中で待っています）" in told
    assert "配信中2人" in (await shop.ask("シナリオ 一覧")).text


async def test_it_refuses_actions_without_an_effect_yet_line_by_line(shop: Shop) -> None:
    told = await shop.ask(
        "■シナリオ ようこそ\n▼すぐ\nこんにちは\n＋実行 メニュー 会員 → タグ付ける A\n"
        "＋ボタン 相談 → マーク 要対応\n＋実行 もし 岐阜 なら 送る 「x」 15分後"
    )
    assert "4行目「＋実行 メニュー 会員 → タグ付ける A」の動作「メニュー」はまだ使えません" in told.text
    assert "5行目「＋ボタン 相談 → マーク 要対応」の動作「マーク」はまだ使えません" in told.text
    assert "6行目「＋実行 もし 岐阜 なら 送る 「x」 15分後」の「岐阜」" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0
    assert await database.value("SELECT count(*) FROM tags") == 0


async def test_it_warns_of_actions_that_contradict_each_other(shop: Shop) -> None:
    told = await shop.ask("■シナリオ A\n▼すぐ\nx\n＋実行 タグ付ける 会員\n＋実行 タグ外す 会員")
    assert "⚠ 4行目と5行目: タグ「会員」を付けて、外しています" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 1


async def test_it_refuses_parts_without_an_effect_yet_line_by_line(shop: Shop) -> None:
    told = await shop.ask(
        "■シナリオ A\n▼すぐ\nx\n＋ボタン 予約 → 予約:カット\n▼1日後 もし タグ:A\ny\n＋画像マップ 春 2x1\n"
        "▼1日後 そうでなければ\nz\n＋リンク https://a.jp → スコア +5"
    )
    for line in (
        "4行目「＋ボタン 予約 → 予約:カット」の「予約:」はまだ使えません",
        "7行目「＋画像マップ 春 2x1」の「＋画像マップ」",
        "10行目「＋リンク https://a.jp → スコア +5」の動作「スコア」はまだ使えません",
    ):
        assert line in told.text
    told = await shop.ask("■あいさつ 友だち追加\n▼流入:店頭POP\nx")
    assert "2行目「▼流入:店頭POP」の流入経路ごとのあいさつはまだ使えません" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0
    assert await database.value("SELECT count(*) FROM tags") == 0


async def test_it_names_the_kind_of_block_that_cannot_be_used_yet(shop: Shop) -> None:
    told = await shop.ask("■シナリオ A\n▼すぐ\nx\n■リマインド 説明会\n▼前日 18:00\n明日です")
    assert "4行目の「■リマインド」はまだ使えません。何も変えていません。" in told.text
    assert "■シナリオ・■あいさつ・■テンプレ" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0


FORKED = """■シナリオ 道
開始: タグ:開始 が付いたら
▼すぐ
こんにちは
▼3日後 19:00 もし タグ:VIP
今週の空き枠はこちらです。
＋実行 タグ付ける 関心高
▼3日後 19:00 そうでなければ
お手入れのコツをまとめました。
▼5日後 12:00
来店の方だけに
＋条件 シナリオ:道 1通目以降"""


async def test_it_reads_branches_shows_whom_they_are_for_and_prints_them_back(shop: Shop) -> None:
    await befriend("田中", "佐藤")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    card = await shop.ask(FORKED)
    for line in ("もし タグ:VIP", "そうでなければ", "もし シナリオ:道 1通目以降", "合計: 2〜3通/人"):
        assert line in card.text, line
    stored = await version(1)
    vip = await tag("VIP")
    assert [step.get("when") for step in stored["steps"]] == [
        None,
        {"tag": vip},
        None,
        {"scenario": 1, "is": "from", "step": 1},
    ]
    assert [step.get("otherwise") for step in stored["steps"]] == [None, None, True, None]
    assert "（今は当てはまる）" in (await shop.ask("シナリオ 確認 道 田中")).text
    assert "（今は当てはまらない）" in (await shop.ask("シナリオ 確認 道 佐藤")).text
    printed = (await shop.ask("シナリオ 書出 道")).text
    assert "▼3日後 19:00 もし タグ:VIP\n" in printed
    assert "＋条件 シナリオ:道 1通目以降" in printed
    assert "変更なし" in (await shop.ask(printed)).text
    await shop.press(await shop.ask("シナリオ 公開 道"))
    assert "②条件" in (await shop.ask(FORKED.replace("もし タグ:VIP", "もし タグ:VIP でない"))).text


async def test_it_wants_one_meaning_of_each_branch_and_an_if_before_an_else(shop: Shop) -> None:
    told = await shop.ask("■シナリオ 道\n▼すぐ そうでなければ\nx\n▼1日後 もし スコア>=50\ny\n▼2日後\nz\n＋条件 岐阜")
    assert "2行目「▼すぐ そうでなければ」の前に「もし」の付いた ▼ がありません" in told.text
    assert "4行目「▼1日後 もし スコア>=50」の「スコア>=50」の条件はまだ使えません" in told.text
    assert "8行目「＋条件 岐阜」の「岐阜」が何の条件か分かりません" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0

"""タグ 変更: how many may wear a tag; what staff see of it, and how it goes back."""

from storage import database
from tests.admin_commands.shop import Shop, befriend, crowd, worn


async def wearers(tag: str) -> int:
    found: int = await database.value(
        "SELECT count(*) FROM friend_tags l JOIN tags t ON t.id = l.tag_id WHERE t.name = $1", tag
    )
    return found


async def test_it_limits_a_tag_and_tells_who_stays_without(shop: Shop) -> None:
    await befriend("田中 花子", "鈴木 一郎", "佐藤 次郎")
    await shop.ask("タグ 作成 先着")
    told = await shop.ask("タグ 変更 先着 上限＝２人")
    assert "上限: 2人" in told.text
    assert "上限: 2人" in (await shop.ask("タグ 表示 先着")).text
    assert "0人（上限2人）" in (await shop.ask("タグ 一覧")).text
    told = await shop.ask("タグ 付ける 先着 田中, 鈴木, 佐藤")
    assert "2人に付けました" in told.text
    assert "上限（2人）のため、1人には付けていません" in told.text
    assert await wearers("先着") == 2
    told = await shop.ask("タグ 付ける 先着 佐藤")
    assert "1人には付けていません。変更はありません" in told.text
    assert "変更なし" in (await shop.ask("タグ 変更 先着 上限=2")).text
    assert "付いている人はそのままで" in (await shop.ask("タグ 変更 先着 上限=1")).text
    await shop.ask("タグ 変更 先着 上限=なし")
    assert "上限" not in (await shop.ask("タグ 表示 先着")).text
    await shop.ask("取消")
    assert "上限: 1人" in (await shop.ask("タグ 表示 先着")).text


async def test_it_warns_of_the_limit_before_many_get_a_tag_and_keeps_it(shop: Shop) -> None:
    await crowd(40)
    await shop.ask("タグ 作成 先着")
    await shop.ask("タグ 変更 先着 上限=15")
    card = await shop.ask("タグ 付ける 先着 対象: 全員")
    assert "上限（15人）に達した後の方には付きません" in card.text
    assert "25人には付けていません" in (await shop.press(card)).text
    assert await wearers("先着") == 15
    await shop.ask("取消")
    assert await wearers("先着") == 0


async def test_it_refuses_to_merge_beyond_a_limit(shop: Shop) -> None:
    people = await befriend("田中 花子", "鈴木 一郎")
    await shop.ask("タグ 作成 一軍, 二軍")
    await shop.ask("タグ 付ける 一軍 田中, 鈴木")
    await shop.ask("タグ 変更 二軍 上限=1")
    told = await shop.ask("タグ 統合 一軍 → 二軍")
    assert "上限（1人）を超えます" in told.text
    await shop.tap_typed(told, "上限を2人に")
    await shop.press(await shop.ask("タグ 統合 一軍 → 二軍"))
    assert [await worn(one) for one in people] == [["二軍"], ["二軍"]]


async def test_it_says_what_can_be_changed_and_how(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    assert "例: タグ 変更 VIP 上限=50" in (await shop.ask("タグ 変更 VIP")).text
    assert "人数を1から" in (await shop.ask("タグ 変更 VIP 上限=たくさん")).text
    assert "人数を1から" in (await shop.ask("タグ 変更 VIP 上限=0")).text


async def sent() -> list[str]:
    found = await database.rows(
        "SELECT convert_from(body, 'utf8')::jsonb #>> '{0,text}' AS text FROM outbox ORDER BY id"
    )
    return [row["text"] for row in found]


ON = """\
タグ 変更 VIP 付いた時
・送る 「VIPになりました」
・タグ付ける 会員"""


async def test_it_does_what_is_typed_below_when_a_tag_is_put_on(shop: Shop) -> None:
    [hanako] = await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    told = await shop.ask(ON)
    assert "付いた時: 送る 「VIPになりました」 → タグ付ける 会員" in told.text
    assert "2回目以降: しない" in told.text
    told = await shop.ask("タグ 付ける VIP 田中")
    assert "決めた動作も行いました" in told.text
    assert await worn(hanako) == ["VIP", "会員"]
    await shop.ask("タグ 改名 会員 → メンバー")
    assert "タグ付ける メンバー" in (await shop.ask("タグ 表示 VIP")).text
    assert "タグ「VIP」" in (await shop.ask("タグ 使用先 メンバー")).text
    await shop.ask("タグ 外す VIP 田中")
    await shop.ask("タグ 付ける VIP 田中")
    assert await sent() == ["VIPになりました"]


async def test_it_asks_before_a_tag_in_use_acts_and_takes_it_back(shop: Shop) -> None:
    await befriend("田中 花子", "鈴木 一郎")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    card = await shop.ask("タグ 変更 VIP 付いた時=送る 「ようこそ」 → タグ付ける 会員")
    assert "すでに付いている人には何もしません" in card.text
    await shop.press(card)
    await shop.ask("タグ 変更 VIP 2回目以降=する 上限=1")
    shown = (await shop.ask("タグ 表示 VIP")).text
    assert "上限: 1人" in shown
    assert "2回目以降: する" in shown
    await shop.press(await shop.ask("タグ 変更 VIP 超過時=送る 「満員です」"))
    assert "1人には付けていません" in (await shop.ask("タグ 付ける VIP 鈴木")).text
    assert await sent() == ["満員です"]
    await shop.ask("タグ 変更 VIP 超過時=なし")
    assert "超過時" not in (await shop.ask("タグ 表示 VIP")).text
    await shop.ask("取消")
    assert "超過時: 送る 「満員です」" in (await shop.ask("タグ 表示 VIP")).text


async def test_it_refuses_tags_that_go_round_in_a_circle(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP, 会員, 休眠")
    await shop.ask("タグ 変更 VIP 付いた時=タグ付ける 会員")
    await shop.press(await shop.ask("タグ 変更 会員 付いた時=タグ外す 休眠"))
    told = await shop.ask("タグ 変更 休眠 外れた時=タグ付ける VIP")
    assert "「休眠」が外れた時 → 「VIP」が付いた時 → 「会員」が付いた時 → 「休眠」が外れた時" in told.text
    assert "外れた時" not in (await shop.ask("タグ 表示 休眠")).text


async def test_it_runs_a_saved_action_set_and_finds_circles_through_it(shop: Shop) -> None:
    [hanako] = await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("■アクション VIP化\n・タグ付ける 会員\n・送る 「ようこそ」")
    told = await shop.ask("タグ 変更 VIP 付いた時=アクション:VIP化")
    assert "付いた時: アクション VIP化" in told.text
    await shop.ask("タグ 付ける VIP 田中")
    assert (await worn(hanako), await sent()) == (["VIP", "会員"], ["ようこそ"])
    assert "タグ「VIP」" in (await shop.ask("アクション 使用先 VIP化")).text
    told = await shop.ask("タグ 変更 会員 付いた時=タグ外す VIP")
    await shop.press(told)
    await shop.ask("■アクション 戻す\n・タグ付ける 会員")
    told = await shop.ask("タグ 変更 VIP 外れた時=アクション 戻す")
    assert "「VIP」が外れた時 → 「会員」が付いた時 → 「VIP」が外れた時" in told.text
    await shop.ask("■アクション 別\n・送る 「また」")
    await shop.press(await shop.ask("タグ 変更 VIP 外れた時=アクション 別"))
    told = await shop.ask("■アクション 別\n・タグ付ける 会員")
    assert "「VIP」が外れた時 → 「会員」が付いた時 → 「VIP」が外れた時" in told.text


async def test_it_tells_what_is_wrong_with_actions_by_their_line(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    told = await shop.ask("タグ 変更 VIP 付いた時\n・送る 「はい」\n・シナリオ開始 どこにもない")
    assert "3行目" in told.text
    assert "シナリオ「どこにもない」が見つかりません" in told.text
    assert "動作を、次の行から" in (await shop.ask("タグ 変更 VIP 付いた時")).text
    assert "「付いた人」は使えません" in (await shop.ask("タグ 変更 VIP 付いた人")).text
    assert "2回目以降=する" in (await shop.ask("タグ 変更 VIP 2回目以降=たぶん")).text

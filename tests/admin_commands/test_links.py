"""リンク: made, used in blocks, changed, counted, taken back and printed again."""

from datetime import timedelta

from admin_commands import links as noun
from jobs import configuration
from storage import clock, database, links
from storage.links import clicks
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend

KEY = "k" * 32
BLOCK = (
    "■テンプレ 案内\n▼本文\n{リンク:春クーポン} をどうぞ\n＋ボタン 使う → リンク:春クーポン\n"
    "＋リンク https://example.com/style 名前=スタイル → タグ付ける 閲覧"
)


async def stored() -> str:
    return str(await database.value("SELECT messages::text FROM templates"))


async def test_it_is_made_changed_and_taken_back(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    made = await shop.ask("リンク 作成 春クーポン https://example.com/春?a=1,b=2 クリック時=タグ付ける 関心")
    assert "#L1 を作りました" in made.text
    assert "行き先: https://example.com/%E6%98%A5?a=1,b=2" in made.text
    assert "クリック時: タグ付ける 関心" in made.text
    assert "そのまま届き" not in made.text
    same = await shop.ask("リンク 作成 春クーポン https://example.com/春?a=1,b=2")
    assert "変更なし" in same.text
    assert "例: " in (await shop.ask("リンク 変更 春クーポン")).text
    await shop.ask("リンク 変更 春クーポン クリック時\n・タグ付ける 関心\n・送る 「どうも」")
    assert "タグ付ける 関心 → 送る 「どうも」" in (await shop.ask("リンク 表示 春クーポン")).text
    await shop.ask("リンク 変更 春クーポン https://example.com/new")
    assert (await links.leading())[1] == "https://example.com/new"
    await shop.ask("取消")
    await shop.ask("取消")
    [kept] = await links.everything()
    assert kept.address.endswith("?a=1,b=2")
    assert [one["do"] for one in kept.on_click] == ["tag_on"]
    assert "クリック時: なし" in (await shop.ask("リンク 変更 春クーポン クリック時=なし")).text
    await shop.ask("リンク 改名 春クーポン → 夏クーポン")
    await shop.press(await shop.ask("リンク 削除 夏クーポン"))
    assert "まだありません" in (await shop.ask("リンク 一覧")).text
    assert "元に戻しました" in (await shop.ask("リンク 元に戻す 夏クーポン")).text


async def test_it_says_what_no_link_can_be(shop: Shop) -> None:
    for address, told in (
        ("javascript:alert(1)", "アドレスとして読めません"),
        ("tel:0312345678", "アドレスとして読めません"),
        ("ftp://example.com/", "アドレス"),
        ("//example.com/", "アドレス"),
        ("https://", "アドレス"),
        ("https://a@evil.jp/", "アドレスとして読めません"),
        ("https://example.com/{名前}", "{ } は使えません"),
        ("", "アドレス"),
    ):
        assert told in (await shop.ask(f"/リンク 作成 春 {address}")).text, address
    assert "使えません" in (await shop.ask("/リンク 作成 「春{1}」 https://example.com/")).text
    assert await links.everything() == []
    plain = await shop.ask("リンク 作成 春 https://example.com/")
    assert "PUBLIC_URL" in plain.text


async def test_it_is_put_into_messages_by_number_and_made_by_a_block(shop: Shop) -> None:
    assert "リンク「春クーポン」が見つかりません" in (await shop.ask(BLOCK)).text
    assert await links.everything() == []
    await shop.ask("リンク 作成 春クーポン https://example.com/spring")
    assert "新しく作ったリンク: スタイル" in (await shop.ask(BLOCK)).text
    body = await stored()
    spring, style = [one.id for one in await links.everything()]
    parts = (
        f"{{#L{spring}}} をどうぞ",
        f"{{#L{spring}|https://example.com/spring}}",
        f"{{#L{style}.1|https://example.com/style}}",
    )
    for part in parts:
        assert part in body
    assert "テンプレ「案内」" in (await shop.ask("リンク 表示 春クーポン")).text
    assert "テンプレ「案内」" in (await shop.ask("リンク 使用先 スタイル")).text
    assert "https://example.com/spring をどうぞ" in (await shop.ask("テンプレ 確認 案内")).text
    other = await shop.ask("■テンプレ 別\n▼本文\nx\n＋リンク https://other.example/ 名前=スタイル")
    assert "今 https://example.com/style を開きます" in other.text
    await shop.press(await shop.ask("リンク 変更 スタイル https://example.com/styles"))
    await shop.ask("リンク 改名 春クーポン → 春の割引")
    printed = (await shop.ask("テンプレ 書出 案内")).text
    assert "{リンク:春の割引} をどうぞ" in printed
    assert "＋リンク https://example.com/styles 名前=スタイル → タグ付ける 閲覧" in printed
    card = await shop.ask("リンク 削除 スタイル")
    assert "「スタイル」" in card.text
    assert not card.tokens, "what is used is deleted by typing its name"
    assert [one.split()[1] for one in await noun.NOUN.dumps(TOKYO)] == ["作成", "作成"]  # type: ignore[misc] # it has them


async def test_it_tells_who_has_opened_it_and_when(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    tanaka, suzuki = await befriend("田中", "鈴木")
    await shop.ask("リンク 作成 春 https://example.com/")
    for friend in (tanaka, tanaka, suzuki):
        assert await clicks.opened(1, friend, None, count=True) is not None
        await clock.move(await clock.now() + timedelta(days=1))
    assert await clicks.opened(1, 999, None, count=True) == ("https://example.com/", False)
    assert "春 #L1 … 3回・2人" in (await shop.ask("リンク 一覧")).text
    told = (await shop.ask("リンク 表示 春")).text
    assert "田中 #F1 … 2回" in told
    days = (await shop.ask("リンク 結果 春")).text
    assert days.count("▇ 1回・1人") + days.count("▇▇ 1回・1人") >= 3
    assert "1〜31日で" in (await shop.ask("リンク 結果 春 90日")).text
    assert "30日間" in (await shop.ask("リンク 結果 春 30日")).text
    await shop.ask("タグ 作成 担当")
    await shop.ask("タグ 付ける 担当 鈴木")
    await shop.employ(SATO, "operator")
    await database.run("UPDATE staff SET scope = '{\"tag\": 1}' WHERE line_user_id = $1", SATO)
    told = (await shop.ask("リンク 表示 春", SATO)).text
    assert "田中" not in told
    assert "春 #L1 … 1回・1人" in (await shop.ask("リンク 一覧", SATO)).text


BUTTONS = (
    "■テンプレ 案内\n▼本文\nどうぞ\n＋ボタン 見る → https://example.com/Style?a=1\n＋ボタン 電話 → tel:058-123-4567\n"
    "＋ボタン 会員証 → https://example.com/card 計測なし\n＋リンク https://example.com/地図 → タグ付ける 地図"
)


async def test_it_counts_what_buttons_open_without_being_told(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    saved = await shop.ask(BUTTONS)
    assert "クリックを数えるアドレス: 2件（1人ずつの個別送信になります" in saved.text
    assert "media.invalid" not in str(saved.messages), "the preview leads where the button leads"
    body = await stored()
    style, place = await links.everything()
    assert (style.automatic, style.address) == (True, "https://example.com/Style?a=1")
    for part in (
        f"{{#L{style.id}|{style.address}}}",
        '"https://example.com/card"',
        f"{{#L{place.id}.1|https://example.com/%E5%9C%B0%E5%9B%B3}}",
    ):
        assert part in body
    printed = (await shop.ask("テンプレ 書出 案内")).text
    assert "＋ボタン 会員証 → https://example.com/card 計測なし" in printed
    assert "＋リンク https://example.com/地図 → タグ付ける 地図" in printed
    assert "変更なし" in (await shop.ask(printed)).text
    await shop.ask("■テンプレ 別\n▼カード 春\nx\n＋ボタン 見る → https://example.com/Style?a=1")
    await shop.ask("■テンプレ 札\n▼カード 春\nx\n＋ボタン 見る → https://example.com/style?a=1")
    assert [one.address[-9:] for one in await links.everything() if "tyle" in one.address] == ["Style?a=1", "style?a=1"]
    for left in ("https://lin.ee/abc", "https://liff.line.me/1-x", "https://example.com/?n={名前}"):
        told = await shop.ask(f"■テンプレ 外\n▼本文\n外\n＋ボタン 見る → {left}")
        assert "数えるアドレス" not in told.text, left
    assert len(await links.everything()) == 3


async def test_it_looks_after_the_links_that_made_themselves(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    [tanaka] = await befriend("田中")
    await shop.ask(BUTTONS)
    number = (await links.everything())[0].id
    assert await clicks.opened(number, tanaka, None, count=True) is not None
    told = (await shop.ask(f"リンク 表示 #L{number}")).text
    assert "自動で数えています" in told
    assert "テンプレ「案内」" in told
    assert "田中 #F1 … 1回" in told
    for named in (f"#L{number}", "「https://example.com/Style?a=1」"):
        assert "1人" in (await shop.ask(f"/友だち 検索 リンク:{named} クリック")).text
    for line, refused in (
        (f"変更 #L{number} https://example.com/new", "行き先は、ボタンのあるブロックで"),
        (f"改名 #L{number} → 春", "名前は付けられません"),
        (f"削除 #L{number}", "使っている所があるため"),
    ):
        assert refused in (await shop.ask(f"リンク {line}")).text
    await shop.press(await shop.ask(f"リンク 変更 #L{number} クリック時=タグ付ける 関心"))
    printed = await noun.NOUN.dumps(TOKYO)  # type: ignore[misc] # it has them
    assert printed[0] == "リンク 作成 「https://example.com/Style?a=1」"
    assert printed[-1] == "リンク 変更 「https://example.com/Style?a=1」 クリック時=タグ付ける 関心"
    await database.run("TRUNCATE links")
    for line in printed:
        await shop.ask(line)
    assert await noun.NOUN.dumps(TOKYO) == printed  # type: ignore[misc] # it has them


async def test_it_leaves_addresses_as_typed_where_the_shop_wants_no_counting(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    await shop.ask("/設定 リンク計測 なし")
    assert "数えるアドレス" not in (await shop.ask(BUTTONS)).text
    number = (await links.everything())[0].id
    assert "今は数えていません" in (await shop.ask(f"リンク 表示 #L{number}")).text
    await shop.ask("取消")
    await shop.ask("/設定 リンク計測 ボタン")
    assert "今は数えていません" not in (await shop.ask(f"リンク 表示 #L{number}")).text
    for line in ("＋リンク https://a.jp 名前=A 計測なし", "＋リンク https://a.jp 計測なし → タグ付ける A"):
        assert "一緒に使えません" in (await shop.ask(f"■テンプレ B\n▼本文\nx\n{line}")).text
    lined = (await shop.ask("■テンプレ B\n▼本文\nx\n＋リンク https://lin.ee/a → タグ付ける A")).text
    assert "クリックを数えられないため" in lined


async def test_a_button_behind_a_link_is_nobodys_to_write(shop: Shop) -> None:
    shop.cache = configuration.Cache(TOKYO, key=KEY)
    await shop.ask("リンク 作成 春クーポン https://example.com/spring")
    await shop.ask("■テンプレ 案内\n▼本文\nこちら {#L1.17} をどうぞ")
    kept = await stored()
    assert "#L1" in kept
    assert ".17" not in kept

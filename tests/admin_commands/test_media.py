"""メディア: what staff have sent gets a name, is shown, renamed, and deleted only when nothing shows it."""

from pathlib import Path
from typing import Any

import pytest
from orjson import loads

from jobs import configuration, heard
from jobs import media as reading
from jobs.messages import hosting
from storage import database
from storage.media import received
from tests import photos
from tests.admin_commands.shop import GROUP, SATO, TOKYO, YAMADA, Answer, Shop, befriend


async def send(folder: Path, data: bytes, message: str = "m1", who: str = YAMADA, kind: str = "image") -> str:
    """What has come in the shop's group, and has been copied."""
    await received.note([received.Arrival(message, GROUP, who, kind, 30_000 if kind == "audio" else None, 1)])
    path = folder / message
    path.write_bytes(data)
    for one in await received.claim(5):
        assert await received.copied(one.id, reading.read(path, one.duration_ms, None, message))
    return message


async def quote(shop: Shop, message: str, text: str, who: str = YAMADA) -> Answer:
    found = await shop.hear(heard.Said(text, quoted_message_id=message), who)
    assert found is not None
    return found


@pytest.fixture
async def album(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with a photo, a film and a sound, each under a name."""
    for number, (name, kind, data) in enumerate(
        (
            ("外観", "image", photos.photo()),
            ("店内", "video", photos.film(seconds=35)),
            ("声", "audio", photos.film(picture=False)),
        )
    ):
        told = await quote(shop, await send(tmp_path, data, f"m{number}", kind=kind), f"メディア 作成 {name}")
        assert "✅" in told.text
    return shop


async def test_it_names_what_is_quoted(shop: Shop, tmp_path: Path) -> None:
    told = await quote(shop, await send(tmp_path, photos.photo()), "画像 追加 外観")
    assert "✅ 「外観」#I1 1280×960" in told.text
    assert "＋画像 外観" in told.text
    again = await quote(shop, "m1", "メディア 作成 外観")
    assert "#I1 はもうあります" in again.text
    assert await database.value("SELECT count(*) FROM media") == 1


async def test_it_takes_the_name_back_and_gives_it_again(shop: Shop, tmp_path: Path) -> None:
    await quote(shop, await send(tmp_path, photos.photo()), "メディア 作成 外観")
    undone = await shop.ask("取消")
    assert "見つかりません" in (await shop.ask("/メディア 表示 外観")).text
    await shop.ask(undone.taps["やり直す"])
    assert "#I1" in (await shop.ask("メディア 表示 外観")).text


async def test_it_names_nothing_that_is_no_photo(shop: Shop, tmp_path: Path) -> None:
    assert "引用されたのは" in (await quote(shop, "unknown", "メディア 作成 外観")).text
    message = await send(tmp_path, b"a,b,c", "csv", kind="file")
    assert "登録できませんでした" in (await quote(shop, message, "メディア 作成 外観")).text
    other = await shop.hear(heard.Said("/メディア 作成 外観", quoted_message_id=message), private=True)
    assert other is not None
    assert "引用されたのは" in other.text, "what was sent elsewhere cannot be named from here"
    assert await database.value("SELECT count(*) FROM media") == 0


async def test_it_leaves_naming_to_operators_and_deleting_to_managers(shop: Shop, tmp_path: Path) -> None:
    await shop.employ(SATO, "viewer")
    assert "🔒" in (await quote(shop, await send(tmp_path, photos.photo()), "メディア 作成 外観", SATO)).text
    await database.run("UPDATE staff SET role = 'operator' WHERE line_user_id = $1", SATO)
    assert "✅" in (await quote(shop, "m1", "メディア 作成 外観", SATO)).text
    assert "🔒" in (await shop.ask("メディア 削除 外観", SATO)).text


async def test_it_lists_with_thumbnails_and_shows_each_as_it_is_sent(album: Shop) -> None:
    listed = await album.ask("メディア 一覧")
    assert listed.messages[0]["type"] == "flex"
    assert len(listed.messages[0]["contents"]["contents"]) == 3
    assert "1. 声 #I3 … 0:30" in listed.text
    assert "2. 店内 #I2 … 0:35・0.0MB" in listed.text
    assert [message["type"] for message in (await album.ask("3")).messages] == ["image", "text"]
    assert (await album.ask("メディア 表示 店内")).messages[0]["type"] == "video"
    sound = (await album.ask("メディア 表示 声")).messages[0]
    assert (sound["type"], sound["duration"]) == ("audio", 30_000)
    assert "まだありません" not in (await album.ask("メディア 一覧 外")).text


async def test_it_renames_and_refuses_a_name_that_is_taken(album: Shop) -> None:
    assert "#I2 がもうあります" in (await album.ask("メディア 改名 外観 → 店内")).text
    assert "改名しました" in (await album.ask("メディア 改名 外観 → 店の前")).text
    assert "使用先: なし" in (await album.ask("メディア 表示 店の前")).text
    await album.ask("取消")
    assert "#I1" in (await album.ask("メディア 表示 外観")).text


async def test_it_deletes_after_a_press_and_takes_it_back(album: Shop) -> None:
    card = await album.ask("メディア 削除 外観")
    assert "見られなくなります" in card.text
    assert card.messages[0]["type"] == "image"
    assert "削除しました" in (await album.press(card)).text
    assert "見つかりません" in (await album.ask("/メディア 表示 外観")).text
    await album.ask("取消")
    assert "#I1" in (await album.ask("メディア 表示 外観")).text


TEMPLATE = """■テンプレ ご案内
▼本文
お店はこちらです
＋画像 外観
▼動画 店内
▼本文
＋音声 声"""


async def sent(shop: Shop, name: str) -> list[dict[str, Any]]:
    found = await shop.ask(f"テンプレ 確認 {name}")
    return found.messages


async def test_it_shows_by_name_in_blocks_and_prints_the_name_back(album: Shop) -> None:
    await album.ask(TEMPLATE)
    _, image, film, sound, _ = await sent(album, "ご案内")
    public = [row["public_id"] for row in await database.rows("SELECT public_id FROM media ORDER BY id")]
    assert image == {
        "type": "image",
        "originalContentUrl": f"{hosting.HOST}/m/{public[0]}",
        "previewImageUrl": f"{hosting.HOST}/m/{public[0]}/preview",
    }
    assert film["originalContentUrl"] == f"{hosting.HOST}/m/{public[1]}"
    assert (sound["originalContentUrl"], sound["duration"]) == (f"{hosting.HOST}/m/{public[2]}", 30_000)
    assert "＋画像 #I1" in await database.value("SELECT source FROM templates")
    await album.ask("メディア 改名 外観 → 「店の 外観」")
    printed = (await album.ask("テンプレ 書出 ご案内")).text
    assert "＋画像 「店の 外観」" in printed
    assert "＋動画 店内" in printed
    assert "変更なし" in (await album.ask(printed)).text


async def test_it_shows_a_card_no_larger_picture_than_line_takes_there(album: Shop) -> None:
    card = "\n＋画像 外観\n本文\n＋ボタン 見る → https://example.com\n"
    await album.ask(f"■テンプレ 札\n▼カード A{card}▼カード B{card}")
    columns = (await sent(album, "札"))[0]["template"]["columns"]
    assert all(column["thumbnailImageUrl"].endswith("/1024") for column in columns)


async def test_it_is_shown_by_scenarios_and_greetings_too_and_not_deleted_meanwhile(album: Shop) -> None:
    await album.ask(TEMPLATE)
    await album.ask("■シナリオ A\n▼すぐ\n＋画像 外観\n▼1日後 12:00\nどうぞ\n＋ボタン 声 → 送る テンプレ:ご案内")
    await album.press(await album.ask("■あいさつ 友だち追加\n▼新規\n＋動画 店内"))
    assert "使用先: シナリオ「A」・テンプレ「ご案内」" in (await album.ask("メディア 表示 外観")).text
    refused = await album.ask("メディア 削除 店内")
    assert "使われているため、削除できません" in refused.text
    assert "あいさつ「新規」・テンプレ「ご案内」" in refused.text
    assert await database.value("SELECT count(*) FROM media WHERE deleted_at IS NULL") == 3


async def test_it_tells_of_former_versions_that_show_it_and_that_they_cannot_come_back_without_it(album: Shop) -> None:
    await album.ask("■テンプレ 表\n▼本文\n＋画像 外観")
    await album.ask("■テンプレ 表\n▼本文\n文字だけ")
    await album.press(await album.ask("■あいさつ 友だち追加\n▼新規\n＋画像 外観"))
    await album.press(await album.ask("■あいさつ 友だち追加\n▼新規\nようこそ"))
    told = "使用先: なし\n前の版での使用先: あいさつ 版1・テンプレ「表」版1"
    assert told in (await album.ask("メディア 表示 外観")).text
    card = await album.ask("メディア 削除 外観")
    assert "前の版での使用先: あいさつ 版1・テンプレ「表」版1" in card.text
    assert "前の版には、このままでは戻せなくなります" in card.text
    assert "削除しました" in (await album.press(card)).text
    for text in ("テンプレ 元に戻す 表 版1", "あいさつ 元に戻す 版1"):
        refused = await album.ask(text)
        assert "版1で使っているメディア「外観」は削除されています" in refused.text
    assert "文字だけ" in (await album.ask("テンプレ 書出 表")).text
    assert "元に戻しました" in (await album.ask(refused.taps["メディアを戻す"])).text
    assert "版1に戻しました" in (await album.ask("テンプレ 元に戻す 表 版1")).text


async def test_it_is_not_deleted_while_friends_walk_through_a_former_version_that_shows_it(album: Shop) -> None:
    await befriend("田中")
    await album.ask("■シナリオ A\n▼1日後 12:00\n＋画像 外観")
    await album.press(await album.ask("シナリオ 公開 A"))
    await album.ask("シナリオ 付ける A 田中")
    await album.press(await album.ask("■シナリオ A\n▼1日後 12:00\n文字だけ"), way="new")
    refused = await album.ask("メディア 削除 外観")
    assert "途中の方がいる前の版で使われているため、削除できません" in refused.text
    assert "使用先: シナリオ「A」版1（配信中）" in refused.text
    assert refused.taps["シナリオ「A」"] == "/シナリオ 表示 「A」"
    await album.ask("シナリオ 外す A 田中")
    card = await album.ask("メディア 削除 外観")
    assert "前の版での使用先: シナリオ「A」版1" in card.text
    assert "削除しました" in (await album.press(card)).text
    assert "メディア「外観」は削除されています" in (await album.ask("シナリオ 元に戻す A 版1")).text


@pytest.mark.parametrize(
    ("line", "told", "tap"),
    [
        ("＋画像 外館", "4行目「＋画像 外館」のメディア「外館」が見つかりません", "＋画像 外観"),
        ("＋画像 店内", "の「店内」は動画です", "＋動画 店内"),
        ("＋画像 店の 外観", "空白などのある名前は「」で囲んでください", "＋画像 「店の 外観」"),
        ("＋画像", "登録した名前か https:// から始まるアドレスがありません", "＋画像 外観"),
        ("＋画像 #T1", "メディア「#T1」が見つかりません", None),
    ],
)
async def test_it_says_what_is_wrong_with_a_line_and_how_it_is_right(
    album: Shop, line: str, told: str, tap: str | None
) -> None:
    answer = await album.ask(f"■テンプレ 表\n▼本文\n本文\n{line}")
    assert told in answer.text
    if tap is not None:
        assert tap in answer.text
    assert await database.value("SELECT count(*) FROM templates WHERE source <> ''") == 0


async def test_it_shows_nothing_of_its_own_where_phones_cannot_reach_it(album: Shop) -> None:
    nowhere = Shop(configuration.Cache(TOKYO, public=False), album.numbers)
    assert "PUBLIC_URL" in (await nowhere.ask(TEMPLATE)).text
    assert "作りました" in (await nowhere.ask("■テンプレ 表\n▼本文\n＋画像 https://example.com/a.jpg")).text


async def test_it_comes_back_from_the_bin_and_is_found_by_name(album: Shop) -> None:
    assert "外観" in (await album.ask("メディア 検索 外")).text
    assert "店内" not in (await album.ask("メディア 検索 外")).text
    assert "使われていません" in (await album.ask("メディア 使用先 外観")).text
    await album.press(await album.ask("メディア 削除 外観"))
    assert "メディア「外観」" in (await album.ask("下書き ごみ箱")).text
    assert "✅ メディア「外観」#I1 を元に戻しました" in (await album.ask("メディア 元に戻す #I1")).text
    assert "外観" in (await album.ask("メディア 表示 外観")).text
    await album.ask("取消")
    assert "見つかりません" in (await album.ask("/メディア 表示 外観")).text


async def test_it_waits_for_no_photo_any_more_once_one_says_so(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    await shop.ask("メディア 作成 外観")
    assert "やめました" in (await shop.ask("やめる")).text
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'media'") == 0
    assert await shop.say("はい") is None
    assert "期限切れ" in (await shop.press(card)).text
    await shop.ask("メディア 作成 外観")
    assert "やめました" in (await shop.ask("/やめる")).text


MAP = """\
■テンプレ 案内
▼画像マップ 外観 2x1
・予約する → https://example.com/yoyaku
・料金"""


async def test_it_cuts_a_photo_into_fields_to_press(album: Shop) -> None:
    told = await album.ask(MAP)
    assert "❌" not in told.text
    [sent] = loads(await database.value("SELECT messages FROM templates"))
    assert (sent["type"], sent["altText"], sent["baseSize"]) == (
        "imagemap",
        "予約する・料金",
        {"width": 1040, "height": 780},
    )
    assert sent["baseUrl"] == hosting.address(await public_id("外観"))
    assert [(one["type"], one.get("linkUri") or one.get("text"), one["area"]) for one in sent["actions"]] == [
        ("uri", "{#L1|https://example.com/yoyaku}", {"x": 0, "y": 0, "width": 520, "height": 780}),
        ("message", "料金", {"x": 520, "y": 0, "width": 520, "height": 780}),
    ]
    assert (await album.ask("テンプレ 書出 案内")).text.replace("版: 1\n", "") == MAP
    assert "テンプレ「案内」" in (await album.ask("メディア 使用先 外観")).text


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("▼画像マップ 外観\n・はい", "「画像の名前 横x縦」の形で"),
        ("▼画像マップ 外観 2x1\n・はい", "・の行を2行書いてください（今 1行）"),
        ("▼画像マップ 外観 1x1\n・はい → タグ付ける はい", "だけを書いてください"),
        ("▼画像マップ 外観 1x1\n本文\n・はい", "だけを書いてください"),
        ("▼画像マップ 店内 1x1\n・はい", "画像ではありません"),
        ("▼画像マップ どこか 1x1\n・はい", "見つかりません"),
        ("▼画像マップ 外観 AAB/ABB\nA: はい\nB: いいえ", "A は四角にしてください"),
        ("▼画像マップ 外観 AAB/AA\nA: はい\nB: いいえ", "同じ文字数に"),
        ("▼画像マップ 外観 AAB\nA: はい", "の B の行がありません"),
        ("▼画像マップ 外観 AB\nA: はい\nC: いいえ", "「A: 言葉 → https://…」の形で"),
        ("▼画像マップ 外観 AB\nA: はい\nA: いいえ", "2回書かれています"),
        ("▼画像マップ 外観 A\nA: はい → タグ付ける はい", "https:// のアドレスだけ"),
        ("▼画像マップ 外観 --\nA: はい", "押せる所（A・B…）がありません"),
    ],
)
async def test_it_says_what_is_wrong_with_the_fields_of_a_photo(album: Shop, block: str, told: str) -> None:
    assert told in (await album.ask(f"■テンプレ 案内\n{block}")).text


async def test_it_lays_pictures_side_by_side_with_a_button_each(album: Shop, tmp_path: Path) -> None:
    await quote(album, await send(tmp_path, photos.photo(800, 800), "m8"), "メディア 作成 四角")
    card = "▼画像カード\n＋画像 四角\n"
    look, like = "＋ボタン 見る → https://example.com/a 計測なし", "＋ボタン 興味あり → タグ付ける 興味"
    await album.ask(f"■テンプレ 並び\n{card}{look}\n{card}{like}")
    [message, *_] = await sent(album, "並び")
    columns = message["template"]["columns"]
    assert (message["template"]["type"], message["altText"]) == ("image_carousel", "見る・興味あり")
    assert [column["imageUrl"] for column in columns] == [f"{hosting.HOST}/m/{await public_id('四角')}/1024"] * 2
    assert columns[0]["action"] == {"type": "uri", "label": "見る", "uri": "https://example.com/a"}
    assert columns[1]["action"]["type"] == "postback"
    printed = (await album.ask("テンプレ 書出 並び")).text
    assert printed.count("▼画像カード\n＋画像 四角\n＋ボタン") == 2
    assert "変更なし" in (await album.ask(printed)).text


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ("▼画像カード\n＋画像 外観\n＋ボタン 見る → https://a.jp", "1280×960です。▼画像カードには正方形の"),
        ("▼画像カード\n＋画像 https://a.jp/a.png", "＋画像1枚と＋ボタン1つだけ"),
        ("▼画像カード\n＋ボタン 見る → https://a.jp", "＋画像1枚と＋ボタン1つだけ"),
        ("▼画像カード\n本文\n＋画像 https://a.jp/a.png\n＋ボタン 見る → https://a.jp", "＋画像1枚と＋ボタン1つだけ"),
        ("▼画像カード 春\n＋画像 https://a.jp/a.png\n＋ボタン 見る → https://a.jp", "＋画像1枚と＋ボタン1つだけ"),
        ("▼画像カード\n＋画像 https://a.jp/a.png\n＋ボタン 十三文字になる長い言葉です → https://a.jp", "4行目"),
        ("▼画像カード\n＋画像 https://a.jp/a.png\n＋ボタン 見る → https://a.jp\n" * 11, "10"),
    ],
)
async def test_it_says_what_is_wrong_with_pictures_side_by_side(album: Shop, parts: str, told: str) -> None:
    said = (await album.ask(f"■テンプレ 並び\n{parts}")).text
    assert "❌" in said
    assert told in said
    assert await database.value("SELECT count(*) FROM templates") == 0


async def public_id(name: str) -> str:
    found: str = await database.value("SELECT public_id FROM media WHERE name = $1", name)
    return found


async def test_a_picture_is_cut_as_its_letters_are_drawn(album: Shop) -> None:
    lines = "B: 料金 → https://example.com/price\nA: 予約する\nC: 電話 → tel:0581234567"
    await album.ask(f"■テンプレ 地図\n▼画像マップ 外観 ---/AAB/AAC\n{lines}")
    [picture, *_] = await sent(album, "地図")
    areas = {one["label"]: tuple(one["area"].values()) for one in picture["actions"]}
    assert picture["baseSize"] == {"width": 1040, "height": 780}
    assert areas == {"予約する": (0, 260, 693, 520), "料金": (693, 260, 347, 260), "電話": (693, 520, 347, 260)}
    printed = (await album.ask("テンプレ 書出 地図")).text
    assert "▼画像マップ 外観 ---/AAB/AAC\nA: 予約する\nB: 料金 → https://example.com/price\nC: 電話" in printed
    assert "変更なし" in (await album.ask(printed)).text

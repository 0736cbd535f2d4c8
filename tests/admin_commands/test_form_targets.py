"""フォーム: behind an arrow and in a text: a form's page, opened in LINE."""

import orjson
import pytest

from jobs import configuration, personal
from jobs.messages import hosting
from storage import clock, database, forms, named
from storage.segments import Sight
from tests.admin_commands.shop import TOKYO, Shop

LIFF = "https://liff.line.me/2000000000-abcdefgh"
BLOCK = (
    "■テンプレ 案内\n▼本文\n答えてください {フォーム:来店アンケート}\n＋ボタン 答える → フォーム:来店アンケート\n"
    "▼質問 ほかに？\n・アンケート → フォーム:来店アンケート\n・なし"
)


@pytest.fixture
async def asking(shop: Shop) -> Shop:
    """A shop whose pages LINE opens, with a form that takes answers."""
    shop.cache = configuration.Cache(TOKYO, liff=LIFF)

    async def work() -> None:
        number = await forms.ROWS.make("来店アンケート", await clock.now())
        await forms.ROWS.change(number, state="live", live=1, draft=None)

    await database.repeated(work)
    return shop


async def stored() -> str:
    return str(await database.value("SELECT messages::text FROM templates"))


async def test_it_opens_the_form_inside_line(asking: Shop) -> None:
    answer = await asking.ask(BLOCK)
    assert "公開していません" not in answer.text
    kept = await stored()
    assert kept.count("https://liff.invalid/f/1") == 2
    assert "{#Q1}" in kept
    sent = hosting.placed(orjson.dumps(orjson.loads(kept)), "https://shop.example", LIFF)
    assert sent.count(f"{LIFF}/f/1".encode()) == 2


async def test_a_text_has_the_address_the_same_for_all(db: str) -> None:
    sight = Sight(await clock.now(), TOKYO)
    told = await personal.of(["#Q7"], [1, 2], sight.now, TOKYO)
    assert told(1, "田中")["#Q7"] == told(2, None)["#Q7"] == "https://liff.invalid/f/7"
    assert personal.same_for_all({"#Q7"}, (), "k" * 32)


async def test_it_is_printed_with_todays_name_and_counts_as_used(asking: Shop) -> None:
    await asking.ask(BLOCK)
    await database.repeated(lambda: named.rename("forms", 1, "アンケート2"))
    printed = (await asking.ask("テンプレ 書出 案内")).text
    assert "{フォーム:アンケート2}" in printed
    assert printed.count("→ フォーム:アンケート2") == 2
    assert "変更なし" in (await asking.ask(printed[printed.index("■") :])).text
    assert [(use.kind, use.name) for use in await database.repeated(lambda: forms.uses(1))] == [("template", "案内")]


async def test_it_warns_of_a_form_that_nobody_can_open_yet(asking: Shop) -> None:
    await database.run("UPDATE forms SET state = 'draft', live = NULL")
    assert "フォーム「来店アンケート」は公開していません" in (await asking.ask(BLOCK)).text


async def test_it_says_which_form_is_not_there(asking: Shop) -> None:
    told = (await asking.ask(BLOCK.replace("→ フォーム:来店アンケート", "→ フォーム:来店"))).text
    assert "フォーム「来店」が見つかりません" in told
    assert await database.value("SELECT count(*) FROM templates") == 0


async def test_it_needs_liff(asking: Shop) -> None:
    asking.cache = configuration.Cache(TOKYO)
    for block in (BLOCK, "■テンプレ 文\n▼本文\n{フォーム:来店アンケート}"):
        assert "LIFF_ID" in (await asking.ask(block)).text
    assert await database.value("SELECT count(*) FROM templates") == 0


async def test_a_quick_reply_opens_it_too(asking: Shop) -> None:
    broadcast = "■配信 秋\n対象: 全員\n▼本文\nどうぞ\n＋クイック 答える → フォーム:来店アンケート"
    assert "❌" not in (await asking.ask(broadcast)).text
    assert "https://liff.invalid/f/1" in str(await database.value("SELECT definition::text FROM broadcasts"))

"""フォーム:…: conditions on answers, read, mended where they ask what the form does not, and told again."""

from functools import partial

import orjson
import pytest

from jobs import configuration
from jobs.forms import submitting
from storage import database, named, uses
from tests.admin_commands.shop import Shop
from tests.jobs import engine, forms

CONTENT = forms.stored(
    forms.question("q1", "single", "紹介", "Instagram", label="きっかけ"),
    forms.question("q2", "rating", label="満足度"),
)
SCORED = forms.stored(
    forms.question("q1", "single", {"label": "はい", "points": 5}, {"label": "いいえ", "points": 0}, label="くせは？"),
    results=[
        {"key": "r1", "title": "くせ毛", "text": "", "least": 3, "actions": []},
        {"key": "r2", "title": "直毛", "text": "", "actions": []},
    ],
)


@pytest.fixture
async def answered(shop: Shop) -> int:
    number = await forms.add("来店アンケート", CONTENT)
    [one, _] = await engine.add_friends(2)
    cache = configuration.Cache(engine.TOKYO)
    sent = submitting.Sent(number, one, 1, 0, 1, {"q1": "o1", "q2": "5"})
    await database.repeated(lambda: submitting.submit(cache, sent))
    return number


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("フォーム:来店アンケート 回答済", "1人"),
        ("フォーム:来店アンケート 未回答", "1人"),
        ("フォーム:#Q1.きっかけ=紹介", "1人"),
        ("フォーム:来店アンケート.きっかけ=ｲﾝｽﾀ", "選択肢「ｲﾝｽﾀ」はこの質問にありません"),
        ("フォーム:来店アンケート.きっかけ=ｉｎｓｔａｇｒａｍ", "0人"),
        ("フォーム:来店アンケート.満足度>=4", "1人"),
        ("フォーム:来店アンケート.性別=女性", "質問「性別」はこのフォームにありません。質問: きっかけ・満足度"),
    ],
)
async def test_it_asks_forms_what_they_ask(shop: Shop, condition: str, told: str) -> None:
    found = await shop.ask(f"/友だち 検索 {condition}")
    assert told in found.text


async def test_it_keeps_a_condition_on_a_form_in_a_block(shop: Shop, answered: int) -> None:
    await shop.ask("/セグメント 作成 満足 フォーム:来店アンケート.満足度>=4")
    kept = await database.value("SELECT condition FROM segments WHERE name = '満足'")
    assert orjson.loads(kept) == {"form": answered, "question": "満足度", "is": ">=", "value": "4"}
    shown = await shop.ask("/セグメント 表示 満足")
    assert "フォーム「来店アンケート」の「満足度」が4以上 1人" in shown.text
    assert named.Use("segment", "満足") in await uses.of("forms", [answered])
    wrong = await shop.ask("■シナリオ お礼\n対象: フォーム:来店アンケート.性別=女性\n▼すぐ\nありがとうございます")
    assert "質問「性別」はこのフォームにありません" in wrong.text


async def test_it_asks_for_points_and_the_result(shop: Shop) -> None:
    """Also without a slash, where a question ends as questions do."""
    number = await forms.add("髪質診断", SCORED)
    [one, other, _] = await engine.add_friends(3)
    cache = configuration.Cache(engine.TOKYO)
    for friend, choice in ((one, "o1"), (other, "o2")):
        sent = submitting.Sent(number, friend, 1, 0, 1, {"q1": choice})
        await database.repeated(partial(submitting.submit, cache, sent))
    for condition, count in (
        ("フォーム:髪質診断.点数>=3", 1),
        ("フォーム:髪質診断.点数<=5", 2),
        ("フォーム:髪質診断.点数=0", 1),
        ("フォーム:髪質診断.結果=くせ毛", 1),
        ("フォーム:髪質診断.結果=直毛 でない", 2),
        ("フォーム:髪質診断.くせは？=はい", 1),
    ):
        assert f"{count}件" in (await shop.ask(f"友だち 検索 {condition}")).text, condition
    assert (
        "選択肢「巻き毛」はこの質問にありません" in (await shop.ask("友だち 検索 フォーム:髪質診断.結果=巻き毛")).text
    )
    assert await shop.say("フォーム:髪質診断って何？") is None

"""Pages of forms over HTTP: what they show, what they take, from whom, and what they say when they cannot."""

import io
import json
import pathlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PIL import Image

from jobs.forms import uploads
from liff import words
from storage import database
from tests import photos
from tests.jobs import forms
from tests.liff.conftest import Site, Visit
from tests.simulator import control

EVIL = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
LARGE = 512 * 1024 + 1
HEAVIEST = 60 * 1024  # bytes of a page with all it loads from us, without LINE's SDK (PERFORMANCE, `pages`)


async def befriended(channel: control.Channel, name: str) -> control.User:
    """Somebody who has added the account while it is served."""
    person = await channel.user(name)
    await person.follow()
    return person


@pytest.fixture
async def tanaka(site: Site, channel: control.Channel) -> control.User:
    return await befriended(channel, "田中 花子")


@pytest.fixture
async def suzuki(site: Site, channel: control.Channel) -> control.User:
    return await befriended(channel, "鈴木 一郎")


def choices(key: str, *labels: str, **rest: Any) -> dict[str, Any]:
    return forms.question(key, "single", *labels, **rest)


async def kept() -> list[tuple[str, str | None, str]]:
    found = await database.rows("SELECT question, option, text FROM form_answers ORDER BY id")
    return [(row["question"], row["option"], row["text"]) for row in found]


def said(answer: Mapping[str, Any]) -> str:
    """The text of HTML that stands in an answer."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer["html"]))


def sent(visit: Visit, values: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    about = visit.island("form-data")
    return {name: about[name] for name in ("attempt", "revision", "version")} | {"values": dict(values)} | rest


async def test_it_escapes_whatever_staff_and_customers_wrote(site: Site, tanaka: control.User) -> None:
    number = await forms.add(
        "わな",
        forms.stored(
            forms.question("q1", "text", label=EVIL, help=EVIL, example=EVIL, default=EVIL, required=True),
            forms.question("q2", "multiple", {"label": EVIL}, {"label": "その他", "other": True}),
            forms.question("q3", "note", label=EVIL, help=f"{EVIL} https://example.com/?a=1&b=<i>"),
            forms.question("q4", "text", when={"q": "q1", "text": EVIL}),
            title=EVIL,
            description=EVIL,
            turns="edit",
            thanks={"text": EVIL, "link": {"label": EVIL, "address": "https://example.com/"}},
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    assert visit.status == 200
    assert visit.island("form-data")["pages"][0]["questions"][3]["when"]["text"] == EVIL
    first = visit.text
    values = {"q1": EVIL, "q2": ["o2"], "q2.other": EVIL}
    _, thanks = await visit.post(f"/f/{number}/answers", sent(visit, values))
    for page in (first, thanks["html"], (await visit.get()).text):
        assert "<img src=x" not in page
        assert "{{ 7 * 7 }}" in page
    assert '<a href="https://example.com/?a=1&amp;b=" target="_blank"' in first


async def test_it_takes_an_answer_once_however_often_it_comes(site: Site, tanaka: control.User) -> None:
    number = await forms.add(
        "来店",
        forms.stored(
            forms.question("q1", "text", required=True),
            choices("q2", "はい", "いいえ"),
            thanks={"text": "またどうぞ", "close": True},
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    body = sent(visit, {"q1": "花子", "q2": "o1"})
    answers = [await visit.post(f"/f/{number}/answers", body) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 200]
    assert all("またどうぞ" in said(one) and "data-close" in one["html"] for _, one in answers)
    assert await kept() == [("q1", None, "花子"), ("q2", "o1", "はい")]
    assert "すでにお答えいただいています" in (await visit.get(f"/f/{number}")).text


async def test_it_says_what_is_wrong_beside_each_question_in_the_visitors_language(
    site: Site, tanaka: control.User
) -> None:
    number = await forms.add(
        "確認",
        forms.stored(
            forms.question("q1", "mail", required=True),
            forms.question("q2", "number", least=1, most=6),
            forms.question("q3", "date", least="2026-12-01"),
            choices("q4", "A", required=True),
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    values = {"q1": "hanako＠", "q2": "９", "q3": "2026-11-30"}
    status, japanese = await visit.post(f"/f/{number}/check", sent(visit, values, page="p1"))
    assert status == 422
    assert japanese["faults"] == {
        "q1": "メールアドレスをご確認ください。例：hanako@example.com",
        "q2": "6以下の数字をご入力ください。",
        "q3": "2026年12月1日(火)以降をお選びください。",
        "q4": "お選びください。",
    }
    english = await site.visit(tanaka, f"/f/{number}", language="en-US,en;q=0.9")
    assert '<html lang="en"' in english.text
    assert "Send" in english.island("form-data")["words"].values()
    _, told = await english.post(f"/f/{number}/answers", sent(english, values))
    assert told["faults"]["q2"] == "Please enter 6 or less."
    assert told["faults"]["q3"] == "Please choose Tue, Dec 1, 2026 or later."
    assert await kept() == []
    good = {"q1": "hanako@example.com", "q2": "６", "q3": "2026-12-01", "q4": "o1"}
    assert await visit.post(f"/f/{number}/check", sent(visit, good, page="p1")) == (200, {})
    assert await kept() == []


@pytest.mark.parametrize(
    ("rules", "status", "words"),
    [
        ({"since": "2100-01-02T09:00:00+09:00"}, 200, "2100年1月2日(土) 9:00から受け付けます"),
        ({"until": "2000-01-01T00:00:00+09:00"}, 200, "たくさんのご回答ありがとうございました"),
        ({"until": "2000-01-01T00:00:00+09:00", "closed": "次は春に"}, 200, "次は春に"),
        ({"places": 0}, 200, "定員に達したため"),
        ({"target": {"all": [{"tag": 1}, {"not": {"tag": 1}}]}, "outside": "会員の方へ"}, 200, "会員の方へ"),
    ],
)
async def test_it_says_kindly_why_a_form_cannot_be_answered_now(
    site: Site, tanaka: control.User, rules: dict[str, Any], status: int, words: str
) -> None:
    number = await forms.add("受付", forms.stored(forms.question("q1", "text"), **rules))
    visit = await site.visit(tanaka, f"/f/{number}")
    assert (visit.status, words in visit.text) == (status, True)


async def test_it_tells_who_was_too_slow_for_the_last_place_and_keeps_nothing(
    site: Site, tanaka: control.User, suzuki: control.User
) -> None:
    number = await forms.add(
        "先着",
        forms.stored(
            forms.question("q1", "single", {"label": "午前", "places": 1}, {"label": "午後", "places": 1}), places=2
        ),
    )
    one, other = [await site.visit(person, f"/f/{number}") for person in (tanaka, suzuki)]
    assert (await one.post(f"/f/{number}/answers", sent(one, {"q1": "o1"})))[0] == 200
    _, late = await other.post(f"/f/{number}/answers", sent(other, {"q1": "o1"}))
    assert late["faults"]["q1"].startswith("申し訳ありません。「午前」は満員になりました。")
    assert re.search(r'value="o1" disabled.*?満員', (await other.get()).text, re.DOTALL)
    await forms.publish(number, forms.stored(choices("q1", "午前", "午後"), places=1))
    status, full = await other.post(f"/f/{number}/answers", sent(other, {"q1": "o2"}))
    assert status == 409
    assert "定員に達したため" in said(full)
    assert len(await kept()) == 1


async def test_it_takes_nothing_without_the_sessions_token_from_elsewhere_or_that_is_no_answer(
    site: Site, tanaka: control.User
) -> None:
    number = await forms.add("守り", forms.stored(forms.question("q1", "text")))
    visit = await site.visit(tanaka, f"/f/{number}")
    body, address = sent(visit, {"q1": "花子"}), f"/f/{number}/answers"
    assert (await visit.post(address, body, origin="https://evil.example"))[0] == 403
    assert (await visit.post(address, body, token=None))[0] == 401
    visit = await site.visit(tanaka, f"/f/{number}")
    assert (await visit.post(address, body, token="x" * 43))[0] == 401
    visit = await site.visit(tanaka, f"/f/{number}")
    broken: Sequence[dict[str, Any]] = (
        {},
        body | {"values": []},
        body | {"attempt": "1"},
        body | {"attempt": -1},
        body | {"version": 2**63},
    )
    assert [(await visit.post(address, one))[0] for one in broken] == [400] * len(broken)
    assert (await visit.post("/f/999999/answers", body))[0] == 409
    assert await kept() == []


async def test_it_gives_uploads_and_answers_to_nobody_but_their_friend(
    site: Site, tanaka: control.User, suzuki: control.User
) -> None:
    number = await forms.add(
        "写真", forms.stored(forms.question("q1", "image", required=True), forms.question("q2", "text"), turns="edit")
    )
    mine, other = [await site.visit(person, f"/f/{number}") for person in (tanaka, suzuki)]
    _, taken = await mine.post(f"/f/{number}/uploads?q=q1", photos.photo(3000, 2000))
    token = taken["token"]
    _, stolen = await other.post(f"/f/{number}/answers", sent(other, {"q1": token}))
    assert stolen["faults"] == {"q1": words.WORDS["ja"]["fault_upload"]}
    assert (await mine.post(f"/f/{number}/answers", sent(mine, {"q1": token, "q2": "ひみつ"})))[0] == 200
    await mine.get()
    assert [one in mine.text for one in (token, "ひみつ")] == [True, True]
    await other.get()
    assert [one in other.text for one in (token, "ひみつ")] == [False, False]
    content = await database.value("SELECT content FROM form_uploads")
    with Image.open(io.BytesIO(content)) as picture:
        assert (max(picture.size), dict(picture.getexif())) == (uploads.SIDE, {})


async def test_it_shows_what_was_answered_to_be_changed_and_no_edit_over_a_newer_one(
    site: Site, tanaka: control.User
) -> None:
    asked = [
        forms.question("q1", "text"),
        forms.question("q2", "multiple", "A", "B", {"label": "その他", "other": True}),
        forms.question("q3", "address"),
        forms.question("q4", "prefecture"),
    ]
    number = await forms.add("変更", forms.stored(*asked, turns="edit", color="#FFF3B0"))
    visit = await site.visit(tanaka, f"/f/{number}")
    address = {"q3.postcode": "5010521", "q3.prefecture": "岐阜県", "q3.city": "揖斐郡大野町", "q3.rest": "1-2"}
    values = {"q1": "はじめ", "q2": ["o2", "o3"], "q2.other": "なにか", "q4": "岐阜県"} | address
    assert (await visit.post(f"/f/{number}/answers", sent(visit, values)))[0] == 200
    await visit.get()
    about = visit.island("form-data")
    assert (about["edits"], about["revision"]) == (True, 1)
    for told in (
        "前回の回答です。",
        'value="はじめ"',
        'value="o2" checked',
        'value="なにか"',
        'value="揖斐郡大野町"',
        "<option selected>岐阜県</option>",
        "--fill: #fff3b0",
    ):
        assert told in visit.text
    assert 'value="o1" checked' not in visit.text
    status, edited = await visit.post(f"/f/{number}/answers", sent(visit, values | {"q1": "つぎ"}))
    assert (status, "ご回答を書き直しました" in said(edited)) == (200, True)
    status, late = await visit.post(f"/f/{number}/answers", sent(visit, values | {"q1": "おそい"}))
    assert (status, "別の画面で回答が書き直されました" in said(late), "data-reloads" in late["html"]) == (
        409,
        True,
        True,
    )
    assert ("q1", None, "つぎ") in await kept()


async def test_it_takes_no_upload_that_is_too_large_no_picture_or_for_another_question(
    site: Site, tanaka: control.User
) -> None:
    number = await forms.add(
        "写真",
        forms.stored(
            forms.question("q1", "image", most=0.5), forms.question("q2", "text"), forms.question("q3", "file")
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    tried = [
        await visit.post(f"/f/{number}/uploads?q={key}", data)
        for key, data in (
            ("q1", b"x" * LARGE),
            ("q1", b"<svg/>"),
            ("q2", photos.photo()),
            ("q9", photos.photo()),
        )
    ]
    assert [status for status, _ in tried] == [413, 422, 409, 409]
    assert tried[1][1]["words"].startswith("この写真は開けませんでした。")
    assert await database.value("SELECT count(*) FROM form_uploads") == 0


async def test_it_fills_in_the_address_of_a_postcode(site: Site, tanaka: control.User) -> None:
    number = await forms.add("住所", forms.stored(forms.question("q1", "address")))
    visit = await site.visit(tanaka, f"/f/{number}")
    found = await visit.get("/liff/postcode/5010521")
    assert json.loads(found.text) == {"prefecture": "岐阜県", "city": "揖斐郡大野町", "town": "黒野"}
    open_town = await visit.get("/liff/postcode/1000000")
    assert json.loads(open_town.text) == {"prefecture": "東京都", "city": "千代田区", "town": ""}
    assert [(await visit.get(f"/liff/postcode/{one}")).status for one in ("9999999", "123")] == [404, 404]


async def test_it_notes_what_the_address_of_the_page_brought_along(site: Site, tanaka: control.User) -> None:
    number = await forms.add(
        "経路",
        forms.stored(
            forms.question("q1", "hidden", value="?from"),
            forms.question("q2", "text"),
            forms.question("q3", "text", label="出さない質問", hidden=True),
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}?from=%3Cb%3Eちらし")
    assert 'value="&lt;b&gt;ちらし"' in visit.text
    assert "出さない質問" not in visit.text
    await visit.post(f"/f/{number}/answers", sent(visit, {"q1": "<b>ちらし", "q2": "あ", "q3": "い"}))
    assert await kept() == [("q1", None, "<b>ちらし"), ("q2", None, "あ")]


async def test_it_shows_the_result_of_a_quiz_with_what_would_have_been_right(site: Site, tanaka: control.User) -> None:
    number = await forms.add(
        "クイズ",
        forms.stored(
            forms.question(
                "q1",
                "single",
                {"label": "北", "right": True, "points": 5},
                {"label": "南"},
                label="磁石は？",
                explanation="地磁気です",
            ),
            quiz=True,
            results=[
                {"key": "r1", "title": "はかせ", "least": 5, "text": "すごい"},
                {"key": "r2", "title": "みならい", "text": "もう一度", "most": 4},
            ],
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    _, answer = await visit.post(f"/f/{number}/answers", sent(visit, {"q1": "o2"}))
    thanks = said(answer)
    for told in (
        "あなたの得点 0点",
        "みならい",
        "もう一度",
        "磁石は？",
        "不正解",
        "あなたの答え：南",
        "正解：北",
        "地磁気です",
    ):
        assert told in thanks
    assert "はかせ" not in thanks


async def test_it_stays_light_with_every_kind_of_question(site: Site, tanaka: control.User) -> None:
    kinds = "text long number date datetime time phone mail postcode address prefecture kana rating scale image file"
    asked = [forms.question(f"q{place}", kind, help="短い説明です。") for place, kind in enumerate(kinds.split())]
    asked += [forms.question(f"c{place}", "multiple", *"あいうえおかきく") for place in range(4)]
    number = await forms.add("全部", forms.stored(*asked))
    visit = await site.visit(tanaka, f"/f/{number}")
    own = re.findall(r"/liff/static/[a-z_]+\.[0-9a-f]+\.(?:css|js)", visit.text)
    assert {one.split("/")[-1].split(".")[0] for one in own} == {"page", "visit", "form"}
    page = len(visit.text.encode())
    files = [len((await visit.get(address)).text.encode()) for address in set(own)]
    assert page + sum(files) <= HEAVIEST


def test_it_has_all_its_words_in_both_languages() -> None:
    assert words.WORDS["ja"].keys() == words.WORDS["en"].keys()
    for key, japanese in words.WORDS["ja"].items():
        assert sorted(re.findall(r"{\w+}", japanese)) == sorted(re.findall(r"{\w+}", words.WORDS["en"][key])), key


def test_it_has_words_for_every_fault_that_checking_knows() -> None:
    folder = pathlib.Path(uploads.__file__).parent
    sources = "".join(one.read_text() for one in folder.rglob("*.py"))
    codes = set(re.findall(r'(?:Wrong|Fault)\(\s*"(\w+)"', sources))
    assert len(codes) > 20
    assert sorted(code for code in codes - {"required"} if f"fault_{code}" not in words.WORDS["ja"]) == []

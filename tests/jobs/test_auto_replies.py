"""Auto-replies: which rule answers what is said, when and to whom, in memory and within a budget of statements."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import configuration, facts
from jobs.keywords import folding, matching, patterns, rules
from storage import clock, database, erasure, unmatched
from storage.errors import Refused
from tests.jobs import engine

NOON = datetime(2026, 11, 24, 12, tzinfo=engine.TOKYO)  # a Tuesday


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


def rule(number: int, *words: str, **rest: Any) -> rules.Rule:
    stored = {"words": [word.split("+") for word in words], "kinds": ["text"], **rest}
    return rules.read(number, {"rule": stored, "actions": []})


def fitting(known: list[rules.Rule], text: str, kind: str = "text", sticker: str = "") -> list[int]:
    return [one.id for one in matching.Rules(known).fitting(facts.Said(kind, text, sticker))[0]]


# ---- words ----


@pytest.mark.parametrize(
    "text",
    [
        "ラーメン",
        "らーめん",
        "ﾗｰﾒﾝ",
        "らーめん！",
        "ら〜めん",
        "ラ－メン",
        "ラーーメン😊",
        "ラー\u200bメン",
        " ラーメン\n",
        "「ラーメン」",
    ],
)
def test_it_takes_width_kana_marks_and_drawn_out_sounds_for_the_same_word(text: str) -> None:
    assert fitting([rule(1, "らーめん", match="exact")], text) == [1]
    assert fitting([rule(1, "ラーメン")], f"今日の{text}は？") == [1]


def test_it_tells_what_is_written_otherwise_apart() -> None:
    assert fitting([rule(1, "何時まで")], "何時迄やってますか") == []
    assert fitting([rule(1, "ビル")], "ビール") == []
    assert fitting([rule(1, "営業時間", match="exact")], "営業時間は") == []


def test_it_compares_the_whole_the_beginning_or_any_place() -> None:
    known = [rule(1, "予約", match="exact"), rule(2, "予約", match="prefix"), rule(3, "予約")]
    assert fitting(known, "予約！") == [1, 2, 3]
    assert fitting(known, "予約したい") == [2, 3]
    assert fitting(known, "次の予約") == [3]


def test_it_wants_all_parts_of_a_word_joined_by_plus_in_any_order() -> None:
    known = [rule(1, "予約+変更", "日程")]
    assert fitting(known, "変更したい、明日の予約") == [1]
    assert fitting(known, "予約したい") == []
    assert fitting(known, "日程は") == [1]


def test_it_looks_across_the_spaces_between_japanese_letters() -> None:
    assert fitting([rule(1, "営業時間")], "営業 時間") == [1]
    assert fitting([rule(1, "line pay")], "LINE Pay使えますか") == [1]


def test_it_orders_rules_by_priority_then_age_and_keeps_the_fallback_last() -> None:
    known = [rule(1, "予約"), rule(2, "予約", priority=10), rule(3, fallback=True, priority=99), rule(4, priority=-1)]
    assert fitting(known, "予約") == [2, 1, 4, 3]


def test_it_knows_stickers_by_number_and_text_and_files_by_name() -> None:
    known = [rule(1, "446/1988", kinds=["sticker"], match="exact"), rule(2, "ありがとう", kinds=["sticker"])]
    known += [rule(3, kinds=["image"]), rule(4, "見積", kinds=["file"]), rule(5, kinds=None)]
    assert fitting(known, "", "sticker", "446/1988") == [1, 5]
    assert fitting(known, "ありがとう！", "sticker", "1/2") == [2, 5]
    assert fitting(known, "", "image") == [3, 5]
    assert fitting(known, "お見積.pdf", "file") == [4, 5]
    assert fitting(known, "", "hologram") == [5]
    assert fitting(known, "ありがとう") == [5]


def test_it_says_whether_any_rule_knows_the_words() -> None:
    known = matching.Rules([rule(1, "予約"), rule(2), rule(3, fallback=True)])
    assert [known.fitting(facts.Said("text", text))[1] for text in ("予約", "こんにちは")] == [True, False]


@settings(max_examples=100)
@given(
    st.lists(st.text("あいうー何時A", min_size=1, max_size=4), min_size=1, max_size=6),
    st.text("あいうー何時a ", max_size=12),
)
def test_it_finds_just_the_words_that_a_text_holds(words: list[str], text: str) -> None:
    folded = folding.fold(text)
    expected = [n for n, word in enumerate(words) if folding.fold(word) in folded]
    assert fitting([rule(n, word) for n, word in enumerate(words)], text) == expected


# ---- regular expressions ----


def test_it_searches_folded_texts_with_folded_expressions() -> None:
    known = [rule(1, pattern="(営業|定休).*[0-9]+ジ", match="regex"), rule(2, pattern=r"^\D{3,}$", match="regex")]
    assert fitting(known, "営業は１０じ？") == [1]
    assert fitting(known, "ABC") == [2]
    assert fitting([rule(1, pattern="（仮）", match="regex")], "(仮)です") == [1]


@pytest.mark.parametrize(
    "pattern", ["(", "(?=予約)", r"(.)\1", "a{9999}", "((a{100}){100}){100}", ".*", "予約?|", "あ" * 201]
)
def test_it_refuses_expressions_that_cannot_be_read_or_mean_everything(pattern: str) -> None:
    with pytest.raises(Refused):
        patterns.compiled(pattern)


def test_it_is_not_held_up_by_an_expression_that_would_never_end_elsewhere() -> None:
    search = patterns.compiled("(a+)+(b+)+$")
    assert not search("a" * 5_000 + "c")


# ---- answering ----


async def said(cache: configuration.Cache, friend: int, text: str = "", **rest: Any) -> list[Any]:
    """What went out because of it."""
    before = len(await engine.outgoing())
    what = rest.pop("what", None) or facts.Said("text", text)
    await engine.let_happen(cache, [(friend, what)], with_tokens=True, **rest)
    return [row["texts"] for row in (await engine.outgoing())[before:]]


@pytest.mark.usefixtures("db")
class TestAnswering:
    async def test_it_answers_inside_the_one_reply_with_everything_else(self, cache: configuration.Cache) -> None:
        [friend] = await engine.add_friends(1)
        tag = await engine.add_tag("質問")
        now = {"kind": "immediate"}
        await engine.add_scenario("案内", [engine.step("a", now, "ご案内")], start=[{"on": "tag", "tag": tag}])
        actions = [engine.say("10時からです"), {"do": "tag_on", "tags": [tag]}]
        await engine.add_auto_reply("営業時間", "何時から", actions=actions)
        await engine.let_happen(cache, [(friend, facts.Said("text", "何時からですか？"))], with_tokens=True)
        [reply] = await engine.outgoing()
        assert (reply["kind"], reply["cost"], reply["texts"]) == ("reply", 0, ["10時からです", "ご案内"])

    async def test_it_lets_one_rule_answer_unless_it_says_to_go_on(self, cache: configuration.Cache) -> None:
        [friend] = await engine.add_friends(1)
        await engine.add_auto_reply("下", "予約", actions=[engine.say("下")])
        await engine.add_auto_reply("上", "予約", actions=[engine.say("上")], priority=5)
        assert await said(cache, friend, "予約") == [["上"]]
        await engine.add_auto_reply("一番上", "予約", actions=[engine.say("一番上")], priority=9, goes_on=True)
        assert await said(cache, friend, "予約") == [["一番上", "上"]]

    async def test_it_falls_back_only_when_nothing_answers(self, cache: configuration.Cache) -> None:
        [friend] = await engine.add_friends(1)
        await engine.add_auto_reply("予約", "予約", actions=[engine.say("予約ですね")], once=True)
        await engine.add_auto_reply("その他", actions=[engine.say("担当がご返事します")], fallback=True)
        assert await said(cache, friend, "こんにちは") == [["担当がご返事します"]]
        assert await said(cache, friend, "予約") == [["予約ですね"]]
        assert await said(cache, friend, "予約") == []  # it has had its turn: that is no question nobody knows

    async def test_it_answers_a_friend_again_only_after_the_rest(self, cache: configuration.Cache) -> None:
        first, other = await engine.add_friends(2)
        await engine.add_auto_reply("受付", actions=[engine.say("受け付けました")], rest=180)
        start = await clock.now()
        assert await said(cache, first, "あ", at=start) == [["受け付けました"]]
        assert await said(cache, first, "い", at=start + timedelta(minutes=179)) == []
        assert await said(cache, other, "あ", at=start + timedelta(minutes=179)) == [["受け付けました"]]
        assert await said(cache, first, "う", at=start + timedelta(minutes=180)) == [["受け付けました"]]

    async def test_it_keeps_hours_weekdays_and_dates(self, cache: configuration.Cache) -> None:
        [friend] = await engine.add_friends(1)
        await engine.add_auto_reply("夜", actions=[engine.say("夜")], hours=[["22:00", "06:00"]])
        await engine.add_auto_reply("火曜", "曜日", actions=[engine.say("火曜")], weekdays=[1], priority=1)
        await engine.add_auto_reply("冬", "冬", actions=[engine.say("冬")], since="2026-12-01", until="2026-12-31")
        moments = {
            ("曜日は", NOON): [["火曜"]],
            ("曜日は", NOON + timedelta(days=1)): [],
            ("あ", NOON + timedelta(hours=10)): [["夜"]],
            ("あ", NOON + timedelta(hours=17, minutes=59)): [["夜"]],
            ("あ", NOON + timedelta(hours=18)): [],
            ("冬", NOON): [],
            ("冬", datetime(2026, 12, 1, 0, 0, tzinfo=engine.TOKYO) + timedelta(hours=7)): [["冬"]],
            ("冬", datetime(2026, 12, 31, 21, 59, tzinfo=engine.TOKYO)): [["冬"]],
            ("冬", datetime(2027, 1, 1, 12, 0, tzinfo=engine.TOKYO)): [],
        }
        assert {key: await said(cache, friend, key[0], at=key[1]) for key in moments} == moments

    async def test_it_judges_the_target_for_the_whole_set_at_once(self, cache: configuration.Cache) -> None:
        people = await engine.add_friends(20)
        tag = await engine.add_tag("会員")
        await database.run(
            "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT id, $1, now() FROM friends WHERE id % 2 = 0", tag
        )
        await engine.add_auto_reply("会員", "料金", actions=[engine.say("会員料金")], target={"tag": tag}, priority=1)
        await engine.add_auto_reply("料金", "料金", actions=[engine.say("料金")])
        await engine.let_happen(cache, [(friend, facts.Said("text", "料金は")) for friend in people], with_tokens=True)
        found = {row["chat"]: row["texts"] for row in await engine.outgoing()}
        assert sorted(found.values()) == [["会員料金"]] * 10 + [["料金"]] * 10

    async def test_it_counts_short_phrases_that_no_rule_knows_until_a_friend_is_erased(
        self, cache: configuration.Cache
    ) -> None:
        first, other = await engine.add_friends(2)
        await engine.add_auto_reply("営業時間", "営業時間", actions=[engine.say("10時から")])
        await engine.add_auto_reply("その他", actions=[engine.say("お待ちください")], fallback=True)
        for text in (
            "駐車場は？",
            "ちゅうしゃじょう",
            "駐車場は",
            "営業時間は",
            "電話は 090-1234-5678",
            "a@b.example",
            "あ" * 41,
            f"あ{' ' * 1000}090-1234-5678",
            "？",
        ):
            await said(cache, first, text)
        await said(cache, other, "駐車場は？？")
        found, total = await unmatched.page(10, 0)
        assert [(one.text, one.friends, one.times) for one in found] == [
            ("駐車場は？？", 2, 3),
            ("ちゅうしゃじょう", 1, 1),
        ]
        assert total == 2
        for number in range(30):
            await said(cache, other, f"なぞ{chr(0x3042 + 2 * number)}")
        assert (
            await database.value("SELECT count(*) FROM unmatched_texts WHERE friend_id = $1", other) == unmatched.OF_ONE
        )
        await erasure.erase(other, f"U{2:032x}", [])
        assert (await unmatched.page(10, 0))[0][0].friends == 1
        await clock.move(await clock.now() + unmatched.KEPT + timedelta(minutes=1))
        assert await unmatched.purge(await clock.now(), 100) == 2

    async def test_it_puts_only_a_rule_aside_that_cannot_be_read(self, cache: configuration.Cache) -> None:
        [friend] = await engine.add_friends(1)
        broken = await engine.add_auto_reply(
            "壊れた", "予約", actions=[engine.say("壊")], hours=[["朝", "夜"]], priority=1
        )
        await engine.add_auto_reply("予約", "予約", actions=[engine.say("予約ですね")])
        assert await said(cache, friend, "予約") == [["予約ですね"]]
        moment = await clock.read()
        assert (await cache.at(moment)).unreadable == {("auto_reply", broken)}

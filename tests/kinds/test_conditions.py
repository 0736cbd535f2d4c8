"""Every kind of condition: its declaration is whole, and a story shows whom it finds, said by staff in their group."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from admin_commands import segments
from admin_commands.grammar import segments as grammar
from admin_commands.grammar import words
from admin_commands.grammar.segments import kinds, places, printing, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.kinds import noted
from bot import wiring
from jobs.forms import submitting
from storage import clock, database, fields
from storage.segments import checked
from storage.segments.kinds import GROUPS
from storage.segments.kinds import KINDS as JUDGED
from tests.kinds import stage
from tests.kinds.stage import Stage
from tests.simulator import control

TODAY = date(2026, 11, 23)
TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime.combine(TODAY, time(12), TOKYO)
TYPED = ("全員", "名前")  # of which nothing is offered
FIELDS = [
    fields.Kept(1, "髪質", kind, ("直毛", "くせ毛") if kind == "choice" else (), False, yearly, "", (), 1)
    for kind in get_args(fields.Kind)
    for yearly in ((False, True) if kind == "date" else (False,))
]
NAMES = ("田中", "山本", "鈴木", "高橋")


# ---- the declarations ----


def read(text: str) -> tree.Tree:
    segment, faults = grammar.read(words.line_of(text))
    assert segment.tree is not None, faults
    return segment.tree


def usable() -> list[Kind]:
    return [kind for kind in kinds.KINDS if not kind.later]


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.word)
def test_it_reads_and_prints_the_example_of_each_kind(kind: Kind) -> None:
    said = read(kind.example)
    assert isinstance(said, kind.types)
    assert read(printing.show(said)) == said
    assert grammar.begins(words.line_of(kind.example), loosely=True)
    assert kind.does


@pytest.mark.parametrize("kind", usable(), ids=lambda kind: kind.word)
def test_it_keeps_and_judges_the_example_of_each_kind(kind: Kind) -> None:
    said = read(kind.example)
    kept = checked(segments.stored(said, lambda _, __: 7, TODAY))
    assert set(kept) & set(kind.kept)
    _, back = kinds.BACK[next(key for key in kept if key in kinds.BACK)]
    assert segments.stored(back(kept, lambda number: words.Id(kind.letter, number)), lambda _, __: 7, TODAY) == kept
    assert isinstance(said, tree.Condition)
    named = tree.objects(said)
    assert bool(named) == (kind.names is not None)
    told, denied = said.told(lambda given: f"「{words.show(given)}」"), said.denied(lambda _: "「X」")
    assert told
    assert denied != told
    assert all(f"「{words.show(one)}」" in told for one in named)


@pytest.mark.parametrize("kind", usable(), ids=lambda kind: kind.word)
def test_it_offers_of_each_kind_what_can_be_read_and_judged(kind: Kind) -> None:
    offered = list(kind.ready)
    if kind.offers is not None and kind.names == "fields":
        offered = [one for field in FIELDS for one in kind.offers(words.Name(field.name), field)]
    elif kind.offers is not None:
        offered = list(kind.offers(words.Name("春"), None))
    assert bool(offered) == (kind.word not in TYPED)
    for one in offered:
        assert read(printing.show(one)) == one
        assert checked(segments.stored(one, lambda _, __: 7, TODAY))
        assert one.doubt() is None
        assert not isinstance(one, noted.Field) or not one.wrong(NOON, TOKYO)


def test_it_judges_in_storage_just_the_kinds_that_are_declared() -> None:
    drawn = {"drawn"}  # the lots of a broadcast, which its own block writes
    assert set(JUDGED) - set(GROUPS) - drawn == set(kinds.BACK)
    assert [kind.word for kind in kinds.KINDS if not kind.later and not kind.kept] == []


def test_it_has_one_kind_for_each_key_and_each_type() -> None:
    keys = [kind.key for kind in kinds.KINDS if kind.key]
    assert len(keys) == len(set(keys))
    assert all((kind.behind_key is not None) == bool(kind.key) for kind in kinds.KINDS)
    types = [one for kind in kinds.KINDS for one in kind.types]
    assert len(types) == len(set(types))
    assert not set(places.OPTIONS_BEHIND) & {kind.word for kind in kinds.KINDS}


# ---- the stories ----


@dataclass(slots=True)
class Cast(Stage):
    """The shop, and its customers by name."""

    house: wiring.House
    people: dict[str, control.User]

    async def asks(self, text: str) -> str:
        """With a slash: all that is said here is meant for the bot."""
        return await Stage.asks(self, f"/{text}")

    async def settle(self) -> None:
        """All that customers have done is worked off."""
        await self.house.lanes.settle()
        await self.house.sender.settle()

    async def found(self, condition: str) -> set[str]:
        """Who is named in the answer to 友だち 検索, or nobody."""
        told = await self.asks(f"友だち 検索 {condition}")
        assert "まだ使えません" not in told, told
        return {name for name in NAMES if f"{name} #F" in told}


Story = Callable[[Cast], Awaitable[None]]


async def _tag(cast: Cast) -> None:
    await cast.asks("タグ 作成 VIP, 常連")
    await cast.asks("タグ 付ける VIP 田中, 山本")
    await cast.asks("タグ 付ける 常連 山本, 鈴木")
    assert await cast.found("タグ:VIP,常連") == {"田中", "山本", "鈴木"}
    assert await cast.found("タグ:VIP+常連") == {"山本"}
    assert await cast.found("タグ:VIP,常連 でない") == {"高橋"}


async def _scenario(cast: Cast) -> None:
    await cast.asks("設定 静音 なし")  # the story may be told at night
    await cast.asks("■シナリオ 冬\n開始: 友だち追加\n▼すぐ\nこんにちは\n▼1日後\nまた")
    assert "公開しました" in await cast.presses("公開する")
    assert "入れました" in await cast.asks("シナリオ 付ける 冬 田中")
    await cast.people["田中"].sees("こんにちは")
    await cast.settle()
    assert await cast.found("シナリオ:冬 配信中") == {"田中"}
    assert await cast.found("シナリオ:冬 1通目以降") == {"田中"}
    assert await cast.found("シナリオ:冬 1通目 受信") == {"田中"}
    assert await cast.found("シナリオ:冬 2通目 受信") == set()
    assert await cast.found("シナリオ:冬 完了") == set()
    assert await cast.found("シナリオ:冬 未経験") == {"山本", "鈴木", "高橋"}
    await cast.asks("シナリオ 外す 冬 田中")
    assert await cast.found("シナリオ:冬 停止") == {"田中"}


async def _saved(cast: Cast) -> None:
    await cast.asks("セグメント 作成 上得意 対象: タグ:VIP または タグ:常連")
    assert await cast.found("@上得意") == {"田中", "山本", "鈴木"}
    assert await cast.found("@上得意 でない かつ 全員") == {"高橋"}
    await cast.asks("セグメント 変更 上得意 タグ:常連")
    assert await cast.found("@上得意 かつ 名前 含む 山") == {"山本"}


async def _everyone(cast: Cast) -> None:
    assert await cast.found("全員") == set(NAMES)


async def _blocked(cast: Cast) -> None:
    await cast.people["高橋"].block()
    await cast.settle()
    assert await cast.found("ブロック") == {"高橋"}
    assert await cast.found("ブロック でない") == {"田中", "山本", "鈴木"}
    await cast.people["高橋"].unblock()
    await cast.settle()
    assert await cast.found("ブロック") == set()


async def _hidden(cast: Cast) -> None:
    await cast.asks("友だち 非表示 鈴木")
    assert await cast.found("非表示") == {"鈴木"}
    assert "鈴木" not in await cast.found("全員")
    await cast.asks("友だち 非表示 鈴木 解除")


async def _opted_out(cast: Cast) -> None:
    """Asked first, then out, and in again; all in the customer's own words."""
    customer = cast.people["山本"]
    await customer.says("配信停止")
    await cast.settle()
    assert await cast.found("配信停止") == set()
    await customer.says("配信を停止する")
    await cast.settle()
    assert await cast.found("配信停止") == {"山本"}
    assert "山本" in await cast.found("全員")  # only broadcasts leave them out
    await customer.says("配信再開")
    await cast.settle()
    assert await cast.found("配信停止") == set()


async def _dates(cast: Cast) -> None:
    await cast.people["山本"].says("予約できますか")
    await cast.settle()
    assert await cast.found("最終反応 1時間以内") == {"山本"}
    assert await cast.found("最終反応 1時間以上前") == set()
    assert await cast.found("最終配信 1時間以内") == {"田中"}
    await cast.channel.advance(hours=2)
    assert await cast.found("最終反応 1時間以上前") == set(NAMES)
    assert await cast.found("最終配信 1時間以内") == set()
    assert await cast.found("最終配信 1日以上前") == set()
    assert await cast.found("友だち追加 1日以内") == set(NAMES)


async def _sample(cast: Cast) -> None:
    drawn = await cast.found("ランダム 50%")
    assert await cast.found("ランダム 50%") == drawn
    assert await cast.found("ランダム 50% でない") == set(NAMES) - drawn


async def _split(cast: Cast) -> None:
    parts = [await cast.found(f"分割 {part}/3") for part in (1, 2, 3)]
    assert set.union(*parts) == set(NAMES)
    assert sum(map(len, parts)) == len(NAMES)


async def _link(cast: Cast) -> None:
    await cast.asks("リンク 作成 春クーポン https://example.com/spring")
    numbers = dict(zip(NAMES, await _numbers(NAMES), strict=True))
    for name, spans in {"田中": (1, 2, 3), "山本": (4,)}.items():
        for span in spans:
            await database.run(
                "INSERT INTO link_clicks (link_id, friend_id, at, span, state)"
                f" SELECT id, $1, {clock.NOW}, $2, 'done' FROM links",
                numbers[name],
                span,
            )
    assert await cast.found("リンク:春クーポン クリック") == {"田中", "山本"}
    assert await cast.found("リンク:春クーポン クリック 3回以上 7日以内") == {"田中"}
    assert await cast.found("リンク:春クーポン 未クリック") == {"鈴木", "高橋"}
    assert await cast.found("リンク:春クーポン クリック でない") == {"鈴木", "高橋"}
    assert await cast.found("リンク:春クーポン クリック 30日以上前") == set()


async def _broadcast(cast: Cast) -> None:
    await cast.asks("■配信 冬\n対象: 名前 含む 田 または 名前 含む 山\n▼本文\n冬です\n＋ボタン はい → タグ付ける 冬")
    await cast.asks("配信 送信 冬")
    assert "2人へ送ります" in await cast.presses("送る")
    await cast.channel.advance(seconds=61)
    await cast.people["田中"].sees("冬です")
    await cast.people["山本"].sees("冬です")
    await cast.people["山本"].presses("はい")
    await cast.settle()
    assert await cast.found("配信:冬 受信") == {"田中", "山本"}
    assert await cast.found("配信:冬 クリック") == {"山本"}
    assert await cast.found("配信:冬 未クリック") == {"田中"}
    assert await cast.found("配信:冬 受信 でない") == {"鈴木", "高橋"}


async def _form(cast: Cast) -> None:
    await cast.asks(
        "■フォーム 診断\n▼くせは？ [単一]\n・はい 5点\n・いいえ 0点\n▼くせ毛 [結果] 3点以上\nやわらかい髪です"
    )
    assert "公開しました" in await cast.presses("公開する")
    tanaka, yamamoto = await _numbers(("田中", "山本"))
    for friend, choice in ((tanaka, "o1"), (yamamoto, "o2")):
        sent = submitting.Sent(1, friend, 1, 0, 1, {"q1": choice})
        assert (await database.repeated(partial(submitting.submit, cast.house.cache, sent))).state == "kept"
    assert await cast.found("フォーム:診断 回答済 7日以内") == {"田中", "山本"}
    assert await cast.found("フォーム:診断 未回答") == {"鈴木", "高橋"}
    assert await cast.found("フォーム:診断.くせは？=いいえ") == {"山本"}
    assert await cast.found("フォーム:診断.点数>=3") == await cast.found("フォーム:診断.結果=くせ毛") == {"田中"}
    assert await cast.found("フォーム:診断.くせは？=はい でない") == {"山本", "鈴木", "高橋"}


async def _numbers(names: Sequence[str]) -> list[int]:
    found = await database.rows("SELECT id, line_name FROM friends")
    return [next(row["id"] for row in found if row["line_name"] == name) for name in names]


async def _name(cast: Cast) -> None:
    assert await cast.found("名前 含む 田") == {"田中"}
    assert await cast.found("名前 含む 田 でない") == {"山本", "鈴木", "高橋"}


async def _field(cast: Cast) -> None:
    made = (
        "項目 作成 誕生日 日付",
        "項目 作成 来店回数 数値",
        "項目 作成 髪質 選択=直毛,くせ毛",
        "項目 作成 期限 日付",
    )
    for line in made:
        await cast.asks(line)
    today = (await clock.now()).astimezone(TOKYO).date()
    later = today + timedelta(days=7)
    await cast.asks(f"項目 田中 誕生日=1990/{today.month}/{today.day} 来店回数=3 髪質=くせ毛 期限={later.isoformat()}")
    await cast.asks(f"項目 山本 誕生日={later.month}/{later.day} 来店回数=10 髪質=直毛 期限={today.isoformat()}")
    assert await cast.found("誕生日 今日") == {"田中"}
    assert await cast.found("誕生日 7日後") == {"山本"}
    assert await cast.found("誕生日 7日以内") == {"田中", "山本"}
    assert await cast.found(f"誕生日={later.month}/{later.day}") == {"山本"}
    assert await cast.found("誕生日 20年以上前") == {"田中"}
    assert await cast.found("来店回数>=10") == {"山本"}
    assert await cast.found("来店回数 なし") == {"鈴木", "高橋"}
    assert await cast.found("髪質=くせげ または 髪質 含む 直") == set()
    assert await cast.found("髪質=くせ毛 または 髪質 含む 直") == {"田中", "山本"}
    assert await cast.found("髪質!=くせ毛") == {"山本", "鈴木", "高橋"}
    assert await cast.found("期限 7日後") == {"田中"}
    assert await cast.found("期限<=今日") == {"山本"}
    assert "選択肢にありません" in await cast.asks("友だち 検索 髪質=くせげ")
    assert "大小を比べられません" in await cast.asks("友だち 検索 髪質>=くせ毛")
    assert "見つかりません" in await cast.asks("友だち 検索 身長>=160")
    # kept by number: a rename is followed, in a block too
    await cast.asks("■シナリオ 祝\n対象: 誕生日 今月\n▼すぐ もし 来店回数>=10\nおめでとう")
    await cast.asks("項目 改名 誕生日 → お誕生日")
    assert "お誕生日 今月" in await cast.asks("シナリオ 書出 祝")
    assert "は数字として読めません" not in await cast.asks("■シナリオ 祝2\n対象: 来店回数>=2\n▼すぐ\nはい")
    assert "選択肢にありません" in await cast.asks("■シナリオ 祝3\n対象: 髪質=くせげ\n▼すぐ\nはい")


def _refused(kind: Kind) -> Story:
    """A kind whose noun is not there yet says so, by its name."""

    async def story(cast: Cast) -> None:
        told = await cast.asks(f"友だち 検索 全員 かつ {kind.example}")
        assert f"「{printing.show(read(kind.example))}」の条件はまだ使えません" in told

    return story


STORIES: dict[str, Story] = {
    "タグ": _tag,
    "シナリオ": _scenario,
    "セグメント": _saved,
    "全員": _everyone,
    "ブロック": _blocked,
    "非表示": _hidden,
    "友だち追加・最終反応・最終配信": _dates,
    "ランダム": _sample,
    "分割": _split,
    "リンク": _link,
    "配信": _broadcast,
    "名前": _name,
    "項目": _field,
    "フォーム": _form,
    "配信停止": _opted_out,
    **{kind.word: _refused(kind) for kind in kinds.KINDS if kind.later},
}


def test_it_tells_a_story_of_every_kind() -> None:
    assert set(STORIES) == {kind.word for kind in kinds.KINDS}


@pytest.fixture
async def cast(bot: wiring.House, channel: control.Channel) -> Cast:
    shop = await stage.opened(channel)
    people = {name: await channel.user(name) for name in NAMES}
    for person in people.values():
        await person.follow()
    cast = Cast(shop.channel, shop.yamada, shop.group, bot, people)
    await cast.asks("設定 静音 なし")  # what is sent is sent at whatever hour the test runs
    return cast


async def test_it_finds_whom_each_kind_means(cast: Cast) -> None:
    """All of them in one shop, one after the other."""
    for word, story in STORIES.items():
        try:
            await story(cast)
        except AssertionError as error:
            raise AssertionError(f"{word}: {error}") from error

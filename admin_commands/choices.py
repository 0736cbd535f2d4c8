"""The settings staff choose: each declared once with its words, its default, how it is read and how it is shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from admin_commands import cards, desk, places
from admin_commands.grammar import normalise, timings
from jobs import configuration, hours, timing
from storage import account, changes, settings, staff

NONE = ("なし", "切", "不要", "off", "none")


@dataclass(frozen=True, slots=True)
class Choice:
    """`read` gives the JSON value of what was typed, and raises Unread when it means nothing; `show` tells a value.

    `types` gives words that `read` reads as this value, where those of `show` are not.
    """

    key: str
    word: str
    does: str
    default: Any
    examples: tuple[str, ...]
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    types: Callable[[Any], str] | None = None


class Unread(ValueError):
    """What was typed is no value of this setting."""


def _prefix(text: str) -> bool:
    if text in ("必須", "required", "on"):
        return True
    if text in NONE:
        return False
    raise Unread


def _quiet(text: str) -> list[str]:
    if text in NONE:
        return []
    window = timings.window(text)
    if window is None or window[0] == window[1]:
        raise Unread
    return [at.strftime("%H:%M") for at in window]


def _opening(text: str) -> list[Any] | None:
    if text in NONE:
        return None
    opening = timings.opening(text)
    if opening is None:
        raise Unread
    return hours.to_json(opening)


def _opening_shown(value: list[Any] | None) -> str:
    opening = hours.from_json(value)
    return hours.show(opening) if opening else "なし"


def _quiet_shown(value: list[str]) -> str:
    asleep = hours.quiet({"quiet": value})
    return timing.window_text(asleep) if asleep else "なし"


MASKED = ("電話", "メール", "住所", "誕生日")
REVEALING: dict[str, staff.Role] = {"管理者": "manager", "オーナー": "owner"}


def _masked(text: str) -> list[str]:
    if text in NONE:
        return []
    kinds = [one for one in re.split(r"[,・\s]+", text) if one]
    if not kinds or not set(kinds) <= set(MASKED):
        raise Unread
    return [one for one in MASKED if one in kinds]


COUNTED = ("ボタン", "する", "あり", "on")


def _measured(text: str) -> bool:
    if text in COUNTED:
        return True
    if text in (*NONE, "しない"):
        return False
    raise Unread


def _revealing(text: str) -> str:
    if text not in REVEALING:
        raise Unread
    return text


PEOPLE = re.compile(r"(?:配信 ?)?([\d,]{1,9}) ?(?:人|名)?(?:以上|から)?")


def _in_pairs(text: str) -> int | None:
    if text in NONE:
        return None
    found = PEOPLE.fullmatch(text)
    people = int(found[1].replace(",", "") or 0) if found else 0
    if people < 1:
        raise Unread
    return people


SPANS: dict[Literal["today", "week", "month"], tuple[str, str]] = {
    "today": ("1日", r"(?:1|一|毎)?日"),
    "week": ("週", r"(?:1|一|毎)?週(?:間)?"),
    "month": ("月", r"(?:(?:1|一) ?[かカヵヶケ箇]月|毎?月)(?:間)?"),
}


def _cap(text: str) -> dict[str, Any] | None:
    if text in (*NONE, "無制限"):
        return None
    for span, (_, spelled) in SPANS.items():
        found = re.fullmatch(rf"{spelled}(?:に|あたり)? ?([1-9]\d?) ?[通回]?(?:まで)?", text)
        if found:
            return {"most": int(found[1]), "span": span}
    raise Unread


def _cap_shown(value: dict[str, Any] | None) -> str:
    return f"{SPANS[value['span']][0]}{value['most']}通" if value else "なし"


CHOICES = (
    Choice(
        "prefix",
        "接頭辞",
        "「/」を付けた言葉だけに答える",
        False,
        ("設定 接頭辞 必須", "設定 接頭辞 不要"),
        _prefix,
        lambda value: "必須（「/」で始まる言葉だけ）" if value else "不要",
        lambda value: "必須" if value else "不要",
    ),
    Choice(
        "quiet",
        "静音",
        "夜間とみなす時間（シナリオの通は明けるまで待って届きます。「配信可能:」があるシナリオはそちらが先）",
        hours.QUIET,
        ("設定 静音 21:00-8:00", "設定 静音 なし"),
        _quiet,
        _quiet_shown,
    ),
    Choice(
        "opening",
        "営業時間",
        "自動応答の「時間: 営業時間外」「時間: 営業時間内」が見る時間（平日は祝日を除きます。なしは、いつでも営業中）",
        None,
        ("設定 営業時間 平日 10:00-19:00, 土日祝 9:00-18:00", "設定 営業時間 火-日 10:00-19:00", "設定 営業時間 なし"),
        _opening,
        _opening_shown,
    ),
    Choice(
        "measured",
        "リンク計測",
        "ボタンで開くアドレスのクリックを数える（だれが開いたかも分かります。1人ずつの個別送信になり、通数は同じです。"
        "名前を付けたリンクは、いつも数えます）",
        configuration.MEASURED,
        ("設定 リンク計測 ボタン", "設定 リンク計測 なし"),
        _measured,
        lambda value: "ボタン" if value else "なし（名前を付けたリンクだけ）",
        lambda value: "ボタン" if value else "なし",
    ),
    Choice(
        "aggregated",
        "LINE集計",
        "配信の開封数などをLINEに数えてもらう（20人以上の時だけ、合計の人数が分かります）",
        configuration.AGGREGATED,
        ("設定 LINE集計 あり", "設定 LINE集計 なし"),
        _measured,
        lambda value: "あり" if value else "なし",
        lambda value: "あり" if value else "なし",
    ),
    Choice(
        "in_pairs",
        "二人承認",
        "何人以上への配信に、ほかの管理者かオーナーの方の承認も要るか",
        None,
        ("設定 二人承認 100人以上", "設定 二人承認 なし"),
        _in_pairs,
        lambda value: f"{value:,}人以上の配信" if value else "なし",
        lambda value: f"{value}人以上" if value else "なし",
    ),
    Choice(
        "capped",
        "配信上限",
        "1人に送る配信の数（今日・月曜からの今週・今月）。達した人は、送る時の対象から除きます。"
        "シナリオの通は数えず、止めません。「上限: 無視」と書いた配信は、達した人にも送ります",
        None,
        ("設定 配信上限 週3通", "設定 配信上限 1日1通", "設定 配信上限 月10通", "設定 配信上限 なし"),
        _cap,
        _cap_shown,
    ),
    Choice(
        "masked",
        "伏字",
        "友だちの名前やカードで伏せるもの（すべてを見るには「友だち 全表示」）",
        list(MASKED),
        ("設定 伏字 電話,メール,住所,誕生日", "設定 伏字 電話,住所", "設定 伏字 なし"),
        _masked,
        lambda value: "・".join(value) or "なし",
        lambda value: ",".join(value) or "なし",
    ),
    Choice(
        "reveals",
        "全表示",
        "伏せたものをボットとの1対1で見られる方",
        "オーナー",
        ("設定 全表示 オーナー", "設定 全表示 管理者"),
        _revealing,
        lambda value: "管理者とオーナー" if value == "管理者" else "オーナーだけ",
        lambda value: value,
    ),
)


def prefix_required(chosen: Mapping[str, Any]) -> bool:
    return bool(_value(_named("接頭辞"), chosen))


def measured(chosen: Mapping[str, Any]) -> bool:
    """Whether the addresses that buttons open are counted without a name for them."""
    return bool(_value(_named("リンク計測"), chosen))


def in_pairs(chosen: Mapping[str, Any]) -> int | None:
    """From how many friends on a broadcast takes a second person; None where it never does."""
    people: int | None = _value(_named("二人承認"), chosen)
    return people


def capped(chosen: Mapping[str, Any]) -> str:
    """週3通: how many broadcasts a friend may get."""
    return _cap_shown(_value(_named("配信上限"), chosen))


def masked(chosen: Mapping[str, Any]) -> list[str]:
    """What is masked of personal data, by its word."""
    return list(_value(_named("伏字"), chosen))


def reveals(chosen: Mapping[str, Any]) -> staff.Role:
    """The least role that may see all of it."""
    return REVEALING[_value(_named("全表示"), chosen)]


def told(choice: Choice, chosen: Mapping[str, Any]) -> str:
    """The setting and what holds now."""
    return f"{choice.word}: {choice.show(_value(choice, chosen))}"


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """What is not at its default, as commands."""
    chosen = await settings.chosen()
    return [
        f"設定 {one.word} {(one.types or one.show)(chosen[one.key])}"
        for one in CHOICES
        if one.key in chosen and chosen[one.key] != one.default
    ]


def find(word: str) -> Choice | None:
    wanted = normalise.fold(normalise.lookup(word).text)
    return next((one for one in CHOICES if normalise.fold(one.word) == wanted), None)


async def choose(at: desk.Desk, choice: Choice, typed: str) -> cards.Say:
    """Set it, at once and with a way back."""
    try:
        value = choice.read(normalise.lookup(typed).text)
    except Unread:
        raise desk.Declined(
            f"「{choice.word}」に「{typed}」は使えません。\n今: {choice.show(_value(choice, at.config.chosen))}\n"
            f"例: {'、'.join(choice.examples)}",
            *(cards.Tap(one, one) for one in choice.examples),
        ) from None
    now = _value(choice, at.config.chosen)
    if value == now:
        return cards.Say(f"変更なし（{choice.word}は{choice.show(value)}です）。")
    before, version = await settings.choose(choice.key, value)
    await account.configuration_changed()
    at.record(
        "config.set",
        {"key": choice.key},
        f"設定「{choice.word}」を {choice.show(now)} から {choice.show(value)} に変えた",
        [changes.put_back("settings", choice.key, version, {"value": before})],
    )
    return cards.Say(f"✅ {choice.word}: {choice.show(value)}（前: {choice.show(now)}）", places.undo_tap())


def _named(word: str) -> Choice:
    return next(one for one in CHOICES if one.word == word)


def _value(choice: Choice, chosen: Mapping[str, Any]) -> Any:
    return chosen.get(choice.key, choice.default)

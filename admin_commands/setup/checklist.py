"""The steps of setting a shop up, each ticked by what is really there, and the one to take next."""

from collections.abc import Callable
from dataclasses import dataclass

from admin_commands import cards, desk
from admin_commands.setup import trades
from storage import setup
from storage.setup import Standing

DONE, OPEN = "☑", "☐"


@dataclass(frozen=True, slots=True)
class Step:
    """`told` says how far it is, `how` what to do, with the commands that do it as taps."""

    word: str
    done: Callable[[Standing], bool]
    told: Callable[[Standing], str]
    how: str
    taps: tuple[tuple[str, str], ...]
    optional: bool = False


def _trade(now: Standing) -> str:
    trade = trades.by_key(now.trade) if now.trade else None
    return trade.word if trade else ""


STEPS = (
    Step(
        "業種を選ぶ",
        lambda now: bool(now.trade or now.scenarios or now.templates or now.greeted),
        _trade,
        "業種を選ぶと、下書きをまとめて用意します（お客様には何も届きません）。",
        tuple((one.word, f"はじめる {one.word}") for one in trades.TRADES),
    ),
    Step(
        "あいさつ",
        lambda now: now.greeted,
        lambda _: "",
        "友だちになった方へのあいさつを決めます。",
        (("質問に答えて作る", "あいさつ 作成"),),
    ),
    Step(
        "シナリオ・テンプレ",
        lambda now: bool(now.scenarios and now.templates),
        lambda now: f"シナリオ{now.scenarios}・テンプレ{now.templates}" if now.scenarios or now.templates else "",
        "順番に届くメッセージと、よく使う文面を用意します。",
        (("シナリオを作る", "シナリオ 作成"), ("テンプレを作る", "テンプレ 作成")),
    ),
    Step(
        "フォーム",
        lambda now: now.forms > 0,
        lambda now: f"{now.forms}つ" if now.forms else "アンケートや申し込みを使う時に",
        "お客様にLINEの中で答えていただく、アンケートや申し込みを用意します。",
        (("質問に答えて作る", "フォーム 作成"), ("書き方", "ヘルプ フォーム 定義")),
        optional=True,
    ),
    Step(
        "スタッフ",
        lambda now: now.staff > 1,
        lambda now: f"{now.staff}人" if now.staff > 1 else "お一人なら不要です",
        "ほかの方にも権限を付けます（「スタッフ 追加 @お名前 役割」）。",
        (("スタッフ 一覧", "スタッフ 一覧"),),
        optional=True,
    ),
    Step(
        "テスト",
        lambda now: now.testers,
        lambda _: "",
        "ご自分のLINEで友だちになり、テスト友だちにすると、届き方を確かめられます。",
        (("自分をテスト友だちに", "友だち テスト 自分"), ("あいさつを試す", "あいさつ 試す")),
    ),
    Step(
        "公開",
        lambda now: now.live > 0,
        lambda now: f"公開中{now.live}・下書き{now.drafts}" if now.live or now.drafts else "",
        "下書きを見直して公開すると、お客様に届き始めます。",
        (("シナリオ 一覧", "シナリオ 一覧"),),
    ),
)


async def show(at: desk.Desk) -> cards.Say:  # noqa: ARG001 - the desk's visitors all come the same way
    now = await setup.standing()
    done = sum(step.done(now) for step in STEPS)
    told: list[cards.Line] = [cards.Gauge(done / len(STEPS))]
    for step in STEPS:
        more = step.told(now)
        told.append(f"{DONE if step.done(now) else OPEN} {step.word}{f' … {more}' if more else ''}")
    following = next((one for one in STEPS if not one.done(now) and not one.optional), None)
    if following is None:
        told.append("準備は整っています。困ったときは「ヘルプ」と送ってください。")
        return _card(done, told, [cards.Tap("ヘルプ", "ヘルプ")])
    told.append(f"次は「{following.word}」です。{following.how}")
    if following is STEPS[0]:
        told.append(f"業種: {'・'.join(one.word for one in trades.TRADES)}（「/はじめる 美容室」のように送ります）")
    return _card(done, told, [cards.Tap(label, says) for label, says in following.taps])


def _card(done: int, told: list[cards.Line], taps: list[cards.Tap]) -> cards.Say:
    """Up to four ways to go on stand on the card, more of them below it."""
    buttons, below = (taps, []) if len(taps) <= cards.MOST_BUTTONS else ([], taps)
    notes = ["続きは、いつでも「/はじめる」で見られます。"] if done < len(STEPS) else []
    panel = cards.panel(f"🌱 はじめる（{done}/{len(STEPS)}）", told, notes=notes, buttons=buttons)
    return cards.Say("", tuple(below), card=panel)

"""エラー: what could not be carried out and was put aside; looked at, done after all, or cleared away."""

import re
from collections.abc import Sequence
from dataclasses import replace

from admin_commands import cards, command, desk, lists, masking, objects, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from jobs import parked as verbs
from storage import parked

WORDS: dict[parked.Kind, str] = {
    "event": "受信",
    "scenario": "シナリオ",
    "delayed": "予定",
    "operation": "一括",
    "click": "クリック",
}
KEY = re.compile(rf"({'|'.join(WORDS.values())})([0-9]{{1,18}})")
ALL = ("すべて", "全部", "全て", "all")
MOST = 100  # heaps one command takes
SHOWN = 8  # of them on a card
# What an event was, by its class in jobs.heard.
EVENTS = {
    "Followed": "友だち追加",
    "Unfollowed": "ブロック",
    "Said": "メッセージ",
    "SentMedia": "写真などの送信",
    "SentSticker": "スタンプ",
    "Pressed": "ボタンの操作",
    "Joined": "グループへの招待",
    "Left": "グループからの退出",
    "MembersJoined": "メンバーの参加",
    "MembersLeft": "メンバーの退出",
}
LIST = cards.Tap("エラー 一覧", "エラー 一覧")


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    found, total = await parked.page(lists.ROWS, lists.offset(page))
    found = _discreet(at, found)
    rows = [cards.Row(f"{_told(one)}（{at.moment(one.at)}）", f"エラー 表示 {_key(one)}", _key(one)) for one in found]
    taps = [cards.Tap("すべて再送", "エラー 再送 すべて")] if found and at.may("manager") else []
    empty = "処理できなかったものはありません。"
    return await lists.say(at, "⚠ エラー", rows, total, page, "エラー 一覧", empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    [one] = await _chosen(at, said)
    told = [f"{'予定' if one.kind in ('scenario', 'delayed') else '日時'}: {at.moment(one.at)}"]
    if one.doubted:
        told.append(f"うち{_doubted([one])}、控えから戻す前に済んでいるかもしれません。")
    if one.error:
        told.append(f"原因: {one.error[:80]}（くわしくは、設置した方がサーバーの記録で見られます）")
    if one.running:
        told.append("ほかの友だちへの処理が続いています。終わると再送できます。")
    told.append("直ったあとに「再送」でもう一度処理できます。要らなければ「削除」で片付けられます。")
    key = _key(one)
    buttons = (cards.Tap("再送", f"エラー 再送 {key}"), cards.Tap("削除", f"エラー 削除 {key}"), LIST)
    return cards.Say("", card=cards.panel(f"⚠ {_told(one)}", told, buttons=buttons))


async def retry(at: desk.Desk, said: Said) -> cards.Say:
    heaps = await _chosen(at, said)
    busy = next((one for one in heaps if one.running), None)
    if busy is not None:
        raise desk.Declined(
            f"{_told(busy)}は、ほかの友だちへの処理が続いています。終わってから再送してください。", LIST
        )
    warnings = ["返信の期限が過ぎているため、お客様への返事は通数を使って送ります。"] if _events(heaps) else []
    if any(one.kind == "scenario" for one in heaps):
        warnings.append("時刻を過ぎた通は、順にすぐ届きます。")
    if any(one.kind == "delayed" for one in heaps):
        warnings.append("時刻を過ぎた予定の動作は、すぐに行います。")
    warnings += _in_parts(heaps)
    if _doubted(heaps):
        warnings.append(
            f"うち{_doubted(heaps)}、控えから戻す前に済んでいるかもしれません（二重になることがあります）。"
        )
    at.confirm(
        f"{_all(heaps)}をもう一度処理します", _lines(heaps), holds=_holds(heaps), label="再送する", warnings=warnings
    )
    await verbs.again(heaps, at.now)
    at.record("error.retry", {"parked": _holds(heaps)}, f"処理できなかったもの（{_all(heaps)}）をもう一度処理した")
    return cards.Say(f"🔁 {_all(heaps)}をもう一度処理します。また失敗したものは「エラー 一覧」に戻ります。", (LIST,))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    heaps = await _chosen(at, said)
    warnings = []
    if any(one.kind == "scenario" for one in heaps):
        warnings.append("シナリオの続きは届かなくなります（その友だちをシナリオから外します）。")
    if any(one.kind == "delayed" for one in heaps):
        warnings.append("予定の動作は行いません。")
    if any(one.kind == "click" for one in heaps):
        warnings.append("クリックの数はそのままで、クリックした時の動作は行いません。")
    warnings += _in_parts(heaps)
    if _events(heaps):
        warnings.append("この受信からは、あいさつや返事は送られません。")
    at.confirm(f"🗑 {_all(heaps)}を片付けます", _lines(heaps), holds=_holds(heaps), label="片付ける", warnings=warnings)
    back = await verbs.clear(heaps, at.now)
    at.record(
        "error.delete", {"parked": _holds(heaps)}, f"処理できなかったもの（{_all(heaps)}）を処理せずに片付けた", back
    )
    return cards.Say(f"🗑 {_all(heaps)}を片付けました（処理していません）。", (*places.undo_tap(), LIST))


async def _chosen(at: desk.Desk, said: Said) -> Sequence[parked.Heap]:
    """What is named by 受信12 and the like, or all."""
    given = [one.text if isinstance(one, words.Name) else words.show(one) for one in said.objects(0)]
    given = [normalise.lookup(one).text for one in given]
    if any(one in ALL for one in given):
        heaps, _ = await parked.page(MOST, 0)
        if not heaps:
            raise desk.Declined("処理できなかったものはありません。")
        return _discreet(at, heaps)
    kinds: dict[str, parked.Kind] = {word: kind for kind, word in WORDS.items()}
    wanted = []
    for one in dict.fromkeys(given):
        key = KEY.fullmatch(one)
        if key is None:
            raise desk.Declined(f"「{one[:20]}」の番号が読めません。例: エラー 表示 受信12", LIST)
        wanted.append((kinds[key[1]], int(key[2])))
    if len(wanted) > MOST:
        raise desk.Declined(f"一度に{MOST}件までです。", LIST)
    heaps = await parked.these(wanted)
    if len(heaps) < len(wanted):
        left = {_key(one) for one in heaps}
        gone = "・".join(f"{WORDS[kind]}{number}" for kind, number in wanted if f"{WORDS[kind]}{number}" not in left)
        raise desk.Declined(f"{gone} はもうありません（処理されたか、片付けられています）。", LIST)
    at.found_something = True
    if len(heaps) == 1:
        at.concerns("error", _key(heaps[0]))
    return _discreet(at, heaps)


def _discreet(at: desk.Desk, heaps: Sequence[parked.Heap]) -> list[parked.Heap]:
    return [replace(one, name=masking.shown(at, one.name)) if one.name else one for one in heaps]


def _told(one: parked.Heap) -> str:
    if one.kind == "scenario":
        return f"シナリオ「{one.name}」の続き {one.friends:,}人"
    if one.kind == "delayed":
        return f"{f'シナリオ「{one.name}」の' if one.name else ''}予定の動作 {one.friends:,}件"
    if one.kind == "click":
        return f"リンク「{one.name}」のクリック {one.friends:,}件"
    if one.kind == "operation":
        return f"一括操作「{one.name or one.id}」の{one.friends:,}人"
    what = EVENTS.get(one.what or "", "操作")
    if one.in_group:
        return f"グループ「{one.name or '名前なし'}」の{what}"
    return f"{one.name or 'まだ名前の分からない方'}{'さん' if one.name else ''}の{what}"


def _key(one: parked.Heap) -> str:
    return f"{WORDS[one.kind]}{one.id}"


def _all(heaps: Sequence[parked.Heap]) -> str:
    return _told(heaps[0]) if len(heaps) == 1 else f"{_told(heaps[0])} ほか{len(heaps) - 1}件"


def _lines(heaps: Sequence[parked.Heap]) -> list[str]:
    more = [f"… ほか{len(heaps) - SHOWN}件"] if len(heaps) > SHOWN else []
    return [f"・{_told(one)}" for one in heaps[:SHOWN]] + more


def _holds(heaps: Sequence[parked.Heap]) -> dict[str, int]:
    return {_key(one): one.friends for one in heaps}


def _doubted(heaps: Sequence[parked.Heap]) -> str:
    """How many of them may have been done before a restore: 3人の次の1通は; nothing when there are none."""
    steps = sum(one.doubted for one in heaps if one.kind == "scenario")
    late = sum(one.doubted for one in heaps if one.kind == "delayed")
    opened = sum(one.doubted for one in heaps if one.kind == "click")
    told = [
        f"{steps:,}人の次の1通" if steps else "",
        f"予定の動作{late:,}件" if late else "",
        f"クリック{opened:,}件" if opened else "",
    ]
    return f"{'と'.join(filter(None, told))}は" if any(told) else ""


def _in_parts(heaps: Sequence[parked.Heap]) -> list[str]:
    most = max(sum(one.friends for one in heaps if one.kind == kind) for kind in ("scenario", "delayed"))
    if most <= verbs.MOST_AT_ONCE:
        return []
    return [f"シナリオの続きや予定の動作は一度に{verbs.MOST_AT_ONCE:,}人までです。残りは、もう一度送ってください。"]


def _events(heaps: Sequence[parked.Heap]) -> bool:
    return any(one.kind == "event" and not one.in_group for one in heaps)


PLACE = Argument("番号", takes="error")

NOUN = command.Noun(
    "error",
    "うまく処理できずに残っているものです。",
    (
        Command(
            "error",
            "list",
            "処理できなかったもの",
            ("エラー 一覧",),
            "viewer",
            0,
            show_list,
            options=("ページ",),
            whole=True,
        ),
        Command("error", "show", "1件のくわしい内容", ("エラー 表示 受信12",), "viewer", 0, show, (PLACE,), whole=True),
        Command(
            "error",
            "retry",
            "もう一度処理する",
            ("エラー 再送 受信12", "エラー 再送 すべて"),
            "manager",
            2,
            retry,
            (Argument("番号かすべて", many=True, takes="error"),),
        ),
        Command(
            "error",
            "delete",
            "処理せずに片付ける",
            ("エラー 削除 シナリオ3",),
            "manager",
            2,
            delete,
            (Argument("番号かすべて", many=True, takes="error"),),
        ),
    ),
    bare="list",
)

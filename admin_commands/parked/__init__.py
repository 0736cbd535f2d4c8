"""エラー: what failed, was put aside or did not arrive; looked at, done or sent after all, or cleared away."""

import re
from collections.abc import Sequence
from dataclasses import replace

import orjson

from admin_commands import cards, command, desk, lists, masking, objects, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.parked import telling
from jobs import parked as verbs
from jobs.messages import summaries
from storage import parked, pauses
from storage.outbox import failed

KEY = re.compile(rf"({'|'.join(telling.WORDS.values())})([0-9]{{1,18}})")
ALL = ("すべて", "全部", "全て", "all")
MOST = 100  # heaps one command takes
NAMED = 10  # people of a send on a card
WORDS_SHOWN = 60  # characters of a message
# What waits because of LINE, by the kind of its pause: no failure, and it goes by itself.
WAITING = {
    "quota": "⏸ 今月の通数の上限に達したため、一部の送信が待っています（「使用量」）。",
    "channel": "⏸ LINEとの接続の鍵（アクセストークン）が使えないため、すべての送信が待っています。",
    "outage": "⏸ LINEの応答が失敗しているため、送信が待っています。回復すると自動で送ります。",
}
LIST = cards.Tap("エラー 一覧", "エラー 一覧")


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    found, total = await parked.page(lists.ROWS, lists.offset(page))
    found = _discreet(at, found)
    rows = [
        cards.Row(f"{telling.told(one)}（{at.moment(one.at)}）", f"エラー 表示 {telling.key(one)}", telling.key(one))
        for one in found
    ]
    again = any(one.kind != "unknown" for one in found) and at.may("manager")
    taps = [cards.Tap("すべて再送", "エラー 再送 すべて")] if again else []
    empty = "処理できなかったものはありません。"
    held = [one.scope.partition(":")[0] for one in await pauses.held()]
    notes = [told for kind, told in WAITING.items() if kind in held]
    return await lists.say(at, "⚠ エラー", rows, total, page, "エラー 一覧", empty=empty, taps=taps, notes=notes)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    [one] = await _chosen(at, said)
    if one.kind in telling.SENDS:
        return await _show_send(at, one)
    told = [f"{'予定' if one.kind in ('scenario', 'delayed') else '日時'}: {at.moment(one.at)}"]
    if one.doubted:
        told.append(f"うち{telling.doubted([one])}、控えから戻す前に済んでいるかもしれません。")
    if one.error:
        told.append(f"原因: {one.error[:80]}（くわしくは、設置した方がサーバーの記録で見られます）")
    if one.running:
        told.append("ほかの友だちへの処理が続いています。終わると再送できます。")
    told.append("直ったあとに「再送」でもう一度処理できます。要らなければ「削除」で片付けられます。")
    key = telling.key(one)
    buttons = (cards.Tap("再送", f"エラー 再送 {key}"), cards.Tap("削除", f"エラー 削除 {key}"), LIST)
    return cards.Say("", card=cards.panel(f"⚠ {telling.told(one)}", told, buttons=buttons))


async def _show_send(at: desk.Desk, one: parked.Heap) -> cards.Say:
    """Why it did not arrive, who did not get it, what it said, and what can be done about it."""
    told = [f"日時: {at.moment(one.at)}", f"原因: {telling.reason(one)}"]
    if one.error and one.kind == "refused":
        told.append(f"LINEの返事: {one.error[:80]}")
    if one.kind != "held":
        people = await failed.people(one.id, NAMED)
        named = "、".join(f"{masking.shown(at, who.name or '名前の分からない方')}（#F{who.id}）" for who in people)
        more = f" ほか{one.friends - len(people):,}人" if one.friends > len(people) else ""
        told.append(f"相手: {named}{more}")
        words = summaries.alt_text(orjson.loads(await failed.body(one.id) or b"[]"), WORDS_SHOWN)
        told += [f"本文: {masking.shown(at, words)}"] if words else []
    key = telling.key(one)
    buttons = [cards.Tap("あきらめる", f"エラー 削除 {key}"), LIST]
    if one.kind == "unknown":
        told.append("二重に届くのを防ぐため、もう一度は送れません。大切な連絡は、お客様に直接お確かめください。")
    else:
        buttons.insert(0, cards.Tap("もう一度送る", f"エラー 再送 {key}"))
        told.append("直ったあとに「もう一度送る」で送れます。要らなければ「あきらめる」で片付けられます。")
    return cards.Say("", card=cards.panel(f"⚠ {telling.told(one)}", told, buttons=buttons))


async def retry(at: desk.Desk, said: Said) -> cards.Say:
    heaps = await _chosen(at, said)
    unknown = [one for one in heaps if one.kind == "unknown"]
    stopped = await failed.resting([one.id for one in heaps if one.kind == "refused"])
    resting = [one for one in heaps if one.kind == "refused" and one.id in stopped]
    heaps = [one for one in heaps if one not in unknown and one not in resting]
    if not heaps and resting:
        raise desk.Declined(
            f"{telling.together(resting)}は、シナリオや一括操作が止まっているため送れません。再開してからお願いします。",
            LIST,
        )
    if not heaps:
        raise desk.Declined("届いたかどうか分からないものは、二重に届くのを防ぐため、もう一度は送れません。", LIST)
    busy = next((one for one in heaps if one.running), None)
    if busy is not None:
        raise desk.Declined(
            f"{telling.told(busy)}は、ほかの友だちへの処理が続いています。終わってから再送してください。", LIST
        )
    warnings = ["返信の期限が過ぎているため、お客様への返事は通数を使って送ります。"] if _events(heaps) else []
    if any(one.kind == "scenario" for one in heaps):
        warnings.append("時刻を過ぎた通は、順にすぐ届きます。")
    if any(one.kind == "delayed" for one in heaps):
        warnings.append("時刻を過ぎた予定の動作は、すぐに行います。")
    warnings += telling.in_parts(heaps)
    if sending := sum(one.friends for one in heaps if one.kind in telling.SENDS):
        warnings.append(f"お客様への送信に{sending:,}通使います。内容が直っていないと、また断られます。")
    if unknown:
        warnings.append(f"届いたかどうか分からないもの（{len(unknown)}件）は送りません。")
    if resting:
        warnings.append(f"シナリオや一括操作が止まっているもの（{len(resting)}件）は送りません。")
    if telling.doubted(heaps):
        warnings.append(
            f"うち{telling.doubted(heaps)}、控えから戻す前に済んでいるかもしれません（二重になることがあります）。"
        )
    at.confirm(
        f"{telling.together(heaps)}をもう一度処理します",
        telling.lines(heaps),
        holds=_holds(heaps),
        label="再送する",
        warnings=warnings,
    )
    await verbs.again(heaps, at.now)
    at.record(
        "error.retry", {"parked": _holds(heaps)}, f"処理できなかったもの（{telling.together(heaps)}）をもう一度処理した"
    )
    return cards.Say(
        f"🔁 {telling.together(heaps)}をもう一度処理します。また失敗したものは「エラー 一覧」に戻ります。", (LIST,)
    )


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    heaps = await _chosen(at, said)
    warnings = []
    if any(one.kind == "scenario" for one in heaps):
        warnings.append("シナリオの続きは届かなくなります（その友だちをシナリオから外します）。")
    if any(one.kind == "delayed" for one in heaps):
        warnings.append("予定の動作は行いません。")
    if any(one.kind == "click" for one in heaps):
        warnings.append("クリックの数はそのままで、クリックした時の動作は行いません。")
    warnings += telling.in_parts(heaps)
    if any(one.kind == "held" for one in heaps):
        warnings.append("止めている送信はすべて取りやめます。これは取り消せません。")
    if any(one.kind in ("refused", "unknown") for one in heaps):
        warnings.append("届かなかった方には、このまま送りません。")
    if _events(heaps):
        warnings.append("この受信からは、あいさつや返事は送られません。")
    at.confirm(
        f"🗑 {telling.together(heaps)}を片付けます",
        telling.lines(heaps),
        holds=_holds(heaps),
        label="片付ける",
        warnings=warnings,
    )
    back = await verbs.clear(heaps, at.now)
    at.record(
        "error.delete",
        {"parked": _holds(heaps)},
        f"処理できなかったもの（{telling.together(heaps)}）を処理せずに片付けた",
        back,
    )
    return cards.Say(
        f"🗑 {telling.together(heaps)}を片付けました（処理していません）。", (*(places.undo_tap() if back else ()), LIST)
    )


async def _chosen(at: desk.Desk, said: Said) -> Sequence[parked.Heap]:
    """What is named by 受信12 and the like, or all."""
    given = [one.text if isinstance(one, words.Name) else words.show(one) for one in said.objects(0)]
    given = [normalise.lookup(one).text for one in given]
    if any(one in ALL for one in given):
        heaps, _ = await parked.page(MOST, 0)
        if not heaps:
            raise desk.Declined("処理できなかったものはありません。")
        return _discreet(at, heaps)
    kinds: dict[str, parked.Kind] = {word: kind for kind, word in telling.WORDS.items()}
    wanted = []
    for one in dict.fromkeys(given):
        key = KEY.fullmatch(one)
        if key is None:
            raise desk.Declined(f"「{one[:20]}」の番号が読めません。例: エラー 表示 受信12、エラー 表示 不達7", LIST)
        wanted.append((kinds[key[1]], int(key[2])))
    if len(wanted) > MOST:
        raise desk.Declined(f"一度に{MOST}件までです。", LIST)
    heaps = await parked.these(wanted)
    if len(heaps) < len(wanted):
        left = {telling.key(one) for one in heaps}
        gone = "・".join(
            f"{telling.WORDS[kind]}{number}" for kind, number in wanted if f"{telling.WORDS[kind]}{number}" not in left
        )
        raise desk.Declined(f"{gone} はもうありません（処理されたか、片付けられています）。", LIST)
    at.found_something = True
    if len(heaps) == 1:
        at.concerns("error", telling.key(heaps[0]))
    return _discreet(at, heaps)


def _discreet(at: desk.Desk, heaps: Sequence[parked.Heap]) -> list[parked.Heap]:
    return [replace(one, name=masking.shown(at, one.name)) if one.name else one for one in heaps]


def _holds(heaps: Sequence[parked.Heap]) -> dict[str, int]:
    return {telling.key(one): one.friends for one in heaps}


def _events(heaps: Sequence[parked.Heap]) -> bool:
    return any(one.kind == "event" and not one.in_group for one in heaps)


PLACE = Argument("番号", takes="error")

NOUN = command.Noun(
    "error",
    "うまく処理できなかったもの、届かなかったものです。",
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
        Command(
            "error",
            "show",
            "1件のくわしい内容",
            ("エラー 表示 受信12", "エラー 表示 不達7"),
            "viewer",
            0,
            show,
            (PLACE,),
            whole=True,
        ),
        Command(
            "error",
            "retry",
            "もう一度処理する、届かなかったものをもう一度送る",
            ("エラー 再送 受信12", "エラー 再送 不達7", "エラー 再送 すべて"),
            "manager",
            2,
            retry,
            (Argument("番号かすべて", many=True, takes="error"),),
        ),
        Command(
            "error",
            "delete",
            "処理せずに片付ける",
            ("エラー 削除 シナリオ3", "エラー 削除 不明9"),
            "manager",
            2,
            delete,
            (Argument("番号かすべて", many=True, takes="error"),),
        ),
    ),
    bare="list",
)

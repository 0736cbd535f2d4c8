"""＋クーポン and ▼クーポン: which of the shop's coupons a name or an id means, and what is wrong with it."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

from admin_commands import desk, later
from admin_commands.content.trees import inside, rebuilt
from admin_commands.grammar import definitions, nearness, normalise
from admin_commands.grammar.faults import Fault
from jobs.coupons import Coupon
from storage import names

D = TypeVar("D")

WITH_ID = re.compile(r"(?P<title>.*?) ?[(（](?P<id>[0-9A-Za-z_-]{1,64})[)）]", re.DOTALL)
MOST_EXAMPLES = 3
NONE_RUNS = "。今使えるクーポンがありません。LINE公式アカウントの管理画面で作ると、使えるようになります"


def named(
    at: desk.Desk, given: Sequence[definitions.Holder], *, elsewhere: bool = False
) -> tuple[dict[str, Coupon], list[Fault]]:
    """The coupons that definitions name, by what is written of them, and what of it means none that can be sent.

    What was printed `elsewhere` has ids, which are taken as they are. Raises desk.CouponsWanted and Declined.
    """
    pieces = [(one, piece) for one in given for piece in _pieces(one)]
    if not pieces:
        return {}, []
    there = None if elsewhere else _asked(at)
    found: dict[str, Coupon] = {}
    faults = []
    for definition, piece in pieces:
        meant = _printed(piece.value) if there is None else _meant(piece.value, there)
        if isinstance(meant, Coupon):
            found[piece.value] = meant
        else:
            faults.append(_fault(definition, piece, meant, there or ()))
    return found, faults


def linked(tree: D, found: dict[str, Coupon]) -> D:
    """The same definition, each coupon with its name and its id, as it is kept and printed."""

    def exact(part: object) -> object | None:
        if not isinstance(part, definitions.Enclosure) or part.kind != "coupon" or part.value not in found:
            return None
        return dataclasses.replace(part, value=shown(found[part.value]))

    return rebuilt(tree, exact) if found else tree


def shown(coupon: Coupon) -> str:
    return f"{coupon.title} ({coupon.id})".lstrip()


def _pieces(definition: definitions.Holder) -> Iterator[definitions.Enclosure]:
    return (one for one in inside(definition) if isinstance(one, definitions.Enclosure) and one.kind == "coupon")


def _asked(at: desk.Desk) -> Sequence[Coupon]:
    told = at.heard.coupons
    if told is None:
        raise desk.CouponsWanted
    if told == "unreachable":
        raise desk.Declined(
            "クーポンを今LINEに確認できません。何も変えていません。少し待ってから、もう一度お送りください。"
        )
    return told


def _printed(value: str) -> Coupon | Literal["unknown"]:
    found = WITH_ID.fullmatch(value)
    return Coupon(found["id"], found["title"], True) if found else "unknown"


def _meant(value: str, there: Sequence[Coupon]) -> Coupon | Literal["unknown", "closed", "several"]:
    key = names.name_key(value)
    fitting = [one for one in there if one.id == value or names.name_key(one.title) == key]
    with_id = WITH_ID.fullmatch(value)
    if not fitting and with_id:
        fitting = [one for one in there if one.id == with_id["id"]]
    running = [one for one in fitting if one.running]
    if len(running) == 1:
        return running[0]
    return "several" if running else "closed" if fitting else "unknown"


def _fault(definition: definitions.Holder, piece: definitions.Enclosure, why: str, there: Sequence[Coupon]) -> Fault:
    text = later.text_at(definition, piece.line)
    running = [one for one in there if one.running]
    made = "" if running else NONE_RUNS
    key = names.name_key(piece.value)
    if why == "several":
        same = [one for one in running if names.name_key(one.title) == key]
        examples = tuple(f"＋クーポン {shown(one)}" for one in same[:MOST_EXAMPLES])
        return Fault(piece.line, text, f"の名前のクーポンは{len(same)}つあります。IDも書いてください", examples)
    examples = tuple(f"＋クーポン {one.title}" for one in running[:MOST_EXAMPLES])
    if why == "closed":
        return Fault(piece.line, text, f"のクーポン「{piece.value}」は終了しています{made}", examples)
    if not piece.value:
        return Fault(piece.line, text, f"にクーポンの名前がありません{made}", examples)
    known = [(normalise.fold(one.title), one.title) for one in running]
    near = nearness.nearest(normalise.fold(piece.value), known, 1)
    corrected = text.replace(piece.value, near[0]) if near else None
    return Fault(piece.line, text, f"のクーポン「{piece.value}」が見つかりません{made}", examples, corrected)

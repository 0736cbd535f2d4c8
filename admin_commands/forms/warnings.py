"""What staff should know before a form is in force: values answers write over, words that will look strange."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admin_commands import desk
from admin_commands.forms import looks
from storage import versions
from storage.drafted import Kept
from storage.fields import values
from storage.forms import results

MOST = 6


async def of(at: desk.Desk, one: Kept, written: versions.Kept, live: versions.Kept | None = None) -> list[str]:
    """All of it, the gravest first."""
    form = written.content["form"]
    found = [] if at.config.liff else [looks.NO_LIFF]
    found += _over(at, form)
    found += [] if form["overwrite"] != "always" else await overwriting(at, form)
    found += await _gone(one, form, live)
    found += await _full(one, form)
    if not form["thanks"]["text"] and not form["results"]:
        found.append("「お礼:」がないため、送信の後は「送信しました」とだけ出ます。")
    found += _odd(form)
    return found[:MOST]


def _over(at: desk.Desk, form: Mapping[str, Any]) -> list[str]:
    until = datetime.fromisoformat(form["until"]) if form["until"] else None
    return [f"締切（{at.moment(until)}）は、もう過ぎています。"] if until is not None and until <= at.now else []


async def overwriting(at: desk.Desk, form: Mapping[str, Any]) -> list[str]:
    """Which fields have values already that answers would write over."""
    saving = [one for one in looks.questions(form) if one.stored["field"] is not None]
    held = await values.held([one.stored["field"] for one in saving], at.sight) if saving else {}
    return [
        f"問{one.number}「{one.label}」→項目:{held[field].name} は、今の{held[field].friends:,}人分を上書きします。"
        for one in saving
        if (field := one.stored["field"]) in held and held[field].friends
    ]


async def _gone(one: Kept, form: Mapping[str, Any], live: versions.Kept | None) -> list[str]:
    """Questions with answers that are no longer asked."""
    if live is None:
        return []
    there = {each.key for each in looks.questions(form)}
    gone = [each.label for each in looks.questions(live.content["form"]) if each.key not in there]
    if not gone or not await results.any_answers(one.id):
        return []
    return [f"なくなる質問: {'・'.join(gone[:3])}（これまでの回答は残り、出力で見られます）"]


async def _full(one: Kept, form: Mapping[str, Any]) -> list[str]:
    """Where there are fewer places than are taken."""
    taken = await results.taken(one.id) if form["places"] is not None else 0
    if form["places"] is not None and taken >= form["places"]:
        return [f"定員{form['places']:,}人に、もう{taken:,}人が回答しています。新しい方は回答できません。"]
    return []


def _odd(form: Mapping[str, Any]) -> list[str]:
    """What reads strangely on the page."""
    asked = looks.questions(form)
    hidden = [one.label for one in asked if one.stored["hidden"] and one.stored["required"]]
    found = [f"「{label}」は必須ですが、非表示のため聞かれません。" for label in hidden]
    found += [
        f"問{one.number}「{one.label}」は選択肢が1つだけです。"
        for one in asked
        if one.stored["kind"] in ("single", "multiple", "pulldown") and len(one.stored["options"]) < 2
    ]
    if asked and all(one.stored["hidden"] for one in asked):
        found.append("表示される質問がありません。")
    return found

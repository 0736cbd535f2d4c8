"""フォーム 確認: the page as a picture in the talk, and a link by which staff try it; nothing of that is kept."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from admin_commands import cards, desk, drafted, pictures
from admin_commands.forms import looks, telling, warnings
from admin_commands.forms.looks import FORMS
from admin_commands.grammar.commands import Command as Said
from jobs import charts
from jobs.messages import hosting
from storage.forms import tickets

LIFE = timedelta(hours=1)
MOST_PARTS = 40
SHAPES = {
    **dict.fromkeys(("text", "number", "phone", "mail", "postcode", "kana", "date", "datetime", "time"), "line"),
    "long": "lines",
    "address": "lines",
    "single": "radio",
    "multiple": "check",
    "consent": "tick",
    "pulldown": "select",
    "prefecture": "select",
    "rating": "stars",
    "scale": "scale",
    "image": "file",
    "file": "file",
    "heading": "heading",
    "note": "note",
    "picture": "note",
}


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """Of the draft, where there is one."""
    one, written = await FORMS.latest(at, said)
    form = written.content["form"]
    which = "下書き" if one.draft is not None else drafted.STATES[one.state]
    before = await pictures.of(at, page(form))
    told: list[cards.Line] = [*await looks.described(at, one, written)]
    title = f"🔍 フォーム「{one.name}」#Q{one.id} {which}（版{written.number}）"
    found = await warnings.of(at, one, written)
    taps = (
        *((cards.Tap("公開", f"フォーム 公開 #Q{one.id}"),) if one.draft is not None else ()),
        cards.Tap("書出", f"フォーム 書出 #Q{one.id}"),
    )
    if not at.config.public:
        note = "絵と「自分で開く」には、このサーバーの公開アドレス（PUBLIC_URL）の設定が必要です。"
        return cards.Say("", taps, card=cards.panel(title, told, warnings=found, notes=[note]))
    token = await tickets.issue("preview", one.id, written.number, at.now + LIFE)
    note = f"「自分で開く」は{at.clock(at.now + LIFE)}まで。試しに答えても、何も保存されず、動作もしません。"
    opens = ("自分で開く", hosting.preview(token))
    made = cards.panel(title, told, warnings=found, notes=[note], link=opens)
    return cards.Say("", taps, before=before, card=made)


def page(form: Mapping[str, Any]) -> charts.Page:
    """What customers see, all pages below each other."""
    parts = list(_parts(form))
    button = "確認へ進む" if form["confirm"] else "送信する"
    return charts.Page(form["title"], form["description"], form["color"] or "", button, tuple(parts[:MOST_PARTS]))


def _parts(form: Mapping[str, Any]) -> Iterator[charts.Part]:
    several = len(form["pages"]) > 1
    for place, one in enumerate(form["pages"], 1):
        if several:
            label = f"{place}/{len(form['pages'])} {one['title']}".strip()
            yield charts.Part("page", label, condition=telling.condition(form, one["when"]))
        for question in one["questions"]:
            if not question["hidden"] and question["kind"] in SHAPES:
                yield _part(form, question)


def _part(form: Mapping[str, Any], one: Mapping[str, Any]) -> charts.Part:
    options = tuple(option["label"] for option in one["options"])
    match one["kind"]:
        case "rating":
            options = ("☆",) * int(one["most"] or 5)
        case "scale":
            options = tuple(map(str, range(int(one["least"] or 0), int(one["most"] or 10) + 1)))
        case "consent":
            options = ("同意する",)
        case "pulldown" | "prefecture":
            options = ()
        case _ if not options:
            options = (one["default"] or one["example"],)
    return charts.Part(
        SHAPES[one["kind"]],
        one["label"],
        one["help"],
        one["required"],
        telling.condition(form, one["when"]),
        tuple(filter(None, options)),
    )

"""Looking at forms: the list, one of them with its link, as a block, its versions, what uses it and what it uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin_commands import cards, desk, drafted, lists, objects, pictures, places, segments
from admin_commands.forms import telling
from admin_commands.grammar import definitions, words
from admin_commands.grammar.commands import Command as Said
from jobs import charts
from storage import forms as kept
from storage import versions
from storage.drafted import Kept
from storage.forms import results

Json = dict[str, Any]

TURNS = {"once": "1人1回", "many": "何度でも", "edit": "書き直せる"}
UNASKED = ("heading", "note", "picture", "hidden")  # kinds of what stands on a page and asks nothing
MOST_QUESTIONS = 12  # on a card
NO_LIFF = "LIFFの設定（LIFF_ID）がまだないため、お客様は開けません。設置した方にお伝えください。"
# Seconds that a question takes, by kind, and of any other.
SECONDS = {"long": 30, "address": 25, "text": 10, "mail": 12, "phone": 10, "image": 15, "file": 15, "kana": 8}
ANY_SECONDS = 5

FORMS = drafted.Drafts("forms", kept.ROWS, definitions.Form)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as staff number it: 問3."""

    number: int
    stored: Mapping[str, Any]

    @property
    def key(self) -> str:
        return str(self.stored["key"])

    @property
    def label(self) -> str:
        return str(self.stored["label"])


def everything_in(form: Mapping[str, Any]) -> Iterator[Json]:
    """All that stands on its pages, in order."""
    for page in form["pages"]:
        yield from page["questions"]


def questions(form: Mapping[str, Any]) -> list[Question]:
    """What is asked, as staff number it."""
    asked = [one for one in everything_in(form) if one["kind"] not in UNASKED]
    return [Question(number, one) for number, one in enumerate(asked, 1)]


def minutes(form: Mapping[str, Any]) -> int:
    """How long answering takes, about."""
    shown = [one.stored["kind"] for one in questions(form) if not one.stored["hidden"]]
    return max(1, round(sum(SECONDS.get(kind, ANY_SECONDS) for kind in shown) / 60))


async def head(at: desk.Desk, form: Mapping[str, Any]) -> list[cards.Line]:
    """質問, 期間, 定員, 対象 … of a stored form."""
    asked = questions(form)
    several = f"・{len(form['pages'])}ページ" if len(form["pages"]) > 1 else ""
    told: list[cards.Line] = [f"質問: {len(asked)}問・約{minutes(form)}分{several}"]
    told.append(f"回答: {_turns(at, form)}")
    since, until = (_moment(form[key]) for key in ("since", "until"))
    if since or until:
        told.append(f"期間: {at.moment(since) if since else ''}〜{at.moment(until) if until else ''}")
    if form["places"] is not None:
        told.append(f"定員: {form['places']:,}人（先着）")
    if form["target"] is not None:
        told.append(f"対象: {await segments.told(form['target'])}")
    if _notifies(form):
        told.append("通知: 回答の後、スタッフのグループで次にだれかが発言した時に出ます（0通）")
    return told


def _notifies(form: Mapping[str, Any]) -> bool:
    """Whether any answer or result makes staff hear of it."""
    asked = list(everything_in(form))
    choices = [option for question in asked for option in question["options"]]
    return any(deed["do"] == "notify" for one in (form, *asked, *choices, *form["results"]) for deed in one["actions"])


def _turns(at: desk.Desk, form: Mapping[str, Any]) -> str:
    until = _moment(form["edit_until"])
    return f"{at.moment(until)}まで書き直せる" if form["turns"] == "edit" and until else TURNS[form["turns"]]


def _moment(given: str | None) -> datetime | None:
    return datetime.fromisoformat(given) if given else None


def listed(form: Mapping[str, Any]) -> list[str]:
    """Its questions and results, one to a line: `問2 ご希望のメニュー（複数・必須）`, `結果「くせ毛」（4点以上）`."""
    asked = questions(form)
    told = [f"問{one.number} {one.label}（{_flags(one.stored)}）" for one in asked[:MOST_QUESTIONS]]
    told += [f"… ほか{len(asked) - MOST_QUESTIONS}問"] if len(asked) > MOST_QUESTIONS else []
    results = form["results"]
    told += [f"結果「{one['title']}」（{_fitting(form, one)}）" for one in results[:MOST_QUESTIONS]]
    return told + ([f"… ほか{len(results) - MOST_QUESTIONS}つの結果"] if len(results) > MOST_QUESTIONS else [])


def _fitting(form: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """When a result is shown: the first that fits is."""
    least, most = one["least"], one["most"]
    points = f"{least}〜{most}点" if least is not None and most is not None else ""
    points = points or (f"{least}点以上" if least is not None else f"{most}点以下" if most is not None else "")
    told = [points, telling.condition(form, one["when"])]
    return "・".join(filter(None, told)) or "ほかに合わない時"


def _flags(stored: Mapping[str, Any]) -> str:
    parts = [telling.KIND_WORDS[stored["kind"]]]
    parts += [word for word, so in (("必須", stored["required"]), ("非表示", stored["hidden"])) if so]
    parts += ["条件あり"] if stored["when"] is not None else []
    return "・".join(parts)


async def described(at: desk.Desk, _: Kept, written: versions.Kept) -> list[cards.Line]:
    """What a card says of a version."""
    form = written.content["form"]
    return [*await head(at, form), *listed(form)]


def address(at: desk.Desk, number: int) -> str:
    """Where customers open it; empty as long as there is no LIFF app."""
    return f"{at.config.liff}/f/{number}" if at.config.liff else ""


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    """By number, the latest first, with how many have answered."""
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    every = sorted(await kept.ROWS.everything(wanted), key=lambda one: -one.kept.id)
    found = every[lists.offset(page) : lists.offset(page) + lists.ROWS]
    answered = await results.friends([one.kept.id for one in found], at.sight)
    rows = []
    for one in found:
        draft = "・下書きあり" if one.kept.draft is not None and one.kept.live is not None else ""
        people = f"{answered.get(one.kept.id, 0):,}人"
        told = f"{one.kept.name} #Q{one.kept.id} … {drafted.STATES[one.kept.state]}・回答{people}{draft}"
        rows.append(cards.Row(told, f"フォーム 表示 #Q{one.kept.id}", f"#Q{one.kept.id}"))
    listing = f"フォーム 一覧 {words.show(words.Name(wanted))}" if wanted else "フォーム 一覧"
    empty = "まだありません。「フォーム 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "フォーム 作成")]
    return await lists.say(at, "📝 フォーム", rows, len(every), page, listing, empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """State, counts and the link, with its QR code as a picture."""
    one, written = await FORMS.in_use(at, said)
    form = written.content["form"]
    tally = await results.tally(one.id, at.sight)
    draft = "・下書きあり" if one.draft is not None and one.live is not None else ""
    told: list[cards.Line] = [f"状態: {drafted.STATES[one.state]}（版{written.number}{draft}）", *await head(at, form)]
    told.append(f"回答した人: {tally.friends:,}人" + (f"（{tally.submissions:,}件）" if tally.submissions else ""))
    if form["places"] is not None:
        taken = await results.taken(one.id)
        told.append(f"残り: {max(0, form['places'] - taken):,}人")
    told += await _places_left(one, form)
    if tally.last is not None:
        told.append(f"最後の回答: {at.moment(tally.last)}")
    name = words.show(words.Name(one.name))
    buttons = [cards.Tap("確認", f"フォーム 確認 {name}")]
    if one.draft is not None:
        buttons.insert(0, cards.Tap("公開", f"フォーム 公開 {name}"))
    if tally.submissions:
        buttons += [cards.Tap("結果", f"フォーム 結果 {name}"), cards.Tap("回答", f"フォーム 回答 {name} 最新5")]
    if one.state != "draft":
        verb = "停止" if one.state == "live" else "再開"
        buttons.append(cards.Tap(verb, f"フォーム {verb} {name}"))
    opened = address(at, one.id)
    before: tuple[cards.Message, ...] = ()
    if opened and one.live is not None:
        told.append(f"リンク: {opened}")
        qr = charts.Code(one.name, "スマートフォンのカメラで読み取ってください", opened)
        before = await pictures.of(at, qr)
    notes = [] if opened else [f"⚠ {NO_LIFF}"]
    panel = cards.panel(f"📝 フォーム「{one.name}」#Q{one.id}", told, notes=notes, buttons=buttons)
    taps = (cards.Tap("書出", f"フォーム 書出 {name}"),)
    return cards.Say("", taps, before=before, card=panel)


async def _places_left(one: Kept, form: Mapping[str, Any]) -> list[str]:
    """Of choices that only some may take, how many places are left."""
    limited = [
        (question, option)
        for question in everything_in(form)
        for option in question["options"]
        if option["places"] is not None
    ]
    if not limited:
        return []
    taken = await results.chosen(one.id)
    return [
        f"・{option['label']} … 残り{max(0, option['places'] - taken.get((question['key'], option['key']), 0)):,}"
        for question, option in limited[:MOST_QUESTIONS]
    ]


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    return await FORMS.show_versions(
        at, said, lambda stored: "・".join(each.label for each in questions(stored["form"]))[:30]
    )


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    """What opens it or asks for its answers; where there is nothing, what it names itself."""
    one, written = await FORMS.latest(at, said)
    used = await kept.uses(one.id)
    if used:
        return await places.list_of(at, FORMS.called(one), used)
    return cards.Say(f"{FORMS.called(one)}は、まだどこでも使われていません。\n{await FORMS.names(written)}".strip())

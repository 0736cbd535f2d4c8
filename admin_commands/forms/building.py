"""From a ■フォーム as read to the form as it is stored: names as numbers, dates with years, keys that last by label."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from admin_commands import content, desk, later, segments
from admin_commands.content import trees
from admin_commands.fields import kinds
from admin_commands.forms import fields
from admin_commands.grammar import asked, definitions, words
from admin_commands.grammar.faults import Fault
from storage import forms, names

Json = dict[str, Any]
Families = dict[str, dict[str, str]]

QUESTIONS, PAGES, RESULTS = "questions", "pages", "results"


@dataclass(slots=True)
class Keys:
    """The keys that questions, choices, pages and results have had in all versions, by family and label.

    A label keeps its key for ever, also where it was gone for some versions, and so the answers under it; the choices
    of the question q2 are the family `q2`.
    """

    given: Families = field(default_factory=dict)

    def of(self, family: str, label: str, sign: str, *, nth: int = 0) -> str:
        """The key of a label; of several with the same one the `nth`, from 0."""
        known = self.given.setdefault(family, {})
        name = names.name_key(label) + (f"\n{nth}" if nth else "")
        if name not in known:
            known[name] = f"{sign}{len(known) + 1}"
        return known[name]

    def renamed(self, family: str, label: str, new: str) -> None:
        """Let what is called otherwise from now on keep its key."""
        known = self.given.setdefault(family, {})
        old, now = names.name_key(label), names.name_key(new)
        if old in known and old != now:
            known[now], taken = known.pop(old), known.get(now)
            if taken is not None:
                known[old] = taken


@dataclass(slots=True)
class Built:
    form: Json
    keys: Families


async def build(
    at: desk.Desk, definition: definitions.Form, number: int, links: content.Links, known: Families
) -> Built:
    """The stored form; `known` are the keys of the version before. Raises content.Faulty."""
    builder = content.Builder(at, forms.ROWS.owner(number), links, definition)
    made = _Build(at, definition, builder, links, Keys({family: dict(one) for family, one in known.items()}))
    form = made.form()
    await builder.checked()
    if builder.faults:
        raise content.Faulty(builder.faults)
    return Built(form, made.keys.given)


def asking(definition: definitions.Form, old: str, new: str) -> definitions.Form:
    """The same form, in whose conditions a question is called otherwise."""

    def called(part: object) -> object | None:
        if not isinstance(part, asked.Chosen | asked.Filled | asked.Between):
            return None
        return replace(part, question=new) if names.name_key(part.question) == names.name_key(old) else None

    return trees.rebuilt(definition, called)


@dataclass(slots=True)
class _Build:
    at: desk.Desk
    definition: definitions.Form
    builder: content.Builder
    links: content.Links
    keys: Keys
    there: dict[str, tuple[definitions.FormQuestion, str]] = field(default_factory=dict)  # questions so far, with keys

    def form(self) -> Json:
        given = self.definition
        pages, results = self._pages(), self._results()
        tree = given.target.tree if given.target is not None else None
        today = self.at.local(self.at.now).date()
        target = segments.stored(tree, self.links.of, today, self.links.noted) if tree is not None else None
        questions = [one for page in pages for one in page["questions"]]
        right = any(each["right"] or any(option["right"] for option in each["options"]) for each in questions)
        return {
            "title": given.title or given.name,
            "description": given.description,
            "color": given.colour,
            "picture": self._picture(given.picture, given.line),
            "since": _iso(self.at, given.since),
            "until": _iso(self.at, given.until, ends=True),
            "places": given.places,
            "turns": given.turns,
            "edit_until": _iso(self.at, given.edit_until, ends=True),
            "target": target,
            "confirm": given.confirm,
            "restore": given.restore,
            "overwrite": given.overwrite or "always",
            "thanks": self._thanks(given.thanks, given.line),
            "closed": given.closed,
            "full": given.full,
            "outside": given.outside,
            "pages": pages,
            "results": results,
            "quiz": right,
            "actions": self.builder.stored(given.actions, given.line),
        }

    def _thanks(self, given: definitions.Thanks | None, line: int) -> Json:
        if given is None:
            return {"text": "", "picture": None, "link": None, "close": False, "next": None}
        follows = given.then if not isinstance(given.then, str) else None
        return {
            "text": given.text,
            "picture": self._picture(given.picture, line),
            "link": {"label": given.link[0], "address": given.link[1]} if given.link else None,
            "close": given.then == "close",
            "next": (self.links.of("forms", follows) or None) if follows is not None else None,
        }

    def _pages(self) -> list[Json]:
        """The questions in their pages; what stands above the first ▼… [ページ] is a page without a title."""
        pages: list[Json] = []
        seen: dict[str, int] = {}
        for part in self.definition.parts:
            if isinstance(part, definitions.FormQuestion):
                nth = seen.get(names.name_key(part.label), 0)
                seen[names.name_key(part.label)] = nth + 1
                key = self.keys.of(QUESTIONS, part.label, "q", nth=nth)
                if not pages:
                    pages.append(self._page("", None, part.line, 0))
                pages[-1]["questions"].append(self._question(part, key))
                self.there.setdefault(names.name_key(part.label), (part, key))
            elif isinstance(part, definitions.FormPage):
                same = sum(names.name_key(one["title"]) == names.name_key(part.title) for one in pages)
                pages.append(self._page(part.title, part.when, part.line, same))
        return pages

    def _page(self, title: str, when: asked.Asked | None, line: int, nth: int) -> Json:
        key = self.keys.of(PAGES, title, "p", nth=nth)
        return {"key": key, "title": title, "when": self._when(when, line), "questions": []}

    def _question(self, one: definitions.FormQuestion, key: str) -> Json:
        return {
            "key": key,
            "label": one.label,
            "kind": one.kind,
            "required": one.required,
            "help": one.help,
            "example": one.example,
            "default": one.default,
            "least": _bound(one.least),
            "most": _bound(one.most),
            "when": self._when(one.when, one.line),
            "hidden": one.hidden,
            "field": self._field(one),
            "options": [self._option(each, key) for each in one.options],
            "actions": self.builder.stored(one.actions, one.line),
            "right": one.right,
            "points": one.points,
            "explanation": one.explanation,
            "picture": self._picture(one.picture, one.line),
            "ends": list(one.ends) or None,
            "value": one.value or None,
        }

    def _option(self, one: definitions.FormOption, question: str) -> Json:
        return {
            "key": self.keys.of(question, one.label, "o"),
            "label": one.label,
            "places": one.most,
            "points": one.points,
            "right": one.right,
            "other": one.other,
            "actions": self.builder.stored(one.actions, one.line),
        }

    def _field(self, one: definitions.FormQuestion) -> int | None:
        if one.to is None:
            return None
        kept = self.links.noted.get(self.links.of("fields", one.to))
        if kept is None:
            return None  # what was deleted where the block was printed
        if not fields.fits(one.kind, kept.kind):
            what = f"の答えは、項目「{kept.name}」（{kinds.word(kept.kind)}）には入れられません"
            self._fault(one.line, what)
        return kept.id

    def _picture(self, given: words.Object | None, line: int) -> str | None:
        if given is None:
            return None
        kept = self.links.pictures.get(self.links.of("media", given))
        if kept is None:
            return None
        if kept.kind != "image":
            self._fault(line, f"の「{kept.name}」は画像ではありません")
        return kept.public_id

    def _results(self) -> list[Json]:
        found: list[Json] = []
        for one in self.definition.parts:
            if isinstance(one, definitions.FormResult):
                same = sum(names.name_key(each["title"]) == names.name_key(one.title) for each in found)
                found.append(
                    {
                        "key": self.keys.of(RESULTS, one.title, "r", nth=same),
                        "title": one.title,
                        **self._shown(one),
                        "when": self._when(one.when, one.line),
                        "least": one.least,
                        "most": one.most,
                        "actions": self.builder.run(one.pieces),
                    }
                )
        return found

    def _shown(self, one: definitions.FormResult) -> Json:
        """What a result shows: its words, a picture of ours, one button that opens an address."""
        text = "\n".join(piece.text for piece in one.pieces if isinstance(piece, definitions.Text))
        picture, link = None, None
        for piece in one.pieces:
            match piece:
                case definitions.Attachment("image", media=media) if media is not None:
                    picture = self._picture(media, piece.line)
                case definitions.Button(label, definitions.Open(address)):
                    link = {"label": label, "address": address}
                case definitions.Link():
                    link = {"label": piece.label, "address": piece.address}
                case definitions.Text() | definitions.Run():
                    pass
                case _:
                    self._fault(piece.line, "は、▼結果 では使えません（文・＋画像・＋ボタン・＋実行だけです）")
        return {"text": text, "picture": picture, "link": link}

    def _when(self, given: asked.Asked | None, line: int) -> Json | None:
        """A condition on answers; questions and choices by their keys."""
        match given:
            case None:
                return None
            case asked.All(of):
                return {"all": [self._when(one, line) for one in of]}
            case asked.Any(of):
                return {"any": [self._when(one, line) for one in of]}
            case asked.Not(what):
                return {"not": self._when(what, line)}
        found = self.there.get(names.name_key(given.question))
        if found is None:
            self._fault(line, f"の「{given.question}」という質問は、これより前にありません")
            return None
        return self._of(given, *found, line)

    def _of(self, given: asked.Leaf, question: definitions.FormQuestion, key: str, line: int) -> Json:
        """What is asked of one question."""
        match given:
            case asked.Filled(yes=yes):
                return {"q": key, "filled": yes}
            case asked.Between(least=least, most=most):
                return {"q": key, "from": least, "to": most}
        if not question.options:
            several: list[Json] = [{"q": key, "text": one} for one in given.values]
            return several[0] if len(several) == 1 else {"any": several}
        known = {names.name_key(one.label): self.keys.of(key, one.label, "o") for one in question.options}
        gone = [one for one in given.values if names.name_key(one) not in known]
        if gone:
            told = "・".join(one.label for one in question.options)
            self._fault(line, f"の「{gone[0]}」は、質問「{question.label}」の答えにありません（{told}）")
        return {"q": key, "is": [known[names.name_key(one)] for one in given.values if one not in gone]}

    def _fault(self, line: int, what: str) -> None:
        self.builder.faults.append(Fault(line, later.text_at(self.definition, line), what))


def _iso(at: desk.Desk, given: definitions.FormMoment | None, *, ends: bool = False) -> str | None:
    """The moment; a day without a time begins or `ends` with it, as midnight behind it."""
    if given is None or given.day.year is None:
        return None
    day = date(given.day.year, given.day.month, given.day.day)
    if given.at is None and ends:
        day += timedelta(days=1)
    return datetime.combine(day, given.at or time(0), at.zone).isoformat()


def _bound(given: definitions.Bound | None) -> int | float | str | None:
    return given.isoformat() if isinstance(given, date) else given

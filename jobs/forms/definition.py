"""A stored form held ready: its pages and questions, who may answer and when, and what follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from jobs import action_lists
from storage import segments

# fmt: off
Kind = Literal[
    "text", "long", "number", "single", "multiple", "pulldown", "date", "datetime", "time", "phone", "mail",
    "postcode", "address", "prefecture", "kana", "rating", "scale", "image", "file", "consent",
    "heading", "note", "picture", "hidden",
]
# fmt: on
KINDS: tuple[Kind, ...] = get_args(Kind)
CHOICES: frozenset[str] = frozenset({"single", "multiple", "pulldown"})
UPLOADS: frozenset[str] = frozenset({"image", "file"})
SILENT: frozenset[str] = frozenset({"heading", "note", "picture"})  # these ask nothing
Turns = Literal["once", "many", "edit"]
Overwrite = Literal["always", "empty", "never"]

# On answers of the same form: {"q": "q2", "is": ["o1"]} | {"q": "q2", "filled": true} | {"q": "q3", "from": 1, "to": 5}
# | {"q": "q1", "text": "…"} | {"all": [...]} | {"any": [...]} | {"not": {...}}
When = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    label: str
    places: int | None = None  # so many submissions may have it
    points: int | None = None
    right: bool = False
    other: bool = False  # with a line to write in
    actions: action_lists.ActionList = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`least` and `most`: characters, values, choices, MB, days from today or ISO days, as its kind has it."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    help: str = ""
    example: str = ""
    default: str = ""
    least: int | float | str | None = None
    most: int | float | str | None = None
    when: When | None = None
    hidden: bool = False
    field: int | None = None
    options: tuple[Option, ...] = ()
    actions: action_lists.ActionList = ()
    right: str | None = None
    points: int | None = None
    explanation: str = ""
    picture: str | None = None
    ends: tuple[str, str] | None = None
    value: str | None = None

    @property
    def asks(self) -> bool:
        return self.kind not in SILENT

    def option(self, key: str) -> Option | None:
        return next((one for one in self.options if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Page:
    key: str
    title: str
    when: When | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown to whom `when` is true for and whose points lie between `least` and `most`, both included."""

    key: str
    title: str
    text: str = ""
    picture: str | None = None
    link: Link | None = None
    when: When | None = None
    least: int | None = None
    most: int | None = None
    actions: action_lists.ActionList = ()


@dataclass(frozen=True, slots=True)
class Thanks:
    text: str = ""
    picture: str | None = None
    link: Link | None = None
    close: bool = False
    next: int | None = None  # the form that comes next


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    description: str
    color: str | None
    picture: str | None
    since: datetime | None
    until: datetime | None
    places: int | None
    turns: Turns
    edit_until: datetime | None
    target: segments.Segment | None
    confirm: bool
    restore: bool
    overwrite: Overwrite
    thanks: Thanks
    closed: str | None
    full: str | None
    outside: str | None
    pages: tuple[Page, ...]
    results: tuple[Result, ...]
    quiz: bool
    actions: action_lists.ActionList

    def questions(self) -> Iterator[Question]:
        """All of them, in their order."""
        for page in self.pages:
            yield from page.questions

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions() if one.key == key), None)

    @property
    def limited(self) -> bool:
        """Whether places have to be counted."""
        return self.places is not None or any(
            option.places is not None for question in self.questions() for option in question.options
        )


def read(stored: Mapping[str, Any]) -> Form:
    """The `form` of a stored version ready to use; what is not said is missing.

    Raises KeyError, TypeError or ValueError for what no version of ours has stored.
    """
    form = Form(
        title=stored["title"],
        description=stored.get("description") or "",
        color=stored.get("color"),
        picture=stored.get("picture"),
        since=_moment(stored.get("since")),
        until=_moment(stored.get("until")),
        places=stored.get("places"),
        turns=_one_of(Turns, stored.get("turns", "once")),
        edit_until=_moment(stored.get("edit_until")),
        target=segments.checked(target) if (target := stored.get("target")) is not None else None,
        confirm=stored.get("confirm", False),
        restore=stored.get("restore", False),
        overwrite=_one_of(Overwrite, stored.get("overwrite", "always")),
        thanks=_thanks(stored.get("thanks") or {}),
        closed=stored.get("closed"),
        full=stored.get("full"),
        outside=stored.get("outside"),
        pages=tuple(_page(one) for one in stored["pages"]),
        results=tuple(_result(one) for one in stored.get("results", ())),
        quiz=stored.get("quiz", False),
        actions=action_lists.load(stored.get("actions", ())),
    )
    keys = [one.key for one in form.questions()]
    if len(set(keys)) < len(keys):
        raise ValueError("two questions with one key")
    return form


def _page(stored: Mapping[str, Any]) -> Page:
    return Page(
        stored["key"],
        stored.get("title") or "",
        _when(stored.get("when")),
        tuple(_question(one) for one in stored["questions"]),
    )


def _question(stored: Mapping[str, Any]) -> Question:
    ends = stored.get("ends")
    return Question(
        key=stored["key"],
        label=stored["label"],
        kind=_one_of(Kind, stored["kind"]),
        required=stored.get("required", False),
        help=stored.get("help") or "",
        example=stored.get("example") or "",
        default=stored.get("default") or "",
        least=stored.get("least"),
        most=stored.get("most"),
        when=_when(stored.get("when")),
        hidden=stored.get("hidden", False),
        field=stored.get("field"),
        options=tuple(_option(one) for one in stored.get("options", ())),
        actions=action_lists.load(stored.get("actions", ())),
        right=stored.get("right"),
        points=stored.get("points"),
        explanation=stored.get("explanation") or "",
        picture=stored.get("picture"),
        ends=(ends[0], ends[1]) if ends else None,
        value=stored.get("value"),
    )


def _option(stored: Mapping[str, Any]) -> Option:
    return Option(
        stored["key"],
        stored["label"],
        stored.get("places"),
        stored.get("points"),
        stored.get("right", False),
        stored.get("other", False),
        action_lists.load(stored.get("actions", ())),
    )


def _result(stored: Mapping[str, Any]) -> Result:
    return Result(
        stored["key"],
        stored["title"],
        stored.get("text") or "",
        stored.get("picture"),
        _link(stored.get("link")),
        _when(stored.get("when")),
        stored.get("least"),
        stored.get("most"),
        action_lists.load(stored.get("actions", ())),
    )


def _thanks(stored: Mapping[str, Any]) -> Thanks:
    return Thanks(
        stored.get("text") or "",
        stored.get("picture"),
        _link(stored.get("link")),
        stored.get("close", False),
        stored.get("next"),
    )


def _link(stored: Mapping[str, str] | None) -> Link | None:
    return Link(stored["label"], stored["address"]) if stored else None


def _moment(stored: str | None) -> datetime | None:
    found = datetime.fromisoformat(stored) if stored else None
    if found is not None and found.tzinfo is None:
        raise ValueError(f"no zone: {stored}")
    return found


def _when(stored: When | None) -> When | None:
    """The same. Raises KeyError, TypeError or ValueError for what cannot be judged."""
    match stored:
        case None | {"q": str(), "is": [*_]} | {"q": str(), "filled": bool()} | {"q": str(), "text": str()}:
            pass
        case {"q": str()} if "from" in stored or "to" in stored:
            pass
        case {"all": [*parts]} | {"any": [*parts]}:
            for part in parts:
                _when(part)
        case {"not": dict() as part}:
            _when(part)
        case _:
            raise ValueError("no such condition on answers")
    return stored


def _one_of(kind: Any, given: str) -> Any:
    if given not in get_args(kind):
        raise ValueError(f"no such word: {given}")
    return given


def parts(when: When) -> Iterator[When]:
    """The condition and all that is in it."""
    yield when
    inner: Sequence[When] = (*when.get("all", ()), *when.get("any", ()), *([when["not"]] if "not" in when else ()))
    for one in inner:
        yield from parts(one)

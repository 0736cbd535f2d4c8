"""What can have happened to a friend, in our own words; everything passes `triggers.happened` as a set of these."""

from dataclasses import dataclass
from datetime import datetime

from jobs import action_lists


@dataclass(frozen=True, slots=True)
class Followed:
    event_id: str  # breaks ties between states of the same instant


@dataclass(frozen=True, slots=True)
class Unfollowed:
    event_id: str


@dataclass(frozen=True, slots=True)
class Said:
    """Wrote or sent something.

    `kind` is text, sticker, image, video, audio, file, location, or what LINE has invented since. `text` is what was
    written, what stands on a sticker, a file's name, a place's name and address. `sticker` is `package/number`.
    """

    kind: str
    text: str = ""
    sticker: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    button: int | None  # buttons.id; None when the postback names none of ours
    picked: str | None = None  # the day or moment chosen with it: 2026-12-24, 2026-12-24T18:30


@dataclass(frozen=True, slots=True)
class VideoCompleted:
    """Watched a film to its end; `button` has what follows."""

    button: int


@dataclass(frozen=True, slots=True)
class LinkClicked:
    """Has opened a measured link; `button` says what it does where it was sent (buttons.id)."""

    link: int
    button: int | None = None


@dataclass(frozen=True, slots=True)
class FormAnswered:
    """Has answered a form, or answered anew (`edited`); `actions` are what these answers do."""

    form: int
    submission: int
    edited: bool = False
    actions: action_lists.ActionList = ()


@dataclass(frozen=True, slots=True)
class TagAdded:
    tag: int


@dataclass(frozen=True, slots=True)
class TagRemoved:
    tag: int


@dataclass(frozen=True, slots=True)
class TagFull:
    """Should have got a tag that all those who may wear it wear already."""

    tag: int


@dataclass(frozen=True, slots=True)
class FieldChanged:
    field: int


@dataclass(frozen=True, slots=True)
class ScenarioStarted:
    scenario: int


@dataclass(frozen=True, slots=True)
class ScenarioStopped:
    scenario: int


@dataclass(frozen=True, slots=True)
class ScenarioFinished:
    scenario: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """Staff chose this friend."""


@dataclass(frozen=True, slots=True)
class TimeCame:
    """What was put off for this friend is due."""


What = (
    Followed
    | Unfollowed
    | Said
    | Pressed
    | VideoCompleted
    | LinkClicked
    | FormAnswered
    | TagAdded
    | TagRemoved
    | TagFull
    | FieldChanged
    | ScenarioStarted
    | ScenarioStopped
    | ScenarioFinished
    | ByHand
    | TimeCame
)


# Not frozen, like all that is made for each friend of a set: that would cost half a microsecond for each.


@dataclass(slots=True)
class Origin:
    """What set things going: the root of the causes of all that is sent because of it."""

    # "event:812", "step:40:k2", "operation:7", "later:93", "click:5", "submission:9": deliveries are numbered under it
    root: str
    row: str  # what the outbox looks at before it sends: "event:812", "scenario:3", "operation:7", "form:3"
    event: int | None = None  # the inbox row whose reply token may be alive
    answers: bool = False  # without an event the friend has done something: what is sent is no promotion
    deed: str | None = None  # what was the root before the first delay
    delays: int = 0  # shorter than a day, one after the other, that lie behind it


@dataclass(slots=True)
class Fact:
    """`what` happened to `friend` at `at`."""

    friend: int
    at: datetime
    what: What
    origin: Origin


def of_event(inbox_id: int) -> Origin:
    return Origin(f"event:{inbox_id}", f"event:{inbox_id}", inbox_id)


def of_click(click_id: int) -> Origin:
    return Origin(f"click:{click_id}", f"click:{click_id}", answers=True)


def of_submission(form_id: int, submission_id: int, revision: int) -> Origin:
    """What an answer to a form sets going; each edit of it is an origin of its own."""
    root = f"submission:{submission_id}" + (f".{revision}" if revision > 1 else "")
    return Origin(root, f"form:{form_id}", answers=True)

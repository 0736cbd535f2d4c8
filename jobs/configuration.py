"""The rules in memory: greetings, scenarios, auto-replies, templates as of one `config_version`; versions for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson
import structlog

from jobs import action_lists, hours, messages, questions, timing
from jobs.keywords import matching
from jobs.keywords import rules as keyword_rules
from storage import auto_replies, clock, database, errors, fields, links, outbox, segments, settings, tags, versions
from storage.segments import saved

# What making stored rules ready raises when an older version of ours, or a hand, has written them.
WRONG = (errors.Refused, AttributeError, IndexError, KeyError, TypeError, ValueError)
UNREADABLE = (
    "⚠️ 保存された内容に今は読めないものがあり、それだけを止めています: {}。「表示」で確かめ、貼り直してください。"
)
KINDS = {
    "greeting": "あいさつ",
    "scenario": "シナリオ #S{}",
    "template": "テンプレ #M{}",
    "tag": "タグ #T{}",
    "auto_reply": "自動応答 #A{}",
    "field": "項目 #K{}",
    "action": "アクション #X{}",
    "link": "リンク #L{}",
}

AGGREGATED = True  # 設定 LINE集計 until the shop chooses something else
MEASURED = True  # 設定 リンク計測 until the shop chooses something else

T = TypeVar("T")

log = structlog.get_logger()


class Unreadable(errors.Refused):
    """A stored scenario version can no longer be made ready."""


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    timing: timing.Timing
    messages: messages.Compiled | None
    actions: action_lists.ActionList
    when: segments.Segment | None = None  # only for friends whom this is true for when it is due
    otherwise: bool = False  # passed over where the conditional step before it was not

    @property
    def writes(self) -> bool:
        """Whether customers notice it: what only marks them may be done while they sleep."""
        return self.messages is not None or any(action.writes() for action in self.actions)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the shop's calendar, both of them included; None is open."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable scenario version, ready to run."""

    id: int
    scenario: int
    start: tuple[tuple[str, int | None], ...]  # ("follow", None) or ("tag", which)
    steps: tuple[Step, ...]
    target: segments.Segment | None  # 対象 and 追加日
    end_tags: frozenset[int]
    window: hours.Opening | None
    restart: str  # never | finished | always | resume
    ends_when: segments.Segment | None = None  # judged when a step is due; who fits is taken off
    period: Period | None = None  # in which one may start
    cap: int | None = None  # friends who may ever start
    over: action_lists.ActionList = ()  # what those beyond it get
    exclusive: bool = False  # whoever starts it is taken off all others
    finish: action_lists.ActionList = ()  # what follows its last step


@dataclass(frozen=True, slots=True)
class Scenario:
    id: int
    name: str
    state: str
    live_version: int | None


@dataclass(frozen=True, slots=True)
class TagRules:
    """What a tag does by itself, ready to run; `limit` is how many may wear it."""

    limit: int | None
    again: bool
    on: action_lists.ActionList = ()
    off: action_lists.ActionList = ()
    full: action_lists.ActionList = ()

    def at(self, moment: tags.Moment) -> action_lists.ActionList:
        return {"on": self.on, "off": self.off, "full": self.full}[moment]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What rules say at one `config_version`; looked at, never changed."""

    config_version: int
    zone: ZoneInfo
    greetings: dict[str, action_lists.ActionList]
    scenarios: dict[int, Scenario]
    started_by_follow: tuple[int, ...]
    started_by_tag: dict[int, tuple[int, ...]]
    ended_by_tag: dict[int, tuple[int, ...]]
    after_finish: dict[int, action_lists.ActionList]  # scenario -> what follows its end
    meaning: segments.Meaning  # what numbers of tags and saved segments stand for
    tag_rules: dict[int, TagRules]
    changed_fields: dict[int, action_lists.ActionList]  # what a field does where its value has changed
    templates: dict[int, messages.Compiled]
    auto_replies: matching.Rules
    questions: dict[int, dict[str, questions.Question]]  # of templates, by key
    action_sets: dict[int, action_lists.ActionList]
    links: dict[int, str]  # where measured links lead, by number
    as_typed: frozenset[int]  # those that friends get as they lead, because the shop does not have its buttons counted
    clicked_links: dict[int, action_lists.ActionList]  # what a link does when it is opened
    key: str = field(repr=False)  # signs each friend's addresses of links; empty where they are sent as they are
    public: bool  # phones can fetch what we serve ourselves
    liff: str  # where customers open our pages in LINE: https://liff.line.me/<LIFF_ID>; empty without an app
    chosen: dict[str, Any]  # settings that are not at their default
    awake: hours.Opening | None  # outside the shop's quiet hours
    business: hours.Opening | None  # when the shop is open, as far as it has said so
    unreadable: frozenset[tuple[str, int | str]]  # ("scenario", 3), ("greeting", "new"): what is left aside

    @property
    def cap(self) -> segments.Cap | None:
        """How many broadcasts a friend gets at most (設定 配信上限)."""
        said = self.chosen.get("capped")
        return segments.Cap(said["most"], said["span"]) if said else None

    def limited(self, asked: Sequence[int]) -> list[int]:
        """Those of these tags, or of what they mean by now, that not everybody may wear."""
        meant = [self.meaning.tags.get(one, one) for one in asked]
        return [one for one in meant if one in self.tag_rules and self.tag_rules[one].limit is not None]


class Cache:
    """One per process; `at(moment)` is the configuration that holds for that moment."""

    def __init__(self, zone: ZoneInfo, *, public: bool = True, key: str = "", liff: str = "") -> None:
        self._zone = zone
        self._public = public
        self._key = key
        self._liff = liff
        self._held: Configuration | None = None
        # None for what cannot be read: it will not become readable in this process either
        self._versions: dict[int, Version | None] = {}
        self._buttons: dict[int, action_lists.ActionList | None] = {}
        self._contents: dict[tuple[str, int], Any] = {}  # by owner and number
        self._auto_replies: dict[tuple[int, int], keyword_rules.Rule | None] = {}  # by number and version
        self._told: frozenset[tuple[str, int | str]] = frozenset()

    async def at(self, moment: clock.Moment) -> Configuration:
        """Call it in the transaction, in the statement after the locks; it reads again only when something changed."""
        if self._held is None or self._held.config_version != moment.config_version:
            self._held = await self._load(moment.config_version)
            await self._tell(self._held.unreadable)
        return self._held

    async def _load(self, config_version: int) -> Configuration:
        """What can no longer be read puts only itself aside."""
        greetings = await database.rows("SELECT kind, actions FROM greetings WHERE NOT stopped")
        scenarios = await database.rows(
            "SELECT id, name, state, live_version_id FROM scenarios WHERE deleted_at IS NULL"
        )
        templates = await database.rows("SELECT id, messages, questions FROM templates WHERE deleted_at IS NULL")
        sets = await database.rows("SELECT id, actions FROM action_sets WHERE deleted_at IS NULL")
        found = {row["id"]: Scenario(row["id"], row["name"], row["state"], row["live_version_id"]) for row in scenarios}
        live = {one.live_version: one.id for one in found.values() if one.live_version is not None}
        versions = await self.versions(list(live))
        merged = await tags.merged()
        ruled = await tags.all_rules()
        rules = {number: _ready("tag", number, _tag_rules, row) for number, row in ruled.items()}
        acting = await fields.acting()
        noted = {number: _ready("field", number, action_lists.load, rule) for number, rule in acting.items()}
        clicked = {number: _ready("link", number, _actions, kept) for number, kept in (await links.acting()).items()}
        chosen = await settings.chosen()
        answering = await self._answering()
        by_follow: list[int] = []
        by_tag: dict[int, tuple[int, ...]] = {}
        # steps already running may be pinned to older versions, but the end rule of the live one speaks for all
        ended: dict[int, tuple[int, ...]] = {}
        for version in versions.values():
            for on, tag in version.start:
                if on == "follow":
                    by_follow.append(version.scenario)
                elif tag is not None:
                    _add(by_tag, merged.get(tag, tag), version.scenario)
            for tag in version.end_tags:
                _add(ended, merged.get(tag, tag), version.scenario)
        greeted = {row["kind"]: _ready("greeting", row["kind"], _actions, row["actions"]) for row in greetings}
        asked = {
            row["id"]: _ready("template", row["id"], _questions, row["questions"])
            for row in templates
            if row["questions"] != "[]"
        }
        texts = {row["id"]: _ready("template", row["id"], _messages, row["messages"]) for row in templates}
        ready = {row["id"]: _ready("action", row["id"], _actions, row["actions"]) for row in sets}
        return Configuration(
            config_version=config_version,
            zone=self._zone,
            links=await links.leading(),
            as_typed=frozenset() if chosen.get("measured", MEASURED) else await links.counted_alone(),
            clicked_links={number: actions for number, actions in clicked.items() if actions is not None},
            key=self._key if self._public else "",
            public=self._public,
            liff=self._liff,
            greetings={kind: actions for kind, actions in greeted.items() if actions is not None},
            scenarios=found,
            started_by_follow=tuple(sorted(by_follow)),
            started_by_tag=by_tag,
            ended_by_tag=ended,
            after_finish={version.scenario: version.finish for version in versions.values() if version.finish},
            meaning=segments.Meaning(merged, await saved.conditions()),
            tag_rules={number: one or TagRules(ruled[number]["max_friends"], False) for number, one in rules.items()},
            changed_fields={number: actions for number, actions in noted.items() if actions is not None},
            templates={number: content for number, content in texts.items() if content is not None},
            auto_replies=matching.Rules(rule for rule in answering.values() if rule is not None),
            questions={number: one for number, one in asked.items() if one is not None},
            action_sets={number: actions for number, actions in ready.items() if actions is not None},
            chosen=chosen,
            awake=hours.awake(chosen),
            business=hours.business(chosen),
            unreadable=frozenset(
                [
                    *(("scenario", scenario) for version, scenario in live.items() if version not in versions),
                    *(("greeting", kind) for kind, actions in greeted.items() if actions is None),
                    *(
                        ("template", number)
                        for number in texts
                        if texts[number] is None or asked.get(number, ()) is None
                    ),
                    *(("action", number) for number, actions in ready.items() if actions is None),
                    *(("tag", number) for number, one in rules.items() if one is None),
                    *(("auto_reply", number) for number, rule in answering.items() if rule is None),
                    *(("field", number) for number, actions in noted.items() if actions is None),
                    *(("link", number) for number, actions in clicked.items() if actions is None),
                ]
            ),
        )

    async def _answering(self) -> dict[int, keyword_rules.Rule | None]:
        """The rules of auto-replies in force, by number; None for what cannot be read."""
        live = list((await auto_replies.ROWS.in_force()).items())
        known = {one: self._auto_replies[one] for one in live if one in self._auto_replies}
        missing = [one for one in live if one not in known]
        if missing:
            for (number, version), stored in (await auto_replies.ROWS.contents(missing)).items():
                known[number, version] = _ready("auto-reply", number, partial(_rule, number), stored)
        self._auto_replies = known  # older versions are not kept
        return {one[0]: known.get(one) for one in live}

    async def _tell(self, unreadable: frozenset[tuple[str, int | str]]) -> None:
        """Staff hear of what is left aside, once from each process."""
        if unreadable - self._told:
            await outbox.notice("unreadable", UNREADABLE.format("、".join(labels(unreadable))))
        self._told = unreadable

    async def versions(self, ids: Sequence[int]) -> dict[int, Version]:
        """Scenario versions by id; they never change, so each is read once. Those that cannot be read are absent."""
        missing = [one for one in set(ids) if one not in self._versions]
        if missing:
            for row in await database.rows(
                "SELECT id, scenario_id, definition FROM scenario_versions WHERE id = ANY($1::bigint[])",
                missing,
            ):
                self._versions[row["id"]] = _ready("scenario version", row["id"], _version, row)
        return {one: version for one in ids if (version := self._versions.get(one)) is not None}

    async def content(self, owner: str, number: int, read: Callable[[Mapping[str, Any]], T]) -> T | None:
        """What `read` makes of a version of `block_versions`; None for one nobody ever made, or that cannot be read.

        For what is committed: a version taken back leaves its number to another. All who ask for one owner's versions
        have them read in the same way.
        """
        if (owner, number) not in self._contents:
            kept = await versions.numbered(owner, number)
            if kept is None:
                return None
            self._contents[owner, number] = _ready(owner, number, read, kept.content)
        found: T | None = self._contents[owner, number]
        return found

    async def buttons(self, ids: Sequence[int]) -> dict[int, action_lists.ActionList]:
        """Action lists of buttons by id; those nobody ever made, or that cannot be read, are absent."""
        missing = [one for one in set(ids) if one not in self._buttons]
        if missing:
            for row in await database.rows("SELECT id, actions FROM buttons WHERE id = ANY($1::bigint[])", missing):
                self._buttons[row["id"]] = _ready("button", row["id"], _actions, row["actions"])
        return {one: actions for one in ids if (actions := self._buttons.get(one)) is not None}


def _add(found: dict[int, tuple[int, ...]], tag: int, scenario: int) -> None:
    """Two tags of one scenario may have become one."""
    if scenario not in found.get(tag, ()):
        found[tag] = (*found.get(tag, ()), scenario)


def labels(unreadable: frozenset[tuple[str, int | str]]) -> list[str]:
    """What is left aside, as staff call it: あいさつ, シナリオ #S3, テンプレ #M4."""
    return list(dict.fromkeys(KINDS[kind].format(key) for kind, key in sorted(unreadable, key=str)))


def _ready(kind: str, key: int | str, make: Callable[[Any], T], stored: Any) -> T | None:
    try:
        return make(stored)
    except WRONG as error:
        log.error("stored rule unreadable", kind=kind, id=key, exc_info=error)
        return None


def _actions(stored: str) -> action_lists.ActionList:
    return action_lists.load(orjson.loads(stored))


def _questions(stored: str) -> dict[str, questions.Question]:
    return questions.read(orjson.loads(stored))


def _messages(stored: str) -> messages.Compiled:
    return messages.compile(orjson.loads(stored))


def _tag_rules(row: dict[str, Any]) -> TagRules:
    said = tags.read_rules(row)
    lists = {key: action_lists.load(rule.actions) for key in tags.MOMENTS if (rule := said.at(key)) is not None}
    return TagRules(said.limit, said.again, **lists)


def _rule(number: int, stored: str) -> keyword_rules.Rule:
    return keyword_rules.read(number, orjson.loads(stored))


def _version(row: dict[str, Any]) -> Version:
    return read_version(row["id"], row["scenario_id"], orjson.loads(row["definition"]))


def read_version(version_id: int, scenario_id: int, definition: dict[str, Any]) -> Version:
    """A stored version ready to run. Raises Unreadable."""
    try:
        return _read_version(version_id, scenario_id, definition)
    except WRONG as error:
        raise Unreadable("保存された内容を今は読めません。ブロックを貼り直して公開してください。") from error


def _read_version(version_id: int, scenario_id: int, definition: dict[str, Any]) -> Version:
    ends = definition.get("end", [])
    return Version(
        id=version_id,
        scenario=scenario_id,
        start=tuple((start["on"], start.get("tag")) for start in definition.get("start", [])),
        steps=tuple(
            Step(
                key=step["key"],
                timing=timing.from_json(step["timing"]),
                messages=messages.compile(step["messages"]) if step["messages"] else None,
                actions=action_lists.load(step["actions"]),
                when=segments.checked(when) if (when := step.get("when")) is not None else None,
                otherwise=step.get("otherwise", False),
            )
            for step in definition["steps"]
        ),
        target=target_of(definition),
        end_tags=frozenset(end["tag"] for end in ends if end["on"] == "tag"),
        window=hours.from_json(definition.get("window")),
        restart=definition.get("restart", "never"),
        ends_when=_joined("any", [end["when"] for end in ends if end["on"] == "when"]),
        period=_period(definition.get("period")),
        cap=definition.get("cap"),
        over=action_lists.load(definition.get("over", ())),
        exclusive=definition.get("exclusive", False),
        finish=action_lists.load(definition.get("finish", ())),
    )


def target_of(definition: Mapping[str, Any]) -> segments.Segment | None:
    """Who may start at all: 対象, and those of whom 追加日 is true."""
    followed = [{"followed": definition["added"]}] if definition.get("added") else []
    return _joined("all", [*([definition["target"]] if definition.get("target") is not None else []), *followed])


def _joined(word: str, given: Sequence[segments.Segment]) -> segments.Segment | None:
    if not given:
        return None
    return segments.checked(given[0] if len(given) == 1 else {word: list(given)})


def _period(stored: Mapping[str, str] | None) -> Period | None:
    if not stored:
        return None
    first, last = (date.fromisoformat(stored[end]) if end in stored else None for end in ("from", "to"))
    return Period(first, last)

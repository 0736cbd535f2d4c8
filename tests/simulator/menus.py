"""Rich menus of one channel: what was made, who is linked to what, and what each phone shows of it [section 7]."""

import base64
import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from tests.simulator import japan

MENUS = 1_000
ALIASES = 1_000
KEPT_MS = 14 * japan.DAY_MS
MENU_ID = re.compile(r"richmenu-[0-9a-f]{32}", re.ASCII)
MANAGER = "manager"

Bytes = Annotated[
    bytes,
    BeforeValidator(lambda kept: base64.b64decode(kept) if isinstance(kept, str) else kept),
    PlainSerializer(lambda data: base64.b64encode(data).decode()),
]


@dataclass(slots=True)
class Picture:
    content_type: str
    data: Bytes


@dataclass(slots=True)
class Menu:
    """content is the rich menu object as LINE gives it back."""

    id: str
    content: dict[str, Any]
    picture: Picture | None = None

    @property
    def areas(self) -> list[dict[str, Any]]:
        areas: list[dict[str, Any]] = self.content.get("areas", [])
        return areas


@dataclass(slots=True)
class Alias:
    """before: what it named until changed_ms, since an update may lie in caches for a while."""

    menu_id: str
    before: str | None = None
    changed_ms: int = 0


@dataclass(slots=True)
class Bulk:
    """One bulk link (menu_id None: unlink) that is answered already and still to be done."""

    due_ms: int
    users: list[str]
    menu_id: str | None


@dataclass(slots=True)
class Change:
    """One user's part of a batch: from the menu they had when it was accepted, to another or none."""

    user_id: str
    before: str
    after: str | None


@dataclass(slots=True)
class Batch:
    """todo: what is not done yet; a resumed request takes over what the first has left."""

    accepted_ms: int
    due_ms: int
    operations: list[dict[str, Any]]
    key: str | None
    key_from_ms: int
    todo: list[Change]
    phase: str = "ongoing"
    completed_ms: int | None = None
    will_fail: bool = False


@dataclass(slots=True)
class Shown:
    """What stands at the bottom of the open talk on one phone. menu_id None: nothing; MANAGER: the manager's menu."""

    menu_id: str | None
    open: bool = False


@dataclass(slots=True)
class Day:
    """What one menu was looked at and tapped on one day in Japan; taps and tappers by the area's index."""

    views: int = 0
    viewers: set[str] = field(default_factory=set)
    taps: dict[int, int] = field(default_factory=dict)
    tappers: dict[int, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class RichMenus:
    """gone: deleted menus that a phone still shows. on_phones: of those who have the talk open.

    default_before: what was the default until default_ms.

    days: menu id -> yyyyMMdd -> Day. batches are found by the id of the request that was accepted.
    """

    menus: dict[str, Menu] = field(default_factory=dict)
    gone: dict[str, Menu] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    default_id: str | None = None
    default_before: str | None = None
    default_ms: int = 0
    bulks: list[Bulk] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)
    on_phones: dict[str, Shown] = field(default_factory=dict)
    days: dict[str, dict[str, Day]] = field(default_factory=dict)

    def set_default(self, menu_id: str | None, now_ms: int) -> None:
        self.default_before, self.default_id, self.default_ms = self.default_id, menu_id, now_ms

    def default_at(self, now_ms: int, delay_ms: int) -> str | None:
        """What is given to a phone that asks now; the newest default may take a while."""
        return self.default_before if now_ms - self.default_ms < delay_ms else self.default_id

    def name_alias(self, alias_id: str, menu_id: str, now_ms: int) -> None:
        """Let an alias name this menu, for the first time or from now on."""
        old = self.aliases.get(alias_id)
        self.aliases[alias_id] = Alias(menu_id, None if old is None else old.menu_id, now_ms)

    def named(self, alias_id: str, now_ms: int, delay_ms: int) -> str | None:
        """The menu id an alias leads to now; None when there is no such alias."""
        alias = self.aliases.get(alias_id)
        if alias is None:
            return None
        stale = alias.before is not None and now_ms - alias.changed_ms < delay_ms
        return alias.before if stale else alias.menu_id

    def delete(self, menu_id: str) -> None:
        """Links and the default go with it; aliases stay and lead nowhere; phones show it until they look again."""
        menu = self.menus.pop(menu_id)
        if any(there.menu_id == menu_id for there in self.on_phones.values()):
            self.gone[menu_id] = menu
        self.links = {user_id: linked for user_id, linked in self.links.items() if linked != menu_id}
        self.default_id = None if self.default_id == menu_id else self.default_id
        self.default_before = None if self.default_before == menu_id else self.default_before

    def forget_gone(self) -> None:
        """Deleted menus that no phone shows any more."""
        if self.gone:
            shown = {there.menu_id for there in self.on_phones.values()}
            self.gone = {menu_id: menu for menu_id, menu in self.gone.items() if menu_id in shown}

    def day(self, menu_id: str, date: str) -> Day:
        return self.days.setdefault(menu_id, {}).setdefault(date, Day())

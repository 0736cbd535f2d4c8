"""Link tokens: the first half of joining a LINE account with a shop's own account [R#issue-link-token]."""

import secrets
from dataclasses import dataclass, field

from tests.simulator import aging

LIVE_MS = 10 * 60_000


@dataclass(slots=True)
class LinkToken:
    user: str
    made_ms: int


@dataclass(slots=True)
class LinkTokens:
    """Those not used yet; each is good for ten minutes and once."""

    open: dict[str, LinkToken] = field(default_factory=dict)

    def issue(self, user: str, now_ms: int) -> str:
        aging.forget(self.open, lambda old: now_ms - old.made_ms >= LIVE_MS)
        token = secrets.token_urlsafe(24)
        self.open[token] = LinkToken(user, now_ms)
        return token

    def owner(self, token: str, now_ms: int) -> str | None:
        """Whom it was issued for; None when it is unknown, used or too old."""
        made = self.open.get(token)
        return None if made is None or now_ms - made.made_ms >= LIVE_MS else made.user

    def use(self, token: str) -> None:
        del self.open[token]

"""Channel access tokens of a messaging channel: four kinds, each with its own number and length of life [section 8]."""

import secrets
from dataclasses import dataclass, field

LONG, SHORT, STATELESS, V2_1 = "long-lived", "short-lived", "stateless", "v2.1"
SHORT_S, STATELESS_S, V2_1_MOST_S = 30 * 86_400, 15 * 60, 30 * 86_400
LONG_S = 100 * 365 * 86_400
SHORT_MOST = V2_1_MOST = 30
FORGOTTEN_MS = 86_400_000


@dataclass(slots=True)
class Token:
    """kid: key_id of a v2.1 token. revoked ones are kept, so that they can be told from unknown ones."""

    kind: str
    until_ms: int
    kid: str | None = None
    revoked: bool = False

    def alive(self, now_ms: int) -> bool:
        return not self.revoked and now_ms < self.until_ms


@dataclass(slots=True)
class ChannelTokens:
    """given: token -> what it is, oldest first. signing_keys: kid -> the JWK (n, e) that assertions are signed with."""

    given: dict[str, Token] = field(default_factory=dict)
    signing_keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def issue(self, kind: str, seconds: int, now_ms: int) -> str:
        for old in [text for text, token in self.given.items() if token.until_ms + FORGOTTEN_MS < now_ms]:
            del self.given[old]
        text = secrets.token_urlsafe(96)
        kid = secrets.token_urlsafe(16) if kind == V2_1 else None
        self.given[text] = Token(kind, now_ms + seconds * 1000, kid)
        return text

    def alive(self, kind: str, now_ms: int) -> list[Token]:
        """Oldest first."""
        return [token for token in self.given.values() if token.kind == kind and token.alive(now_ms)]

    def opens(self, text: str, now_ms: int) -> bool:
        token = self.given.get(text)
        return token is not None and token.alive(now_ms)

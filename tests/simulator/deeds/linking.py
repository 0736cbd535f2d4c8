"""Account linking as a person does it: at access.line.me/dialog/bot/accountLink, with a link token and a nonce."""

from tests.simulator.channel import Channel
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event

NONCE_LEAST, NONCE_MOST = 10, 255


def check(channel: Channel, token: str, nonce: str) -> str:
    """Whom the token was issued for; one that is unknown, too old or used shows an error and tells the bot nothing."""
    if not NONCE_LEAST <= len(nonce) <= NONCE_MOST:
        raise Impossible(
            f"LINE shows an error: a nonce has {NONCE_LEAST} to {NONCE_MOST} characters",
            f"nonceは{NONCE_LEAST}〜{NONCE_MOST}文字です。",
        )
    owner = channel.link_tokens.owner(token, channel.clock.now_ms())
    if owner is None:
        raise no_good()
    return owner


def link(channel: Channel, person: Person, token: str, nonce: str) -> Event:
    """Uses the token up; with one of somebody else it fails, and the bot is told so."""
    owner = check(channel, token, nonce)
    channel.link_tokens.use(token)
    return events.account_link(channel, person if owner == person.id else None, nonce)


def no_good() -> Impossible:
    return Impossible(
        "LINE shows an error: the link token is unknown, used or too old",
        "この連携用URLは、有効期限（10分）が切れているか、もう使われています。",
    )

"""A visit to the login screens: which one is next, and what a press on it does."""

import secrets
from dataclasses import dataclass

from tests.simulator import people
from tests.simulator.deeds import friendship
from tests.simulator.login import issuing
from tests.simulator.login.here import Here
from tests.simulator.login.requests import with_query
from tests.simulator.people import Impossible
from tests.simulator.providers.login_channels import ASK_S, Ask
from tests.simulator.webhooks.events import Event

PERSON = "person"
CONTINUE = "continue"
CONSENT = "consent"
FRIEND = "friend"
REQUIRED = ("openid", "profile")


def keep(here: Here, ask: Ask) -> None:
    here.login.tidy(here.now_s())
    here.login.asks[ask.id] = ask


def for_liff(here: Here, user_id: str, scopes: list[str], bot_prompt: str, return_to: str) -> Ask:
    """The screens before a LIFF app opens in LINE, where it is known who looks at them."""
    return Ask(
        id=secrets.token_urlsafe(24),
        until_s=here.now_s() + ASK_S,
        scopes=list(scopes),
        bot_prompt=bot_prompt,
        return_to=return_to,
        user=user_id,
        auth_s=here.now_s(),
    )


def next_screen(here: Here, ask: Ask) -> str | None:
    """None: there is nothing more to ask."""
    if ask.user is None:
        return PERSON if ask.suggested is None else CONTINUE
    if here.login.needs_consent(ask.user, ask.scopes) or (ask.prompt == "consent" and not ask.consent_shown):
        return CONSENT
    offered = ask.bot_prompt == "aggressive" and here.login.linked and (ask.consent_shown or here.login.friend_again)
    return FRIEND if offered and not ask.friend_asked and not here.is_friend(ask.user) else None


@dataclass(slots=True)
class Pressed:
    """What came of a press: an event for the bot, somebody newly logged in, or a cancelled visit."""

    event: Event | None = None
    logged_in: str | None = None
    cancelled: bool = False


def press(here: Here, ask: Ask, do: str, *, optional: list[str], friend: bool) -> Pressed:
    """do: the button's value. A press that does not belong to the screen that is due changes nothing."""
    now = next_screen(here, ask)
    deed, _, user_id = do.partition(" ")
    if now in (PERSON, CONTINUE) and deed == "person":
        log_in(here, ask, user_id)
        return Pressed(logged_in=user_id)
    if now == CONTINUE and deed == "other":
        ask.suggested = None
    if now == CONSENT and deed == "agree":
        return Pressed(agree(here, ask, optional, friend))
    if now == CONSENT and deed == "cancel":
        return Pressed(cancelled=True)
    if now == FRIEND and deed == "add":
        return Pressed(add_friend(here, ask))
    if now == FRIEND and deed == "later":
        ask.friend_asked = True
    return Pressed()


def log_in(here: Here, ask: Ask, user_id: str) -> None:
    """Chosen from the cast (a login with password, so to speak) or confirmed after an earlier one."""
    if here.channel.person(user_id).state == people.DELETED:
        raise Impossible("this account is deleted", "このアカウントは削除されています。")
    if user_id != ask.suggested:
        ask.amr, ask.auth_s = "pwd", here.now_s()
    ask.user = user_id


def agree(here: Here, ask: Ask, optional: list[str], befriend: bool) -> Event | None:
    """Consent to the required permissions and those of the others that were left on."""
    assert ask.user is not None
    granted = [scope for scope in ask.scopes if scope in REQUIRED or scope in optional]
    here.login.agree(ask.user, ask.scopes, granted)
    ask.consent_shown = True
    return add_friend(here, ask) if befriend and ask.bot_prompt == "normal" else None


def add_friend(here: Here, ask: Ask) -> Event | None:
    """Add or unblock the linked account; None when it is a friend already."""
    ask.friend_asked = True
    assert ask.user is not None
    event = befriend(here, ask.user)
    ask.friend_changed = event is not None
    return event


def befriend(here: Here, user_id: str) -> Event | None:
    person = here.channel.person(user_id)
    if not here.login.linked or person.state == people.FRIEND:
        return None
    return friendship.follow(here.channel, person)


def finish(here: Here, ask: Ask) -> str:
    """Where the browser goes now: on into the LIFF app, or back to the application with a code."""
    assert ask.user is not None
    here.login.asks.pop(ask.id, None)
    if ask.return_to is not None:
        return ask.return_to
    granted = here.login.granted(ask.user)
    told = {
        "code": issuing.code(here, ask, [scope for scope in ask.scopes if scope in granted]),
        "state": ask.state,
    }
    if ask.bot_prompt != "none" and here.login.linked and (ask.consent_shown or ask.friend_asked):
        told["friendship_status_changed"] = "true" if ask.friend_changed else "false"
    return with_query(ask.redirect_uri, {**told, **liff_words(here, ask)})


def liff_words(here: Here, ask: Ask) -> dict[str, str]:
    """What liff.login() finds in its callback besides the code."""
    return {} if ask.liff is None else {"liffClientId": here.login.id, "liffRedirectUri": ask.redirect_uri}


def denied(here: Here, ask: Ask) -> str | None:
    """Cancelled on the consent screen; None: a LIFF app in LINE simply does not open."""
    here.login.asks.pop(ask.id, None)
    if ask.return_to is not None:
        return None
    return refused(ask.redirect_uri, ask.state, "ACCESS_DENIED", "The resource owner denied the request.")


def refused(redirect_uri: str, state: str | None, error: str, description: str) -> str:
    told = {"error": error, "error_description": description}
    if state:
        told["state"] = state
    return with_query(redirect_uri, told)

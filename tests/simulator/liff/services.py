"""What the stand-in of the SDK asks of LINE. LINE's own such calls are not documented; these are ours alone."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.liff import contexts, opening, sending
from tests.simulator.login import here as finding
from tests.simulator.login import profiles, visits
from tests.simulator.login.door import Knock, LoginEndpoint, json
from tests.simulator.login.here import Here
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.providers import jws
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.login_channels import Share
from tests.simulator.webhooks.events import Event

PATH = "/liff/v2"
NOT_GRANTED = "user doesn't grant required permissions yet"
Content = dict[str, str | None]


def whose_app(knock: Knock) -> Here | None:
    found = finding.by_app(knock.platform, knock.call.parts["liff_id"])
    if found is None or found[1].off:
        raise answers.not_found()
    return found[0]


def context(here: Here, knock: Knock) -> Answer:
    """The app, and with an access token also who looks at it and from where. 401: the token is none (any more)."""
    app = here.login.apps[knock.call.parts["liff_id"]]
    host = "miniapp" if app.mini else "liff"
    facts = {
        "permanentLink": f"{here.platform.base_url}/{host}/{app.id}",
        "loginUrl": f"{here.platform.base_url}/access/oauth2/v2.1/authorize",
        "clientId": here.login.id,
        "linked": here.login.linked,
        "account": here.channel.name,
    }
    if not knock.bearer:
        return json({**facts, "context": contexts.context(here, app, None, "external", None)})
    profiles.whose(knock)
    access = here.login.access.get(knock.bearer)
    if access is None or access.liff != app.id:
        raise answers.refuse(401, "invalid token")
    content = opened(here, app, access.user, knock.call.query("context_token"))
    kind = "external" if content is None else str(content["kind"])
    granted = here.login.granted(access.user)
    return json(
        {
            **facts,
            "context": contexts.context(here, app, access.user, kind, knock.bearer),
            "granted": [scope for scope in app.scopes if scope in granted],
        }
    )


def opened(here: Here, app: LiffApp, user_id: str, token: str | None) -> Content | None:
    """Where in LINE this person has opened the app; None in an external browser."""
    content = None if token is None else jws.read_note(here.login.secret, "context", token, here.now_s())
    if content is None or content["liff"] != app.id or content["user"] != user_id:
        return None
    return content


def login(here: Here, knock: Knock) -> Answer:
    """In LINE liff.init() logs in by itself, also after liff.logout(); who that is, the context still says."""
    app = here.login.apps[knock.call.parts["liff_id"]]
    token = knock.call.body().get("context_token")
    content = jws.read_note(here.login.secret, "context", token, here.now_s()) if isinstance(token, str) else None
    if content is None or content["liff"] != app.id or content["user"] not in here.login.consents:
        raise answers.refuse(401, "invalid token")
    return json(opening.tokens(here, app, content["user"]))


def app_and_person(here: Here, knock: Knock) -> tuple[LiffApp, Person]:
    """Of the access token in the header; 401 when it was not made for a LIFF app."""
    access = here.login.access[knock.bearer]
    app = None if access.liff is None else here.login.apps.get(access.liff)
    if app is None or app.off:
        raise answers.refuse(401, "invalid token")
    return app, here.channel.person(access.user)


def messages(here: Here, knock: Knock) -> Answer:
    """liff.sendMessages(): into the talk the app was opened from, if there is one and the person allows it."""
    app, person = app_and_person(here, knock)
    body = knock.call.body()
    token = body.get("context_token")
    content = opened(here, app, person.id, token if isinstance(token, str) else None)
    allowed = "chat_message.write" in app.scopes and "chat_message.write" in here.login.granted(person.id)
    if content is None or content["chat"] is None or not allowed:
        raise answers.refuse(403, NOT_GRANTED)
    wanted = sending.check(here.channel, body.get("messages"), sending.KINDS)
    try:
        group = here.channel.groups.get(content["chat"])
        tell(here, knock, sending.send(here.channel, person, group, wanted))
    except Impossible:
        raise answers.refuse(403, NOT_GRANTED) from None
    return answers.ok()


def targets(here: Here, knock: Knock) -> Answer:
    """Whom the share target picker offers: the person's groups, and everybody else as a friend of theirs."""
    _, person = app_and_person(here, knock)
    groups = [{"id": group.id, "name": group.name, "kind": "group"} for group in groups_of(here, person)]
    others = [one for one in here.channel.people.values() if one.id != person.id]
    friends = [{"id": one.id, "name": one.name, "kind": "friend"} for one in others[:50]]
    return json({"targets": groups + friends})


def groups_of(here: Here, person: Person) -> list[Group]:
    return [group for group in here.channel.groups.values() if person.id in group.members]


def share(here: Here, knock: Knock) -> Answer:
    """liff.shareTargetPicker(): groups see it in their talk. What goes to a friend is put down (shares), since two
    people have no talk with each other here."""
    app, person = app_and_person(here, knock)
    if not app.share:
        raise answers.refuse(403, "The share target picker is not enabled")
    body = knock.call.body()
    wanted = sending.check(here.channel, body.get("messages"), sending.SHARED_KINDS)
    to = body.get("to")
    if not isinstance(to, list) or not all(here.channel.chat_exists(str(one)) for one in to):
        raise answers.bad_property("to")
    if not to:
        return answers.ok()
    chosen = [group for group in groups_of(here, person) if group.id in to]
    tell(here, knock, [event for group in chosen for event in sending.send(here.channel, person, group, wanted)])
    here.login.shares.append(Share(person.id, [str(one) for one in to], wanted))
    return answers.ok()


def befriend(here: Here, knock: Knock) -> Answer:
    """liff.requestFriendship(), once the person has pressed its button."""
    app, person = app_and_person(here, knock)
    if not here.login.linked or app.size != "full":
        raise answers.refuse(403, "requestFriendship is not available")
    event = visits.befriend(here, person.id)
    tell(here, knock, [] if event is None else [event])
    return answers.ok()


def scan(here: Here, knock: Knock) -> Answer:
    """liff.scanCodeV2(): what the knob `scans` says is on the code."""
    app, _ = app_and_person(here, knock)
    if app.scans is None or not app.qr_code:
        raise answers.refuse(403, "scanCodeV2 is not available")
    return json({"value": app.scans})


def tell(here: Here, knock: Knock, made: list[Event]) -> None:
    """Webhooks leave one after another, once the page has its answer."""

    async def deliver() -> None:
        for event in made:
            await knock.call.postman.deliver(here.channel, event)

    if made:
        knock.call.after_answer = lambda: knock.call.postman.beside(deliver())


ENDPOINTS = [
    LoginEndpoint("liff_context", "GET", PATH + "/apps/{liff_id}/context", whose_app, context, pages=True),
    LoginEndpoint("liff_login", "POST", PATH + "/apps/{liff_id}/login", whose_app, login, pages=True),
    LoginEndpoint("liff_messages", "POST", PATH + "/messages", profiles.whose, messages, pages=True),
    LoginEndpoint("liff_targets", "GET", PATH + "/share/targets", profiles.whose, targets, pages=True),
    LoginEndpoint("liff_share", "POST", PATH + "/share", profiles.whose, share, pages=True),
    LoginEndpoint("liff_friendship", "POST", PATH + "/friendship", profiles.whose, befriend, pages=True),
    LoginEndpoint("liff_scan", "POST", PATH + "/scan", profiles.whose, scan, pages=True),
]

"""What an access token tells of the person: profile, user information, friendship; and taking the consent back."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer, Refusal
from tests.simulator.login import here as finding
from tests.simulator.login import oauth
from tests.simulator.login.door import Knock, LoginEndpoint, json
from tests.simulator.login.here import Here
from tests.simulator.providers.login_channels import Access

NO_BOT = "There is no login bot linked to this channel."


def whose(knock: Knock) -> Here | None:
    """The wording of these refusals is not documented [?]; the statuses are."""
    found = finding.by_access(knock.platform, knock.bearer)
    if found is None:
        raise answers.refuse(401, "invalid token")
    here, access = found
    try:
        oauth.check_alive(here, access)
    except Refusal as refusal:
        raise answers.refuse(401, refusal.answer.note or "invalid token") from None
    return here


def access_with(here: Here, knock: Knock, scope: str) -> Access:
    """The token in the call's header, which must carry that permission."""
    access = here.login.access[knock.bearer]
    if scope not in access.scopes:
        raise answers.refuse(403, "The access token does not have the required scope")
    return access


def profile(here: Here, knock: Knock) -> Answer:
    person = here.channel.person(access_with(here, knock, "profile").user)
    body = {
        "userId": here.login.subject(person.id),
        "displayName": person.name,
        "pictureUrl": person.picture_url,
        "statusMessage": person.status_message,
    }
    return json({name: value for name, value in body.items() if value is not None})


def user_information(here: Here, knock: Knock) -> Answer:
    access = access_with(here, knock, "openid")
    person = here.channel.person(access.user)
    body = {"sub": here.login.subject(person.id)}
    if "profile" in access.scopes:
        body["name"] = person.name
        if person.picture_url is not None:
            body["picture"] = person.picture_url
    return json(body)


def friendship(here: Here, knock: Knock) -> Answer:
    """friendFlag: added and not blocked."""
    access = access_with(here, knock, "profile")
    if not here.login.linked:
        raise answers.refuse(400, NO_BOT)
    return json({"friendFlag": here.is_friend(access.user)})


def whose_channel_token(knock: Knock) -> Here | None:
    here = finding.by_channel_token(knock.platform, knock.bearer)
    if here is None:
        raise Refusal(answers.unauthorized())
    return here


def deauthorize(here: Here, knock: Knock) -> Answer:
    """The channel gives a person's permissions back; their tokens end [LL#deauthorize]."""
    access = here.login.access.get(str(knock.call.body().get("userAccessToken")))
    if access is None or access.revoked or access.until_s <= here.now_s():
        raise answers.refuse(400, "invalid token")
    here.login.forget(access.user)
    return Answer(204, b"", content_type="text/plain")


ENDPOINTS = [
    LoginEndpoint("login_profile", "GET", "/v2/profile", whose, profile, pages=True),
    LoginEndpoint("login_userinfo", "GET", "/oauth2/v2.1/userinfo", whose, user_information, pages=True),
    LoginEndpoint("login_userinfo", "POST", "/oauth2/v2.1/userinfo", whose, user_information, pages=True),
    LoginEndpoint("friendship", "GET", "/friendship/v1/status", whose, friendship, pages=True),
    LoginEndpoint("deauthorize", "POST", "/user/v1/deauthorize", whose_channel_token, deauthorize),
]

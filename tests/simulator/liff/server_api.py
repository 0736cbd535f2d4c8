"""The LIFF server API: apps added, listed, changed and deleted by the Login channel (liff.yml, LINE_PLATFORM 9.1).

https is wanted of an Endpoint URL, but plain http is taken for the bot's own origin.
"""

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.login import profiles
from tests.simulator.login.door import Knock, LoginEndpoint, json
from tests.simulator.login.here import Here
from tests.simulator.providers.apps import BOT_PROMPTS, SCOPES, SIZES, LiffApp
from tests.simulator.providers.login_channels import APPS

PATH = "/liff/v1/apps"
LINES_NAME = re.compile(r"(?<![a-z])line(?![a-z])|ライン", re.IGNORECASE)
URL_CHARACTERS = 1_000


def add(here: Here, knock: Knock) -> Answer:
    body = knock.call.body()
    view = part(body, "view")
    if view is None or "type" not in view or "url" not in view:
        raise answers.in_body([{"message": "must be specified", "property": "view"}])
    check(here, body)
    if len(here.login.apps) >= APPS:
        raise answers.refuse(400, "The maximum number of LIFF apps has been reached")
    app = here.login.new_app(view["url"])
    change(app, body)
    return json({"liffId": app.id})


def listed(here: Here, _knock: Knock) -> Answer:
    """404 while there is no app [LS]."""
    if not here.login.apps:
        raise answers.not_found()
    return json({"apps": [shown(app) for app in here.login.apps.values()]})


def update(here: Here, knock: Knock) -> Answer:
    """Only what stands in the request is changed."""
    app = app_in(here, knock)
    body = knock.call.body()
    check(here, body)
    change(app, body)
    return answers.ok()


def delete(here: Here, knock: Knock) -> Answer:
    del here.login.apps[app_in(here, knock).id]
    return answers.ok()


def app_in(here: Here, knock: Knock) -> LiffApp:
    """404 also for the app of another channel."""
    app = here.login.apps.get(knock.call.parts["liff_id"])
    if app is None:
        raise answers.not_found()
    return app


def check(here: Here, body: dict[str, Any]) -> None:
    """Refuse what LINE would; all that is given is looked at."""
    wrong = [name for name, fine in judged(here, body) if not fine]
    if wrong:
        raise answers.in_body([{"message": "invalid property", "property": name} for name in wrong])


def judged(here: Here, body: dict[str, Any]) -> list[tuple[str, bool]]:
    view, features = part(body, "view") or {}, part(body, "features") or {}
    scopes = body.get("scope", [])
    known = isinstance(scopes, list) and all(scope in SCOPES for scope in scopes)
    return [
        ("view.type", view.get("type", "full") in SIZES),
        ("view.url", "url" not in view or is_endpoint(view["url"], here.channel.origins())),
        ("view.moduleMode", isinstance(view.get("moduleMode", False), bool)),
        ("description", is_name(body.get("description", "-"))),
        ("features.ble", isinstance(features.get("ble", False), bool)),
        ("features.qrCode", isinstance(features.get("qrCode", False), bool)),
        ("permanentLinkPattern", body.get("permanentLinkPattern", "concat") == "concat"),
        ("scope", known and ("email" not in scopes or here.login.email)),
        ("botPrompt", body.get("botPrompt", "none") in BOT_PROMPTS),
    ]


def part(body: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise answers.bad_property(name)
    return value


def is_endpoint(url: Any, http_origins: tuple[str, ...]) -> bool:
    """https, no fragment [LS]; http for the bot's own origin only. The length is our own limit [?]."""
    if not isinstance(url, str) or len(url) > URL_CHARACTERS or "#" in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or f"{parts.scheme}://{parts.netloc}" in http_origins


def is_name(words: Any) -> bool:
    """Without LINE's own name in it [LS]."""
    return isinstance(words, str) and not LINES_NAME.search(unicodedata.normalize("NFKC", words))


def change(app: LiffApp, body: dict[str, Any]) -> None:
    view, features = body.get("view") or {}, body.get("features") or {}
    app.size = view.get("type", app.size)
    app.url = view.get("url", app.url)
    app.module_mode = view.get("moduleMode", app.module_mode)
    app.description = body.get("description", app.description)
    app.ble = features.get("ble", app.ble)
    app.qr_code = features.get("qrCode", app.qr_code)
    app.scopes = body.get("scope", app.scopes)
    app.bot_prompt = body.get("botPrompt", app.bot_prompt)


def shown(app: LiffApp) -> dict[str, Any]:
    view = {"type": app.size, "url": app.url, "moduleMode": app.module_mode}
    features = {"ble": app.ble, "qrCode": app.qr_code}
    whole = {
        "liffId": app.id,
        "view": {name: value for name, value in view.items() if value is not None},
        "description": app.description,
        "features": {name: value for name, value in features.items() if value is not None},
        "permanentLinkPattern": "concat",
        "scope": app.scopes,
        "botPrompt": app.bot_prompt,
    }
    return {name: value for name, value in whole.items() if value is not None}


ENDPOINTS = [
    LoginEndpoint("liff_add", "POST", PATH, profiles.whose_channel_token, add),
    LoginEndpoint("liff_list", "GET", PATH, profiles.whose_channel_token, listed),
    LoginEndpoint("liff_update", "PUT", PATH + "/{liff_id}", profiles.whose_channel_token, update),
    LoginEndpoint("liff_delete", "DELETE", PATH + "/{liff_id}", profiles.whose_channel_token, delete),
]

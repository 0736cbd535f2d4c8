"""The list of the desk's endpoints."""

from aiohttp import web

from tests.simulator.channel import Platform
from tests.simulator.desk import (
    channels,
    crowds,
    groups,
    logins,
    menus,
    people,
    phones,
    records,
    scenes,
    screens,
    times,
    tokens,
    trouble,
)
from tests.simulator.desk.asking import Asked, Desk, asked
from tests.simulator.webhooks.post import Postman

HERE = "/sim/channels/{channel}"
USER = HERE + "/people/{user}"
LOGIN = HERE + "/logins/{login}"


async def health(asked: Asked) -> dict[str, object]:
    """data_url: LINE's host for files."""
    return {"ok": True, "data_url": asked.platform.data_url}


ROUTES: list[tuple[str, str, Desk]] = [
    ("GET", "/sim/health", health),
    ("POST", "/sim/channels", channels.opened),
    ("GET", "/sim/channels", channels.listed),
    ("GET", HERE, channels.looked_at),
    ("GET", HERE + "/keys", channels.keys_of),
    ("PATCH", HERE, channels.changed),
    ("DELETE", HERE, channels.closed),
    ("POST", HERE + "/secret", channels.secret_reissued),
    ("POST", HERE + "/long-lived-token", tokens.long_lived_issued),
    ("POST", HERE + "/signing-keys", tokens.signing_key_registered),
    ("POST", HERE + "/people", people.person_added),
    ("POST", HERE + "/crowd", crowds.crowd_added),
    ("POST", HERE + "/crowd/deeds", crowds.crowd_acted),
    ("GET", USER, people.person_looked_at),
    ("PATCH", USER, people.person_changed),
    ("POST", USER + "/follow", people.followed),
    ("POST", USER + "/block", people.blocked),
    ("POST", USER + "/unblock", people.unblocked),
    ("POST", USER + "/say", people.said),
    ("POST", USER + "/send", people.sent),
    ("POST", USER + "/edit", people.edited),
    ("POST", USER + "/unsend", people.unsent),
    ("POST", USER + "/delete-account", people.account_deleted),
    ("POST", USER + "/membership", people.membership_changed),
    ("POST", USER + "/link-account", people.account_linked),
    ("GET", USER + "/screen", screens.looked_at),
    ("POST", USER + "/screen/open", screens.opened),
    ("POST", USER + "/screen/close", screens.closed),
    ("POST", USER + "/display-again", screens.displayed_again),
    ("POST", USER + "/follow-link", screens.link_followed),
    ("POST", USER + "/play", screens.played),
    ("POST", USER + "/press", people.pressed),
    ("GET", USER + "/menu", menus.looked_at),
    ("POST", USER + "/menu/reopen", menus.reopened),
    ("POST", USER + "/menu/bar", menus.bar_turned),
    ("POST", USER + "/menu/tap", menus.tapped),
    ("GET", HERE + "/menus/{menu}/picture", menus.picture),
    ("POST", USER + "/open", logins.uri_opened),
    ("POST", HERE + "/logins", logins.opened),
    ("GET", HERE + "/logins", logins.listed),
    ("PATCH", LOGIN, logins.changed),
    ("POST", LOGIN + "/apps", logins.app_added),
    ("PATCH", LOGIN + "/apps/{app}", logins.app_changed),
    ("POST", LOGIN + "/consents", logins.consented),
    ("POST", LOGIN + "/forget", logins.forgotten),
    ("POST", LOGIN + "/keys", logins.keys_rotated),
    ("POST", LOGIN + "/tokens", logins.tokens_made),
    ("POST", LOGIN + "/channel-token", logins.channel_token_made),
    ("POST", LOGIN + "/sessions", logins.session_made),
    ("GET", LOGIN + "/shares", logins.shares_listed),
    ("POST", HERE + "/groups", groups.group_added),
    ("GET", HERE + "/groups/{group}", groups.group_looked_at),
    ("PATCH", HERE + "/groups/{group}", groups.group_changed),
    ("POST", HERE + "/groups/{group}/{deed}", groups.group_deed),
    ("GET", HERE + "/talks/{chat}", records.talk),
    ("GET", HERE + "/talks/{chat}/buttons", records.buttons),
    ("GET", HERE + "/coupons/{coupon}", records.coupon),
    ("GET", HERE + "/deliveries", records.deliveries),
    ("GET", HERE + "/undelivered", records.undelivered),
    ("GET", HERE + "/calls", records.calls),
    ("GET", HERE + "/counts", records.counts),
    ("GET", HERE + "/fetches", records.fetches),
    ("GET", HERE + "/received", records.received),
    ("GET", HERE + "/webhooks", records.webhooks),
    ("GET", HERE + "/webhooks/errors", records.webhook_errors),
    ("GET", HERE + "/events", records.stream),
    ("POST", HERE + "/webhooks/hold", trouble.held),
    ("GET", HERE + "/webhooks/held", trouble.held_listed),
    ("POST", HERE + "/webhooks/release", trouble.released),
    ("POST", HERE + "/webhooks/duplicate", trouble.duplicated),
    ("POST", HERE + "/webhooks/redeliver", trouble.redelivered),
    ("POST", HERE + "/webhooks/forge", trouble.forged),
    ("POST", HERE + "/webhooks/hostile", trouble.hostile_sent),
    ("POST", HERE + "/faults", trouble.fault_planned),
    ("DELETE", HERE + "/faults", trouble.faults_cleared),
    ("POST", HERE + "/stops", trouble.stop_made),
    ("GET", HERE + "/stops/{stop}", trouble.stop_awaited),
    ("POST", HERE + "/stops/{stop}/release", trouble.stop_released),
    ("GET", HERE + "/clock", times.looked_at),
    ("POST", HERE + "/clock/advance", times.advanced),
    ("GET", USER + "/talks", phones.talks),
    ("POST", USER + "/read", phones.read),
    ("GET", HERE + "/people", phones.people_found),
    ("POST", HERE + "/scenes/{scene}", scenes.played),
    ("POST", HERE + "/start-over", phones.started_over),
]


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    for method, path, answer in ROUTES:
        app.router.add_route(method, path, asked(platform, postman, answer))

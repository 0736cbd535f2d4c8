"""Audiences over the API: made, added to, renamed, deleted, looked at [R#manage-audience-group]."""

from collections.abc import Collection
from typing import Any

from tests.simulator import audiences
from tests.simulator.api import answers, forms
from tests.simulator.api import audience_requests as requests
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.audiences import Audience
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate
from tests.simulator.reactions import CLICKED, SEEN

CLICK_URL = 2_000
FILE_BYTES = 64 * 1024 * 1024
JOBS_AT_ONCE = 10
JOBS_SHOWN = 50
A_PAGE, MOST_A_PAGE = 20, 40
STATUSES = ("IN_PROGRESS", "READY", "FAILED", "EXPIRED", "INACTIVE", "ACTIVATING")
ROUTES = ("OA_MANAGER", "MESSAGING_API", "POINT_AD", "AD_MANAGER")
MINUTELY = Rate(60, 60)
OF_ANOTHER_KIND = "AUDIENCE_GROUP_CAN_NOT_UPDATE"  # ours: LINE's list has none for it [?]


def created(channel: Channel, call: Call) -> Answer:
    """From user ids in the JSON body."""
    body = call.body()
    return create_upload(channel, body, requests.ids_in(body, required=False))


def created_by_file(channel: Channel, call: Call) -> Answer:
    fields, lines = forms.with_file(call, "file")
    return create_upload(channel, fields, requests.ids_in_file(lines))


def create_upload(channel: Channel, fields: dict[str, Any], given: list[str]) -> Answer:
    name, described = requests.name_in(channel, fields), requests.upload_description(fields)
    ifa = fields.get("isIfaAudience") in (True, "true")
    requests.check_ids(given, ifa)
    now = channel.clock.now_ms()
    made = channel.audiences.add(audiences.UPLOAD, name, now)
    made.ifa = ifa
    if given:
        add_job(channel, made, described, given, now)
    return answers.ok(shown_created(made), 202)


def added(channel: Channel, call: Call) -> Answer:
    body = call.body()
    return add(channel, body, requests.ids_in(body, required=True))


def added_by_file(channel: Channel, call: Call) -> Answer:
    fields, lines = forms.with_file(call, "file")
    return add(channel, fields, requests.ids_in_file(lines))


def add(channel: Channel, fields: dict[str, Any], given: list[str]) -> Answer:
    """Ids are added in the course of time; none can be taken out again."""
    now = channel.clock.now_ms()
    audience = requests.found(channel, str(fields.get("audienceGroupId", "")))
    if audience.status(now) == audiences.EXPIRED:
        raise requests.wrong("audience group is expired", "AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED")
    if audience.kind != audiences.UPLOAD:
        raise requests.wrong("audience group can not be updated", OF_ANOTHER_KIND)
    described = requests.upload_description(fields)
    requests.check_ids(given, audience.ifa)
    if audience.working(now) >= JOBS_AT_ONCE:
        raise answers.refuse(429, answers.RATE_LIMIT)
    add_job(channel, audience, described, given, now)
    return answers.ok(status=202)


def add_job(channel: Channel, audience: Audience, described: str, given: list[str], now: int) -> None:
    """People who have not accepted the privacy policy, and ids of nobody, are left out without a word."""
    known = (channel.people.get(one) for one in dict.fromkeys(given))
    kept = [person.id for person in known if person is not None and person.consents]
    job = channel.audiences.add_job(audience, described, kept, now, channel.settings.audience_takes_ms)
    job.fails = channel.settings.audience_jobs_fail


def created_from_clicks(channel: Channel, call: Call) -> Answer:
    """Everybody who followed that address (or any) in a message of the last sixty days."""
    body = call.body()
    url = body.get("clickUrl")
    if url is not None and (not isinstance(url, str) or len(url) > CLICK_URL):
        raise answers.in_body([{"message": f"Length must be between 0 and {CLICK_URL}", "property": "clickUrl"}])
    return retarget(channel, body, audiences.CLICK, CLICKED, url)


def created_from_impressions(channel: Channel, call: Call) -> Answer:
    return retarget(channel, call.body(), audiences.IMP, SEEN, None)


def retarget(channel: Channel, body: dict[str, Any], kind: str, what: str, url: str | None) -> Answer:
    now = channel.clock.now_ms()
    name = requests.name_in(channel, body)
    send = requests.send_of(channel, body.get("requestId"), now)
    made = channel.audiences.add(kind, name, now)
    made.request_id, made.click_url = send.request_id, url
    reactions = channel.reactions.of(send.seq)
    reacted = [one.user for one in reactions if one.what == what and url in (None, one.url)]
    add_job(channel, made, "", reacted, now)
    return answers.ok(shown_created(made), 202)


def renamed(channel: Channel, call: Call) -> Answer:
    audience = requests.found(channel, call.parts["audience_id"])
    audience.name = requests.name_in(channel, call.body(), but=audience)
    return answers.ok()


def deleted(channel: Channel, call: Call) -> Answer:
    """202, as the reference has it [contradictions]."""
    del channel.audiences.by_id[requests.found(channel, call.parts["audience_id"]).id]
    return answers.ok(status=202)


def looked_at(channel: Channel, call: Call) -> Answer:
    audience, now = requests.found(channel, call.parts["audience_id"]), channel.clock.now_ms()
    jobs = [] if audience.kind != audiences.UPLOAD else audience.jobs[-JOBS_SHOWN:]
    shown_jobs = [
        {
            "audienceGroupJobId": job.id,
            "audienceGroupId": audience.id,
            "description": job.description,
            "type": "DIFF_ADD",
            "jobStatus": job.status(now),
            **({"failedType": audiences.INTERNAL} if job.status(now) == "FAILED" else {}),
            "audienceCount": len(job.ids) if job.status(now) == "FINISHED" else 0,
            "created": job.created_ms // 1000,
        }
        for job in jobs
    ]
    return answers.ok({"audienceGroup": shown(audience, now), "jobs": shown_jobs})


def listed(channel: Channel, call: Call) -> Answer:
    return answers.ok(page_of(channel, call, list(channel.audiences.by_id.values())))


def shared_listed(channel: Channel, call: Call) -> Answer:
    """This account belongs to no Business Manager: nothing is shared, its own audiences only if asked for."""
    own = call.query("includesOwnedAudienceGroups") == "true"
    return answers.ok(page_of(channel, call, list(channel.audiences.by_id.values()) if own else []))


def shared_looked_at(channel: Channel, call: Call) -> Answer:
    raise requests.wrong("audience group not found", "AUDIENCE_GROUP_NOT_FOUND")


def page_of(channel: Channel, call: Call, found: list[Audience]) -> dict[str, Any]:
    if call.query("page") is None:
        raise answers.bad_parameter("page")
    page, size = call.number("page", 1, 1, 2**31), call.number("size", A_PAGE, 1, MOST_A_PAGE)
    status, route = one_of(call, "status", STATUSES), one_of(call, "createRoute", ROUTES)
    name, now = (call.query("description") or "").casefold(), channel.clock.now_ms()
    fitting = [
        one
        for one in reversed(found)
        if name in one.name.casefold() and status in (None, one.status(now)) and route in (None, "MESSAGING_API")
    ]
    start = (page - 1) * size
    return {
        "audienceGroups": [shown(one, now) for one in fitting[start : start + size]],
        "hasNextPage": start + size < len(fitting),
        "totalCount": len(fitting),
        "readWriteAudienceGroupTotalCount": len(fitting),
        "page": page,
        "size": size,
    }


def one_of(call: Call, name: str, options: Collection[str]) -> str | None:
    value = call.query(name)
    if value is not None and value not in options:
        raise answers.bad_parameter(name)
    return value


def shown_created(audience: Audience) -> dict[str, Any]:
    body: dict[str, Any] = {
        "audienceGroupId": audience.id,
        "createRoute": "MESSAGING_API",
        "type": audience.kind,
        "description": audience.name,
        "created": audience.created_ms // 1000,
        "permission": "READ_WRITE",
        "expireTimestamp": (audience.created_ms + audiences.KEPT_MS) // 1000,
        "isIfaAudience": audience.ifa,
    }
    if audience.request_id is not None:
        body["requestId"] = audience.request_id
    if audience.click_url is not None:
        body["clickUrl"] = audience.click_url
    return body


def shown(audience: Audience, now: int) -> dict[str, Any]:
    failed = audience.failed_type(now)
    return {
        **shown_created(audience),
        "status": audience.status(now),
        **({} if failed is None else {"failedType": failed}),
        "audienceCount": audience.shown_count(now),
    }


HERE = "/v2/bot/audienceGroup"
ENDPOINTS = [
    *(
        Endpoint(f"audience_{name}", method, HERE + path, act, rate=MINUTELY)
        for name, method, path, act in (
            ("create", "POST", "/upload", created),
            ("add", "PUT", "/upload", added),
            ("create_click", "POST", "/click", created_from_clicks),
            ("create_imp", "POST", "/imp", created_from_impressions),
            ("rename", "PUT", "/{audience_id}/updateDescription", renamed),
            ("list", "GET", "/list", listed),
            ("shared_list", "GET", "/shared/list", shared_listed),
            ("shared_get", "GET", "/shared/{audience_id}", shared_looked_at),
            ("get", "GET", "/{audience_id}", looked_at),
            ("delete", "DELETE", "/{audience_id}", deleted),
        )
    ),
    *(
        Endpoint(name, method, f"/data{HERE}/upload/byFile", act, rate=MINUTELY, most_bytes=FILE_BYTES)
        for name, method, act in (
            ("audience_create_file", "POST", created_by_file),
            ("audience_add_file", "PUT", added_by_file),
        )
    ),
]

"""Audiences over the API: made, added to, renamed, deleted, looked at [R#manage-audience-group]."""

import re
from collections.abc import Collection
from typing import Any

from tests.simulator import audiences, ids, japan
from tests.simulator.api import answers, forms
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.audiences import Audience
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.limits import Rate
from tests.simulator.messages import counting
from tests.simulator.reactions import CLICKED, SEEN

NAME, UPLOAD_DESCRIPTION, CLICK_URL = 120, 300, 2_000
IDS_A_REQUEST, IDS_A_FILE = 10_000, 1_500_000
FILE_BYTES = 64 * 1024 * 1024
JOBS_AT_ONCE = 10
JOBS_SHOWN = 50
RETARGETED_MS = 60 * japan.DAY_MS
A_PAGE, MOST_A_PAGE = 20, 40
IFA = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
STATUSES = ("IN_PROGRESS", "READY", "FAILED", "EXPIRED", "INACTIVE", "ACTIVATING")
ROUTES = ("OA_MANAGER", "MESSAGING_API", "POINT_AD", "AD_MANAGER")
MINUTELY = Rate(60, 60)


def created(channel: Channel, call: Call) -> Answer:
    """From user ids in the JSON body."""
    body = call.body()
    return create_upload(channel, body, ids_in(body, required=False))


def created_by_file(channel: Channel, call: Call) -> Answer:
    fields, lines = forms.with_file(call, "file")
    return create_upload(channel, fields, ids_in_file(lines))


def create_upload(channel: Channel, fields: dict[str, Any], given: list[str]) -> Answer:
    name, described = name_in(channel, fields), upload_description(fields)
    ifa = fields.get("isIfaAudience") in (True, "true")
    check_ids(given, ifa)
    now = channel.clock.now_ms()
    made = channel.audiences.add(audiences.UPLOAD, name, now)
    made.ifa = ifa
    if given:
        add_job(channel, made, described, given, now)
    return answers.ok(shown_created(made), 202)


def added(channel: Channel, call: Call) -> Answer:
    body = call.body()
    return add(channel, body, ids_in(body, required=True))


def added_by_file(channel: Channel, call: Call) -> Answer:
    fields, lines = forms.with_file(call, "file")
    return add(channel, fields, ids_in_file(lines))


def add(channel: Channel, fields: dict[str, Any], given: list[str]) -> Answer:
    """Ids are added in the course of time; none can be taken out again."""
    now = channel.clock.now_ms()
    audience = found(channel, str(fields.get("audienceGroupId", "")))
    if audience.kind != audiences.UPLOAD or audience.status(now) == audiences.EXPIRED:
        raise wrong("audience group can not be updated", "AUDIENCE_GROUP_CAN_NOT_UPDATE")
    described = upload_description(fields)
    check_ids(given, audience.ifa)
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
    name = name_in(channel, body)
    send = send_of(channel, body.get("requestId"), now)
    made = channel.audiences.add(kind, name, now)
    made.request_id, made.click_url = send.request_id, url
    reactions = channel.reactions.of(send.seq)
    reacted = [one.user for one in reactions if one.what == what and url in (None, one.url)]
    add_job(channel, made, "", reacted, now)
    return answers.ok(shown_created(made), 202)


def send_of(channel: Channel, request_id: Any, now: int) -> Send:
    """A broadcast or narrowcast of the last sixty days, never a push, multicast or reply."""
    for send in channel.ledger.sends:
        if send.request_id == request_id and send.how in ("broadcast", "narrowcast"):
            if now - send.at_ms <= RETARGETED_MS:
                return send
            raise wrong("message is too old", "TOO_OLD_MESSAGES")
    raise wrong("request not found", "REQUEST_NOT_FOUND")


def renamed(channel: Channel, call: Call) -> Answer:
    audience = found(channel, call.parts["audience_id"])
    audience.name = name_in(channel, call.body(), but=audience)
    return answers.ok()


def deleted(channel: Channel, call: Call) -> Answer:
    """202, as the reference has it [contradictions]."""
    del channel.audiences.by_id[found(channel, call.parts["audience_id"]).id]
    return answers.ok(status=202)


def looked_at(channel: Channel, call: Call) -> Answer:
    audience, now = found(channel, call.parts["audience_id"]), channel.clock.now_ms()
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
    raise wrong("audience group not found", "AUDIENCE_GROUP_NOT_FOUND")


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


def found(channel: Channel, audience_id: str) -> Audience:
    audience = channel.audiences.by_id.get(int(audience_id)) if re.fullmatch(r"\d{1,18}", audience_id) else None
    if audience is None:
        raise wrong("audience group not found", "AUDIENCE_GROUP_NOT_FOUND")
    return audience


def name_in(channel: Channel, fields: dict[str, Any], but: Audience | None = None) -> str:
    """1 to 120 characters, unlike any other's in upper and lower case; and there is room for a new one."""
    name = fields.get("description")
    if not isinstance(name, str) or not 1 <= counting.utf16(name) <= NAME:
        raise answers.in_body([{"message": f"Length must be between 1 and {NAME}", "property": "description"}])
    other = channel.audiences.named(name)
    if other is not None and other is not but:
        raise wrong("audience group name is used already", "AUDIENCE_GROUP_NAME_DUPLICATED")
    if but is None and len(channel.audiences.by_id) >= audiences.MOST:
        raise wrong("too many audience groups", "AUDIENCE_GROUP_COUNT_MAX_OVER")
    return name


def upload_description(fields: dict[str, Any]) -> str:
    text = fields.get("uploadDescription", "")
    if not isinstance(text, str) or counting.utf16(text) > UPLOAD_DESCRIPTION:
        problem = {"message": f"Length must be between 0 and {UPLOAD_DESCRIPTION}", "property": "uploadDescription"}
        raise answers.in_body([problem])
    return text


def ids_in(body: dict[str, Any], *, required: bool) -> list[str]:
    given = body.get("audiences")
    if given is None and not required:
        return []
    if not isinstance(given, list) or len(given) > IDS_A_REQUEST:
        raise answers.in_body([{"message": f"Size must be between 0 and {IDS_A_REQUEST}", "property": "audiences"}])
    return [str(one.get("id", "")) if isinstance(one, dict) else "" for one in given]


def ids_in_file(lines: list[str]) -> list[str]:
    if len(lines) > IDS_A_FILE:
        raise wrong("too many ids", "UPLOAD_AUDIENCE_GROUP_TOO_MANY_IDS")
    return lines


def check_ids(given: list[str], ifa: bool) -> None:
    """One wrong id and the whole request is refused."""
    shape = IFA if ifa else ids.USER_ID
    if not all(map(shape.fullmatch, given)):
        raise wrong("audience group is invalid", "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT")


def wrong(message: str, code: str) -> answers.Refusal:
    return answers.refuse(400, message, [{"message": code}])


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

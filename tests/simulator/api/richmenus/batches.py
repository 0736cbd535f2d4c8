"""Links of all who have one menu, exchanged in the background [R#batch-control-rich-menus-of-users]."""

import re
from collections import Counter
from typing import Any

from tests.simulator import clock
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.richmenus import objects
from tests.simulator.channel import Channel
from tests.simulator.deeds import showing
from tests.simulator.limits import Rate
from tests.simulator.menus import KEPT_MS, Batch, Change
from tests.simulator.messages.places import Place, Problems

OPERATIONS = 1_000
KINDS = ("link", "unlink", "unlinkAll")
KEY = re.compile(r"[0-9a-zA-Z_-]{1,100}", re.ASCII)
REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def run(channel: Channel, call: Call) -> Answer:
    """Accepted with the state of links as it is now; a known resumeRequestKey goes on with what was left."""
    body = checked(channel, call)
    showing.settle(channel)
    now = channel.clock.now_ms()
    key = body.get("resumeRequestKey")
    first = with_key(channel, key, now)
    made = Batch(
        accepted_ms=now,
        due_ms=now + channel.settings.menu_batch_ms,
        operations=body["operations"],
        key=key,
        key_from_ms=now if first is None else first.key_from_ms,
        todo=changes(channel, body["operations"]) if first is None else taken_over(first),
    )
    if channel.settings.menu_batches_fail:
        channel.settings.menu_batches_fail -= 1
        made.will_fail = True
    channel.menus.batches[call.request_id] = made
    showing.settle(channel)
    return answers.ok(status=202)


def validate(channel: Channel, call: Call) -> Answer:
    checked(channel, call)
    return answers.ok()


def progress(channel: Channel, call: Call) -> Answer:
    request_id = call.query("requestId")
    if request_id is None or not REQUEST_ID.fullmatch(request_id):
        raise answers.bad_parameter("requestId")
    showing.settle(channel)
    batch = channel.menus.batches.get(request_id)
    if batch is None:
        raise answers.not_found()
    body = {"phase": batch.phase, "acceptedTime": clock.iso(batch.accepted_ms)}
    if batch.completed_ms is not None:
        body["completedTime"] = clock.iso(batch.completed_ms)
    return answers.ok(body)


def with_key(channel: Channel, key: str | None, now_ms: int) -> Batch | None:
    """The last batch under a key that is younger than 14 days; another body under it is not looked at [?]."""
    for batch in reversed(channel.menus.batches.values()):
        if key is not None and batch.key == key and now_ms - batch.key_from_ms < KEPT_MS:
            return batch
    return None


def taken_over(first: Batch) -> list[Change]:
    """What a failed batch has left; one that still runs goes on by itself."""
    left = first.todo if first.phase == "failed" else []
    first.todo = [] if first.phase == "failed" else first.todo
    return left


def changes(channel: Channel, operations: list[dict[str, Any]]) -> list[Change]:
    if operations[0]["type"] == "unlinkAll":
        return [Change(user_id, linked, None) for user_id, linked in channel.menus.links.items()]
    targets = {operation["from"]: operation.get("to") for operation in operations}
    return [
        Change(user_id, linked, targets[linked]) for user_id, linked in channel.menus.links.items() if linked in targets
    ]


def checked(channel: Channel, call: Call) -> dict[str, Any]:
    """The body; 400 with every problem of form, then 404 for menus that are not there, then 400 for pictures."""
    body = call.body()
    found = Problems()
    place = Place(found, body, "")
    operations = place.items("operations", 1, OPERATIONS)
    for operation in operations:
        check_operation(operation)
    place.pattern("resumeRequestKey", KEY)
    if body.get("resumeRequestKey") == "":
        place.wrong("resumeRequestKey", "May not be empty")
    check_together(found, [operation.value for operation in operations])
    if found.details:
        raise answers.in_body(found.details)
    check_menus(channel, body["operations"])
    return body


def check_operation(operation: Place) -> None:
    kind = operation.choice("type", KINDS)
    needed = {"link": ("from", "to"), "unlink": ("from",)}.get(kind or "", ())
    for key in needed:
        menu_id = operation.string(key)
        if menu_id and not objects.is_menu_id(menu_id):
            operation.wrong(key, "invalid richMenuId")


def check_together(found: Problems, operations: list[dict[str, Any]]) -> None:
    kinds = {operation.get("type") for operation in operations}
    if "unlinkAll" in kinds and len(kinds) > 1:
        found.add("operations[].type", "'unlinkAll' type can't be combined with other type")
    froms = Counter(operation["from"] for operation in operations if isinstance(operation.get("from"), str))
    for menu_id, times in froms.items():
        if times > 1:
            found.add("operations[].from", f"from richmenu ({short(menu_id)}) is duplicated")


def check_menus(channel: Channel, operations: list[dict[str, Any]]) -> None:
    missing, bare = [], []
    for index, operation in enumerate(operations):
        for key in ("from", "to"):
            menu_id = operation.get(key) if operation["type"] != "unlinkAll" else None
            if menu_id is None or (key == "to" and operation["type"] == "unlink"):
                continue
            menu = channel.menus.menus.get(menu_id)
            place = f"operations[{index}].{key}"
            if menu is None:
                missing.append({"message": f"Richmenu ({short(menu_id)}) is not found", "property": place})
            elif key == "to" and menu.picture is None:
                wording = f"'to' richmenu ({short(menu_id)}) must have image but it doesn't"
                bare.append({"message": wording, "property": place})
    if missing:
        raise answers.refuse(404, f"The request body has {len(missing)} error(s)", missing)
    if bare:
        raise answers.in_body(bare)


def short(menu_id: str) -> str:
    return f"{menu_id[:15]}..."


ENDPOINTS = [
    Endpoint("richmenu_batch", "POST", "/v2/bot/richmenu/batch", run, rate=Rate(3, 3_600)),
    Endpoint("richmenu_batch_validate", "POST", "/v2/bot/richmenu/validate/batch", validate),
    Endpoint("richmenu_batch_progress", "GET", "/v2/bot/richmenu/progress/batch", progress, rate=Rate(100, 3_600)),
]

"""Audiences, and narrowcasts to them."""

import base64

from tests.simulator_checks.scenarios.steps import Deed, Json, Scenario, Stage, call, refused, text

KEY = "123e4567-e89b-12d3-a456-426614174000"
NO_AUDIENCE = refused("audience group not found") | {"details": [{"message": "AUDIENCE_GROUP_NOT_FOUND"}]}
AUDIENCE: Json = {
    "audienceGroupId": "<audience>",
    "createRoute": "MESSAGING_API",
    "type": "UPLOAD",
    "description": "春",
    "created": "<time>",
    "permission": "READ_WRITE",
    "isIfaAudience": False,
}
SPRING = {"audienceGroupId": "$spring.audienceGroupId"}
SUMMER = AUDIENCE | SPRING | {"description": "夏"}
JOB = SPRING | {"audienceGroupJobId": "<job>", "description": "", "type": "DIFF_ADD", "created": "<time>"}
QUEUED = JOB | {"jobStatus": "QUEUED", "audienceCount": 0}
FINISHED = JOB | {"jobStatus": "FINISHED", "audienceCount": 1}
TANAKAS = {"description": "春", "audiences": [{"id": "$tanaka"}]}
MADE = call("createAudienceGroup", TANAKAS, status=202, answer=AUDIENCE, keep="spring")


def page(*audiences: Json, size: int = 20) -> Json:
    return {
        "audienceGroups": list(audiences),
        "hasNextPage": False,
        "totalCount": len(audiences),
        "readWriteAudienceGroupTotalCount": len(audiences),
        "page": 1,
        "size": size,
    }


async def slow(on: Stage) -> Json:
    """So that what takes a while is still under way when the next call asks."""
    await on.channel.change(audience_takes_ms=3_600_000, narrowcast_waits_ms=3_600_000)
    return {}


async def hours_later(on: Stage) -> Json:
    await on.channel.advance(hours=12)
    return {}


async def ids_of_many(on: Stage) -> Json:
    """As a text file, one id a line."""
    lines = "\n".join(await on.channel.crowd(3)).encode()
    return {"$file": base64.b64encode(lines).decode(), "type": "text/plain"}


SCENARIOS = [
    Scenario(
        "an audience of user ids",
        [
            Deed("", slow),
            MADE,
            call(
                "createAudienceGroup",
                TANAKAS,
                status=400,
                answer=refused("audience group name is used already")
                | {"details": [{"message": "AUDIENCE_GROUP_NAME_DUPLICATED"}]},
            ),
            call(
                "addAudienceToAudienceGroup",
                {**SPRING, "audiences": [{"id": "$suzuki"}]},
                status=202,
            ),
            call("updateAudienceGroupDescription", "$spring.audienceGroupId", {"description": "夏"}),
            call(
                "getAudienceData",
                "$spring.audienceGroupId",
                answer={
                    "audienceGroup": {**SUMMER, "status": "IN_PROGRESS", "audienceCount": 0},
                    "jobs": [QUEUED, QUEUED],
                },
            ),
            Deed("", hours_later),
            call(
                "getAudienceData",
                "$spring.audienceGroupId",
                answer={
                    "audienceGroup": {**SUMMER, "status": "READY", "audienceCount": 2},
                    "jobs": [FINISHED, FINISHED],
                },
            ),
            call("getAudienceGroups", 1, answer=page({**SUMMER, "status": "READY", "audienceCount": 2})),
            call("getAudienceGroups", 1, "冬", "READY", 40, None, "MESSAGING_API", answer=page(size=40)),
            call("getSharedAudienceGroups", 1, answer=page()),
            call("getSharedAudienceData", "$spring.audienceGroupId", status=400, answer=NO_AUDIENCE),
            call("deleteAudienceGroup", "$spring.audienceGroupId", status=202),
            call("deleteAudienceGroup", "$spring.audienceGroupId", status=400, answer=NO_AUDIENCE),
        ],
    ),
    Scenario(
        "an audience from a file, at the other host",
        [
            Deed("many", ids_of_many),
            call(
                "createAudienceForUploadingUserIds",
                "$many",
                "春",
                False,
                "最初",
                status=202,
                answer=AUDIENCE,
            ),
        ],
    ),
    Scenario(
        "more for an audience from a file",
        [
            Deed("many", ids_of_many),
            call("createAudienceGroup", {"description": "春"}, status=202, answer=AUDIENCE, keep="spring"),
            call("addUserIdsToAudience", "$many", "$spring.audienceGroupId", "次", status=202),
        ],
        without={"Asynchronous": "it puts the audience's id into a form as a number, which aiohttp does not take"},
    ),
    Scenario(
        "audiences of those who saw and clicked",
        [
            call("broadcast", {"messages": [text()]}, keep="all"),
            call(
                "createClickBasedAudienceGroup",
                {"description": "押した", "requestId": "$all.request"},
                status=202,
                answer={**AUDIENCE, "type": "CLICK", "description": "押した", "requestId": "$all.request"},
            ),
            call(
                "createImpBasedAudienceGroup",
                {"description": "見た", "requestId": "$all.request"},
                status=202,
                answer={
                    "audienceGroupId": "<audience>",
                    "type": "IMP",
                    "description": "見た",
                    "created": "<time>",
                    "requestId": "$all.request",
                },
                unread=("createRoute", "permission", "isIfaAudience"),
            ),
            call(
                "createImpBasedAudienceGroup",
                {"description": "だれ", "requestId": KEY},
                status=400,
                answer=refused("request not found") | {"details": [{"message": "REQUEST_NOT_FOUND"}]},
            ),
        ],
    ),
    Scenario(
        "a narrowcast",
        [
            Deed("", slow),
            MADE,
            Deed("", hours_later),
            call(
                "narrowcast",
                {
                    "messages": [text()],
                    "recipient": {"type": "audience", **SPRING},
                    "limit": {"max": 100},
                },
                KEY,
                status=202,
                keep="sent",
            ),
            call(
                "narrowcast",
                {"messages": [text()]},
                KEY,
                status=409,
                answer=refused("The retry key is already accepted"),
                accepted="sent",
            ),
            call(
                "getNarrowcastProgress",
                "$sent.request",
                answer={"phase": "waiting", "acceptedTime": "<time>"},
            ),
            Deed("", hours_later),
            call(
                "getNarrowcastProgress",
                "$sent.request",
                answer={
                    "phase": "succeeded",
                    "acceptedTime": "<time>",
                    "completedTime": "<time>",
                    "successCount": 1,
                    "failureCount": 0,
                    "targetCount": 1,
                },
            ),
            call("getNarrowcastProgress", KEY, status=404, answer=refused("Not found")),
            call(
                "narrowcast",
                {"messages": [text()], "limit": {"forbidPartialDelivery": True}},
                status=400,
                answer=refused(
                    "The request body has 1 error(s)",
                    ("may be true only if upToRemainingQuota is true", "limit.forbidPartialDelivery"),
                ),
            ),
        ],
    ),
]

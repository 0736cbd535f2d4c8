"""LINE's own counts of friends, of sends by day, and of what became of them."""

from tests.simulator_checks.scenarios.steps import Deed, Json, Scenario, Stage, call, refused, text

# Under twenty people every number is null, and nulls are left out of transcripts [5.1].
PRIVATE: Json = {"overview": {}, "messages": [{"seq": 1}], "clicks": []}


async def next_day(on: Stage) -> Json:
    await on.channel.advance(days=1, hours=12)
    return {}


SCENARIOS = [
    Scenario(
        "friends and sends of a day",
        [
            call("broadcast", {"messages": [text()]}, keep="all"),
            call(
                "pushMessage",
                {"to": "$tanaka", "messages": [text()], "customAggregationUnits": ["spring_1"]},
                answer={"sentMessages": [{"id": "<message id>", "quoteToken": "<quote token>"}]},
            ),
            call("getNumberOfMessageDeliveries", "$today", answer={"status": "unready"}),
            call("getNumberOfFollowers", "$today", answer={"status": "unready"}),
            call("getFriendsDemographics", answer={"available": False}),
            Deed("", next_day),
            call(
                "getNumberOfMessageDeliveries",
                "$today",
                answer={
                    "status": "ready",
                    "apiBroadcast": 1,
                    "apiPush": 1,
                    "apiMulticast": 0,
                    "apiNarrowcast": 0,
                    "apiReply": 0,
                },
            ),
            call("getNumberOfMessageDeliveries", "20160101", answer={"status": "out_of_service"}),
            call(
                "getNumberOfFollowers",
                "$today",
                answer={"status": "ready", "followers": 1, "targetedReaches": 0, "blocks": 0},
            ),
            call(
                "getMessageEvent",
                "$all.request",
                answer={
                    "overview": {"requestId": "$all.request", "timestamp": "<time>", "delivered": 1},
                    "messages": [{"seq": 1}],
                    "clicks": [],
                },
            ),
            call(
                "getMessageEvent",
                "123e4567-e89b-12d3-a456-426614174000",
                status=404,
                answer=refused("Not found"),
            ),
            call("getStatisticsPerUnit", "spring_1", "$today", "$today", answer=PRIVATE),
        ],
    ),
]

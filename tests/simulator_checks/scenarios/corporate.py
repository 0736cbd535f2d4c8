"""What needs a contract with LINE, as everybody here is told; and paid memberships, which nobody here sells."""

from tests.simulator_checks.scenarios.steps import Scenario, call, refused, text

CLOSED = refused("Access to this API is not available for your account")

SCENARIOS = [
    Scenario(
        "calls for companies under contract",
        [
            call("markMessagesAsRead", {"chat": {"userId": "$tanaka"}}, status=403, answer=CLOSED),
            call("pushMessagesByPhone", {"to": "a" * 64, "messages": [text()]}, status=403, answer=CLOSED),
            call("getPNPMessageStatistics", "$today", status=403, answer=CLOSED),
            call("getModules", status=403, answer=CLOSED),
            call("detachModule", {"botId": "$bot"}, status=403, answer=CLOSED),
            call("acquireChatControl", "$tanaka", {"expired": True, "ttl": 60}, status=403, answer=CLOSED),
            call("releaseChatControl", "$tanaka", status=403, answer=CLOSED),
            call(
                "missionStickerV3",
                {"to": "$tanaka", "productId": "1", "productType": "STICKER", "sendPresentMessage": False},
                status=403,
                answer=CLOSED,
            ),
        ],
    ),
    Scenario(
        "paid memberships",
        [
            call("getMembershipList", answer={"memberships": []}),
            call("getMembershipSubscription", "$tanaka", status=404, answer=refused("Not found")),
            call("getJoinedMembershipUsers", 1, None, 100, status=404, answer=refused("Not found")),
        ],
    ),
]

"""What a bot learns of groups and rooms, and how it leaves them."""

from tests.simulator_checks.scenarios.steps import Call, Deed, Json, Scenario, Stage, call, refused

NOWHERE = "C" + "0" * 32
CLOSED = refused("Access to this API is not available for your account")


async def in_room(on: Stage) -> Json:
    room = await on.channel.room("三人", [on.yamada, on.tanaka])
    await room.invite_bot()
    await on.tanaka.says("はじめまして", in_group=room)
    return {"id": room.id}


async def verified(on: Stage) -> Json:
    await on.channel.change(verified=True)
    return {}


def members(kind: str, where: str, count: int) -> list[Call]:
    return [
        call(f"get{kind}MemberCount", where, answer={"count": count}),
        call(
            f"get{kind}MemberProfile",
            where,
            "$yamada",
            answer={"userId": "$yamada", "displayName": "山田 太郎"},
        ),
        call(f"get{kind}MemberProfile", where, "$suzuki", status=404, answer=refused("Not found")),
        call(f"get{kind}MembersIds", where, status=403, answer=CLOSED),
    ]


SCENARIOS = [
    Scenario(
        "a group",
        [
            call("getGroupSummary", "$group", answer={"groupId": "$group", "groupName": "管理グループ"}),
            *members("Group", "$group", 2),
            Deed("", verified),
            call("getGroupMembersIds", "$group", answer={"memberIds": ["$yamada", "$sato"]}),
            call("leaveGroup", "$group"),
            call("leaveGroup", "$group", status=404, answer=refused("Not found")),
            call("getGroupSummary", NOWHERE, status=404, answer=refused("Not found")),
        ],
    ),
    Scenario(
        "a room",
        [
            Deed("room", in_room),
            *members("Room", "$room.id", 2),
            Deed("", verified),
            call("getRoomMembersIds", "$room.id", answer={"memberIds": ["$yamada", "$tanaka"]}),
            call("leaveRoom", "$room.id"),
            call("leaveRoom", "$room.id"),
        ],
    ),
]

"""The cast of `./ayumi run` without a LINE account: two customers, two members of staff, their group."""

from tests.simulator.channel import Channel, Platform

CHANNEL = "sandbox"
CUSTOMERS = ("田中 花子", "鈴木 一郎")
STAFF = ("山田 太郎", "佐藤 美咲")
GROUP = "管理グループ"


def open_in(platform: Platform, secret: str, token: str, webhook_url: str) -> Channel:
    """The sandbox channel with these keys; made with its cast unless it is there from an earlier run.

    All ids follow from the names, so that they are the same in every sandbox.
    """
    channel = platform.channels.get(CHANNEL)
    if channel is None:
        channel = platform.open(CHANNEL, "Ayumi", secret, token, webhook_url)
        for name in CUSTOMERS + STAFF:
            channel.add_person(name)
        channel.add_group(GROUP, [channel.add_person(name).id for name in STAFF])
        channel.settings.drive_bot = True
    del platform.by_bearer[f"Bearer {channel.token}"]
    channel.secret, channel.token, channel.webhook_url = secret, token, webhook_url
    channel.address.coming = None
    platform.by_bearer[f"Bearer {token}"] = channel
    return channel

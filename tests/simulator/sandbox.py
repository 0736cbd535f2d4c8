"""The cast of `./ayumi run` without a LINE account: two customers, two members of staff, their group."""

import secrets

from tests.simulator.channel import Channel, Platform
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.login_channels import LoginChannel

CHANNEL = "sandbox"
CUSTOMERS = ("田中 花子", "鈴木 一郎")
STAFF = ("山田 太郎", "佐藤 美咲")
GROUP = "管理グループ"
LOGIN = "Ayumi ログイン"


def open_in(
    platform: Platform, secret: str, token: str, webhook_url: str, liff_id: str | None = None, endpoint: str = ""
) -> Channel:
    """The sandbox channel with these keys; made with its cast unless it is there from an earlier run.

    All ids follow from the names, so that they are the same in every sandbox. liff_id: a LIFF app that opens
    `endpoint`, on a Login channel whose id it begins with.
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
    if liff_id is not None:
        _open_pages(channel, liff_id, endpoint)
    return channel


def _open_pages(channel: Channel, liff_id: str, endpoint: str) -> None:
    login_id = liff_id.partition("-")[0]
    login = channel.logins.channels.get(login_id)
    if login is None:
        login = channel.logins.channels[login_id] = LoginChannel(login_id, LOGIN, secrets.token_hex(16))
    app = login.apps.setdefault(liff_id, LiffApp(liff_id, endpoint))
    app.url, app.scopes, app.bot_prompt = endpoint, ["openid", "profile", "chat_message.write"], "normal"

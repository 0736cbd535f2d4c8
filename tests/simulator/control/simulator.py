"""The way in: the channels of one simulator."""

from tests.simulator.control.channel import Channel
from tests.simulator.control.desk import Desk
from tests.simulator.control.seen import Findings


class Simulator(Desk):
    """async with Simulator(base_url) as simulator: ..."""

    async def new_channel(
        self,
        *,
        webhook: str | None = None,
        name: str = "Ayumi",
        quota: int | None = None,
        rate_scale: float | None = 1.0,
        drive_bot: bool = False,
        load: bool = False,
        check_messages: bool = True,
        secret: str | None = None,
        token: str | None = None,
        channel_id: str | None = None,
    ) -> Channel:
        """A fresh channel with nobody in it. webhook: the bot's webhook address (may be set later)."""
        wanted = {
            "id": channel_id,
            "name": name,
            "secret": secret,
            "token": token,
            "webhook_url": webhook,
            "quota": quota,
            "rate_scale": rate_scale,
            "drive_bot": drive_bot,
            "load": load,
            "check_messages": check_messages,
        }
        return Channel(self, await self.ask("POST", "/channels", wanted))

    async def channel(self, channel_id: str) -> Channel:
        """A channel that is there already (the sandbox)."""
        return Channel(self, await self.ask("GET", f"/channels/{channel_id}/keys"))

    async def data_host(self) -> str:
        """LINE's host for files; with --data-port one that clients find who know hosts and no paths."""
        return str((await self.ask("GET", "/health"))["data_url"])

    async def findings(self) -> Findings:
        """What LINE's description did not allow since last asked; only a watched simulator can tell."""
        return Findings(**await self.ask("GET", "/violations"))

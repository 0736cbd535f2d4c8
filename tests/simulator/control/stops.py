"""A call of LINE's API held at a point of its life."""

from tests.simulator.control.desk import Asks
from tests.simulator.control.seen import Json


class Stop:
    """A call held at a point of its life."""

    def __init__(self, channel: Asks, answer: Json) -> None:
        self.channel = channel
        self.id: int = answer["id"]
        self.call: int = answer["call"]

    async def reached(self, seconds: float = 30.0) -> Json | None:
        """Wait for the call to arrive: {endpoint, request_id, gone (its client has died)}; None if it did not come."""
        answer: Json = await self.channel.ask("GET", f"/stops/{self.id}?wait={seconds}")
        return answer if answer["reached"] else None

    async def release(self, then: str = "continue") -> None:
        """continue (not accepted if its client has died before acceptance) or reset the connection."""
        await self.channel.ask("POST", f"/stops/{self.id}/release", {"then": then})

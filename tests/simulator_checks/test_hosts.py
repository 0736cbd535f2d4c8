"""LINE's two hosts, for clients that know paths (our own) and for those that know hosts only (the Node SDK)."""

import aiohttp

from tests.simulator.control import Channel, Simulator, User


async def test_it_plays_the_host_for_files_on_a_port_of_its_own(
    simulator: Simulator, channel: Channel, tanaka: User
) -> None:
    """[R#domain-name]"""
    sent = await tanaka.sends("image", content=b"\x89PNG bytes", contentType="image/png")
    path = f"/v2/bot/message/{sent.message_id}/content"
    files = await simulator.data_host()
    assert files != channel.api_url
    headers = {"Authorization": f"Bearer {channel.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        statuses = []
        for address in (files + path, channel.data_url + path, channel.api_url + path, f"{files}/v2/bot/info"):
            async with session.get(address) as answer:
                statuses.append(answer.status)
                if answer.status == 200:
                    assert await answer.read() == b"\x89PNG bytes"
    assert statuses == [200, 200, 404, 404]

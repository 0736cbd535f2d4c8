"""Friends answer a form, some with two taps, and tap again while nothing comes back: each answer is taken once."""

import asyncio
import re
from collections.abc import Sequence
from http.cookies import Morsel
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from jobs import configuration, ports
from liff import visitor
from liff.door import Door
from storage import clock, database, friends
from tests.faults.house import House
from tests.faults.scenes import Scene
from tests.jobs import engine, forms

NAME = "answers"
CROWD = 8
TWICE = 4  # every so many friends tap twice at once
THANKS = "ご回答を承りました"
PUBLIC = "https://ayumi.example"
LIFF = {"LINE_LOGIN_CHANNEL_ID": "1234567890", "LIFF_ID": "1234567890-abcdefgh", "PUBLIC_URL": PUBLIC}
WITHIN = 60.0  # seconds
AGAIN = 0.2  # seconds between taps

TAKEN = {
    "submissions": (CROWD, "SELECT count(*) FROM submissions"),
    "answers": (2 * CROWD, "SELECT count(*) FROM form_answers"),
    "events": (CROWD, "SELECT count(*) FROM friend_events WHERE kind = 'form_answered'"),
    "tags": (CROWD, "SELECT count(*) FROM friend_tags"),
    "tagged": (CROWD, "SELECT count(*) FROM friend_events WHERE kind = 'tag_added'"),
}


class Answers(Scene):
    """Eight friends send a form with two questions, which puts on a tag and thanks them by a push."""

    cost = CROWD

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}

    async def prepare(self, house: House) -> None:
        for member in house.members:
            member.environment |= LIFF
        people = await house.channel.crowd(CROWD)
        await friends.register([(user, None, None, None) for user in people], clock.NOW)
        await database.run("UPDATE friends SET following = true")
        tag = await engine.add_tag("回答済")
        content = forms.stored(
            forms.question("q1", "text", required=True),
            forms.question("q2", "single", "はい", "いいえ"),
            actions=[{"do": "tag_on", "tags": [tag]}, engine.say(THANKS)],
        )
        self._form = await forms.add("受付", content)
        self.expected = {user: [THANKS] for user in people}

    async def begin(self, house: House) -> None:
        found = await database.repeated(lambda: database.rows("SELECT id FROM friends ORDER BY id"))
        door, now = _door(house), await database.repeated(clock.now)
        async with asyncio.timeout(WITHIN), aiohttp.ClientSession() as browser:
            await asyncio.gather(
                *(
                    self._answers(browser, house, _cookie(door, row["id"], now), place % TWICE == 0)
                    for place, row in enumerate(found)
                )
            )

    async def _answers(self, browser: aiohttp.ClientSession, house: House, cookie: str, twice: bool) -> None:
        """One friend opens the page and taps until the thanks are there."""
        origin = f"http://127.0.0.1:{house.ports[0]}"
        headers = {"Cookie": cookie, "Origin": PUBLIC, "Content-Type": "application/json"}
        page = await _asked(browser, "GET", f"{origin}/f/{self._form}", headers)
        token = re.search(r'id="visit-data">.*?"token":\s*"([^"]+)"', page, re.DOTALL)
        assert token, page[:400]
        sent = {"attempt": 1, "revision": 0, "version": 1, "values": {"q1": "山田", "q2": "o1"}}
        headers["X-Ayumi-Token"] = token[1]
        for told in await asyncio.gather(
            *(
                _asked(browser, "POST", f"{origin}/f/{self._form}/answers", headers, orjson.dumps(sent))
                for _ in range(2 if twice else 1)
            )
        ):
            assert "html" in orjson.loads(told), told[:400]

    def enough(self, progress: dict[str, Any]) -> bool:
        return int(progress["rows"]) >= CROWD

    async def look(self, house: House) -> None:
        for what, (count, sql) in TAKEN.items():
            assert await database.value(sql) == count, what


async def _asked(
    browser: aiohttp.ClientSession, method: str, address: str, headers: dict[str, str], body: bytes | None = None
) -> str:
    """What comes back at last; while it does not, somebody taps again."""
    while True:
        try:
            async with browser.request(method, address, headers=headers, data=body) as answer:
                if answer.status == 200:
                    return await answer.text()
                assert answer.status >= 500, await answer.text()
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(AGAIN)


def _cookie(door: Door, friend: int, now: Any) -> str:
    """A session as the door gives one."""
    answer = web.Response()
    visitor.begin(door, answer, friend, now)
    [cookie] = answer.cookies.values()
    return Morsel.OutputString(cookie, [])


def _door(house: House) -> Door:
    """As the served one signs; nobody comes in here."""

    async def nobody(_: str) -> ports.Profile:
        raise ports.Never("nobody is asked for")

    async def nameless() -> str | None:
        return None

    def nothing(_: Sequence[int]) -> None:
        pass

    environment = house.servers[0].environment
    return Door(
        zone=engine.TOKYO,
        keys=[environment["SECRET_KEY"]],
        public_url=PUBLIC,
        liff_id=environment["LIFF_ID"],
        liff_url="https://liff.line.me",
        sdk_url="",
        api_url="",
        sandbox=False,
        identity=None,
        cache=configuration.Cache(engine.TOKYO),
        send_soon=nothing,
        profile=nobody,
        basic_id=nameless,
    )

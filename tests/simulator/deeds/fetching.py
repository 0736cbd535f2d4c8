"""Looking at the bot's own server because of a message: the preview crawler, and each phone that shows it.

Only the bot's own addresses are ever asked; whatever else a message names is noted and left alone.
"""

import io
from typing import Any

import aiohttp
from PIL import Image

from tests.simulator import abreast
from tests.simulator.channel import Channel
from tests.simulator.fetches import Fetch
from tests.simulator.ledger import Send
from tests.simulator.links import ADDRESS
from tests.simulator.messages.media import Rule, media_in
from tests.simulator.webhooks.post import Postman

CRAWLER = "facebookexternalhit/1.1;line-poker/1.0"
PHONES = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Line/15.12",
    "android": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Line/15.12",
    "others": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) LINE/9.10",
}
SECONDS = 10.0
AT_ONCE = 20
FOREIGN = "not asked: a foreign host"


def begin(channel: Channel, postman: Postman) -> None:
    """Look beside at everything that is due."""
    sends, channel.fetches.due = channel.fetches.due, []
    channel.fetches.under_way += len(sends)
    for send in sends:
        postman.beside(look(channel, postman, send))


async def look(channel: Channel, postman: Postman, send: Send) -> None:
    try:
        await abreast.run((ask(channel, postman, *wanted) for wanted in wanted_by(channel, send)), AT_ONCE)
    finally:
        channel.fetches.under_way -= 1
        channel.watchers.wake()


def wanted_by(channel: Channel, send: Send) -> list[tuple[Fetch, Rule | None, str]]:
    """The crawler looks once at each plain address; each phone fetches what it shows [R#imagemap, T]."""
    now = channel.clock.now_ms()
    wanted: list[tuple[Fetch, Rule | None, str]] = []
    for index, message in enumerate(send.messages):
        if channel.settings.crawl_links:
            place = f"messages[{index}].text"
            wanted += [(Fetch("preview", url, place, None, now), None, CRAWLER) for url in plain_links(message)]
        if channel.settings.fetch_media:
            media = list(media_in(message))
            wanted += [
                (Fetch("media", one.url, f"messages[{index}].{one.place}", by, now), one.rule, agent_of(channel, by))
                for by in readers(channel, send)
                for one in media
            ]
    return wanted


def plain_links(message: dict[str, Any]) -> list[str]:
    """Addresses in words; those behind buttons are never previewed."""
    text = message.get("text") if message.get("type") in ("text", "textV2") else None
    return list(dict.fromkeys(ADDRESS.findall(text))) if isinstance(text, str) else []


def readers(channel: Channel, send: Send) -> list[str]:
    """The people in whose talks it stands."""
    found: list[str] = []
    for chat_id in send.delivered:
        group = channel.groups.get(chat_id)
        found += [chat_id] if group is None else group.members
    return found


def agent_of(channel: Channel, user_id: str) -> str:
    return PHONES.get(channel.people[user_id].app or "ios", PHONES["ios"])


async def ask(channel: Channel, postman: Postman, fetch: Fetch, rule: Rule | None, agent: str) -> None:
    """One GET, and what came of it. Redirects are not followed, so that nobody is led elsewhere."""
    own = any(fetch.url == origin or fetch.url.startswith(f"{origin}/") for origin in channel.origins())
    if not own:
        secure = fetch.url.startswith("https://") or rule is None
        fetch.problem = FOREIGN if secure else "https is needed"
    else:
        most = 1024 * 1024 if rule is None else rule.most_bytes
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with postman.session().get(
                fetch.url, headers={"User-Agent": agent}, timeout=timeout, allow_redirects=False
            ) as answer:
                fetch.status, fetch.content_type = answer.status, answer.content_type
                data = await read(answer, most, fetch, keep=rule is not None and bool(rule.formats))
            fetch.problem = None if rule is None else problem(fetch, data, rule)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            fetch.problem = f"no answer: {type(error).__name__}"
    channel.fetches.done.append(fetch)


async def read(answer: aiohttp.ClientResponse, most: int, fetch: Fetch, *, keep: bool) -> bytes:
    """The body as far as it may go, if it is to be kept (films are large); its size, and one block more, always."""
    kept = bytearray()
    async for block in answer.content.iter_chunked(65_536):
        fetch.size += len(block)
        if fetch.size > most:
            break
        if keep:
            kept += block
    return bytes(kept)


def problem(fetch: Fetch, data: bytes, rule: Rule) -> str | None:
    """Why a phone would not show this; None when it would."""
    if fetch.status != 200:
        return f"status {fetch.status}"
    if fetch.size > rule.most_bytes:
        return f"more than {rule.most_bytes} bytes"
    if fetch.content_type not in rule.content_types:
        return f"the type {fetch.content_type} is not shown"
    return picture_problem(data, rule) if rule.formats else None


def picture_problem(data: bytes, rule: Rule) -> str | None:
    try:
        with Image.open(io.BytesIO(data), formats=rule.formats) as picture:
            width, height = picture.size
            if (rule.width is not None and width > rule.width) or (rule.height is not None and height > rule.height):
                return f"{width} x {height} is too large"
            if rule.square and width != height:
                return f"{width} x {height} is no square"
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "no picture that can be read"
    return None


def shown(fetch: Fetch) -> dict[str, Any]:
    return {
        "kind": fetch.kind,
        "url": fetch.url,
        "place": fetch.place,
        "by": fetch.by,
        "at_ms": fetch.at_ms,
        "status": fetch.status,
        "content_type": fetch.content_type,
        "size": fetch.size,
        "problem": fetch.problem,
    }

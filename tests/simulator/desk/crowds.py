"""Many people at once: made, and doing one deed each."""

from typing import Any

from tests.simulator import abreast, people
from tests.simulator.channel import Channel
from tests.simulator.deeds import acting, friendship, looking, pressing, reading, talking, tapping
from tests.simulator.desk.asking import Asked
from tests.simulator.desk.people import PROFILE
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks.events import Event

ROUTINES = ("follow", "block", "say", "press", "tap", "read", "play")


async def crowd_added(asked: Asked) -> dict[str, Any]:
    """count people called "prefix 1".. ; follow: they are friends; webhooks: each tells the bot so.

    profile: app, gender, age, area, consents of all of them.
    """
    channel = asked.channel
    prefix = asked.text("prefix", None) or "客"
    crowd = [channel.add_person(f"{prefix}{number}") for number in range(1, asked.whole("count") + 1)]
    for person in crowd:
        PROFILE.set(person, asked.thing("profile"))
    answer: dict[str, Any] = {"ids": [person.id for person in crowd]}
    if asked.flag("follow", True):
        if asked.flag("webhooks"):
            made = [friendship.follow(channel, person) for person in crowd if person.state != people.FRIEND]
            answer["webhooks"] = await deliver_all(asked, made)
        else:
            for person in crowd:
                if person.state != people.FRIEND:
                    friendship.befriend(channel, person)
    return answer


async def crowd_acted(asked: Asked) -> dict[str, Any]:
    """users do one deed (follow, block, say with text, press or tap with label), `concurrency` webhooks at a time."""
    channel = asked.channel
    deed = asked.need("deed")
    if deed not in ROUTINES:
        raise Impossible(f"a crowd can {', '.join(ROUTINES)}")
    made = [event for user_id in asked.texts("users") for event in act(asked, channel, channel.person(user_id), deed)]
    return {"webhooks": await deliver_all(asked, made)}


def act(asked: Asked, channel: Channel, person: Person, deed: str) -> list[Event]:
    if deed == "press":
        button = pressing.find(channel, person.id, asked.need("label"), None, None)
        return pressing.press(channel, person, None, button)[1]
    if deed == "tap":
        return tapping.tap(channel, person, asked.need("label"), None)[1]
    return acting.told(act_once(asked, channel, person, deed))


def act_once(asked: Asked, channel: Channel, person: Person, deed: str) -> Event | None:
    if deed == "follow":
        return friendship.follow(channel, person)
    if deed == "block":
        return friendship.block(channel, person)
    if deed == "say":
        return talking.say(channel, person, asked.group(), asked.need("text"))[1]
    send, index = next(looking.bubbles(channel, person.id))
    if deed == "play":
        return looking.play(channel, person, None, send.message_id(index), asked.whole("percent", 100))
    reading.read(channel, person.id, person.id, send.first_id + len(send.messages) - 1)
    return None


async def deliver_all(asked: Asked, made: list[Event]) -> dict[str, int]:
    """How many webhooks ended in which outcome."""
    works = [asked.postman.deliver(asked.channel, event) for event in made]
    outcomes: dict[str, int] = {}
    for post in await abreast.run(works, asked.whole("concurrency", 50)):
        outcome = "not_sent" if post is None else post.outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes

"""What a phone shows before a talk is opened: whose it can be, its holder's talks, what is unread in them."""

from typing import Any

from tests.simulator import ledger, starting_over
from tests.simulator.channel import Channel
from tests.simulator.deeds import friendship, reading
from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible, Person

LISTED = 50


async def people_found(asked: Asked) -> dict[str, Any]:
    """?ids=A,B: those; else ?search= in names and ?kind=customer or staff: the first of them, and how many there are.

    Staff are the members of groups.
    """
    channel, query = asked.channel, asked.request.query
    staff = channel.staff()
    if "ids" in query:
        found = [channel.people[one] for one in query["ids"].split(",") if one in channel.people]
        return {"people": [described(person, staff) for person in found], "total": len(found)}
    search, kind = query.get("search", "").casefold(), query.get("kind")
    found = [
        person
        for person in channel.people.values()
        if search in person.name.casefold() and (kind is None or (kind == "staff") == (person.id in staff))
    ]
    return {"people": [described(person, staff) for person in found[:LISTED]], "total": len(found)}


def described(person: Person, staff: set[str]) -> dict[str, Any]:
    return {**friendship.shown(person), "staff": person.id in staff}


async def talks(asked: Asked) -> list[dict[str, Any]]:
    """A person's talks: the one with the bot, then the groups; each with its last entry and what is unread."""
    channel, person = asked.channel, asked.person
    chats = [person.id, *(group.id for group in channel.groups.values() if person.id in group.members)]
    return [summary(channel, chat_id, person.id) for chat_id in chats]


def summary(channel: Channel, chat_id: str, reader: str) -> dict[str, Any]:
    entries = channel.ledger.talks.get(chat_id, [])
    return {
        "chat": chat_id,
        "last": ledger.shown_entry(entries[-1], chat_id) if entries else None,
        "unread": reading.unread(channel, chat_id, reader),
    }


async def read(asked: Asked) -> dict[str, Any]:
    """The person has seen everything up to message_id (in a group: its id under in)."""
    group = asked.group()
    try:
        message_id = int(asked.need("message_id"))
    except ValueError:
        raise Impossible("message_id must be digits") from None
    chat_id = asked.person.id if group is None else group.id
    reading.read(asked.channel, chat_id, asked.person.id, message_id)
    return {}


async def started_over(asked: Asked) -> dict[str, Any]:
    await starting_over.start_over(asked.channel, asked.postman)
    return {}

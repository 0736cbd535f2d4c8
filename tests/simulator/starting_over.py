"""Begins a channel anew: talks emptied, its customers replaced by new ones, staff and groups as they are."""

from tests.simulator import abreast, sandbox
from tests.simulator.channel import Channel
from tests.simulator.deeds import friendship, showing
from tests.simulator.ledger import Send
from tests.simulator.people import FRIEND, Impossible
from tests.simulator.webhooks.post import Postman

AT_ONCE = 50


async def start_over(channel: Channel, postman: Postman) -> None:
    """The bot is told that its friends are gone, since its own memory stays; the clock never goes back."""
    if channel.playing.locked() or channel.driving.locked():
        raise Impossible(
            "wait until the scene or the clock has come to its end", "場面の再生と時計が止まるまで、お待ちください。"
        )
    stay = channel.staff() | spoke_in_groups(channel)
    customers = [person for person in channel.people.values() if person.id not in stay]
    events = [friendship.block(channel, person) for person in customers if person.state == FRIEND]
    async with channel.playing:
        await abreast.run((postman.deliver(channel, event) for event in events), AT_ONCE)
    for person in customers:
        channel.people.pop(person.id, None)
        showing.left(channel, person, for_good=True)
        channel.logins.left(person.id)
    channel.ledger.forget()
    channel.webhooks.posts.clear()
    channel.fetches.done.clear()
    channel.reading.marks.clear()
    channel.reactions.by_send.clear()
    channel.screens.finished.clear()
    channel.screens.loading.clear()
    channel.screens.tapped.clear()
    channel.quota.used.clear()
    channel.quota.reserved = 0
    channel.narrowcasts.forget_open()
    channel.generation += 1
    for name in sandbox.CUSTOMERS:
        channel.add_person(name)
    channel.watchers.tell("reset", {})


def spoke_in_groups(channel: Channel) -> set[str]:
    """Staff who have left their group are staff all the same."""
    talks = (channel.ledger.talks.get(group_id, []) for group_id in channel.groups)
    return {entry.by for talk in talks for entry in talk if not isinstance(entry, Send) and entry.by is not None}

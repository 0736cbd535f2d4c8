"""The porch of staff's door: the visible list of nouns, and one answer to each event of a group or a staff member."""

from dataclasses import dataclass, field, replace

from admin_commands import (
    action_sets,
    admission,
    auto_replies,
    backups,
    broadcasts,
    cards,
    config,
    desk,
    fields,
    forms,
    friends,
    greetings,
    groups,
    help,
    history,
    links,
    media,
    members,
    parked,
    quota,
    quotes,
    saved,
    scenarios,
    scopes,
    setup,
    shared_values,
    tags,
    templates,
    turns,
    undo,
    unpublished,
    whys,
)
from admin_commands.command import Noun
from admin_commands.grammar import emojis
from jobs import configuration, heard
from storage import clock, quotable, staff

PRESS_OF_OURS = "t="

# The one visible list, in the order in which help tells it.
NOUNS: list[Noun] = [
    friends.NOUN,
    tags.NOUN,
    fields.NOUN,
    shared_values.NOUN,
    saved.NOUN,
    links.NOUN,
    broadcasts.NOUN,
    scenarios.NOUN,
    greetings.NOUN,
    auto_replies.NOUN,
    forms.NOUN,
    action_sets.NOUN,
    templates.NOUN,
    media.NOUN,
    members.NOUN,
    groups.NOUN,
    quota.NOUN,
    unpublished.NOUN,
    history.NOUN,
    whys.NOUN,
    undo.NOUN,
    config.NOUN,
    parked.NOUN,
    setup.NOUN,
    admission.NOUN,
]
NOUNS.insert(NOUNS.index(config.NOUN), backups.noun(NOUNS))
NOUNS.insert(0, help.noun(NOUNS))


@dataclass(frozen=True, slots=True)
class Answer:
    """At most five LINE message objects, and outbox rows that commands wrote, to be sent after the commit.

    `about` is what the messages are about, for whoever quotes them.
    """

    messages: list[cards.Message]
    rows: list[int] = field(default_factory=list)
    about: quotable.About | None = None


async def answer(event: desk.Heard, cache: configuration.Cache) -> Answer | None:
    """Carry out what an event asks for, inside the lane's transaction; None is silence.

    A refusal changes nothing: commands run in a savepoint, which goes with them.
    """
    room = None
    if event.group is not None:
        room = await staff.room(event.group)
        if room is None or room.state != "claimed":
            return _answer(await admission.outside(event, event.group))
        if isinstance(event.what, heard.Joined | heard.Left | heard.MembersJoined | heard.MembersLeft):
            return _answer(await admission.inside(event, event.group, room))
    if isinstance(event.what, heard.Said):
        event = replace(event, what=emojis.written_out(event.what))
    at = await _desk(event, room, cache)
    turn = turns.Turn(at, NOUNS)
    match event.what:
        case heard.Said() as what:
            return _answer(await turn.said(what), at)
        case heard.Pressed(data=data, params=params) if data.startswith(PRESS_OF_OURS):
            return _answer(await turn.pressed(data.removeprefix(PRESS_OF_OURS), params), at)
    return None


async def _desk(event: desk.Heard, room: staff.Room | None, cache: configuration.Cache) -> desk.Desk:
    moment = await clock.read()
    config = await cache.at(moment)
    member = await staff.find(event.person) if event.person is not None else None
    if member is not None and member.state == "active":
        name = event.names.get(member.line_user_id) or member.name
        if name != member.name:
            await staff.is_called(member.id, name)
        role = desk.lower(member.role, room.role) if room is not None else member.role
        actor = desk.Actor(member.id, member.line_user_id, name, role, member.role)
    else:
        name = event.names.get(event.person or "", "")
        actor = desk.Actor(None, event.person, name, "viewer", suspended=member is not None)
    scope = scopes.of(member, room)
    quoted = await quotes.of(event)
    return desk.Desk(event, actor, cache, moment.now, config.zone, config, room=room, scope=scope, quoted=quoted)


def _answer(said: cards.Say | None, at: desk.Desk | None = None) -> Answer | None:
    if said is None:
        return None
    return Answer(cards.objects(said), list(at.rows) if at else [], at.about if at else None)

"""Every kind of condition in SQL, declared once each, by the key that names it in the stored form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storage import names
from storage.segments import answered, drawn, noted
from storage.segments.terms import Segment, Terms

LOW = (1 << 32) - 1  # half of a friend's lot, which the database draws from the id and keeps


# Neither true nor false: whoever it is asked of does not fit, and nor do they fit the opposite.
UNKNOWN = "NULL::boolean"


@dataclass(frozen=True, slots=True)
class Kind:
    """`where` is true for the friends who fit, else false, or null where nobody can know.

    Under the keys `tags` of the stored form stand numbers of tags, which may have been merged into others.
    """

    where: Callable[[Terms, Segment], str]
    tags: Sequence[str] = ()


# ---- joints ----


def _joined(word: str, key: str) -> Callable[[Terms, Segment], str]:
    def join(terms: Terms, segment: Segment) -> str:
        return "(" + f" {word} ".join(terms.where(one) for one in segment[key]) + ")"

    return join


def _not(terms: Terms, segment: Segment) -> str:
    return f"(NOT {terms.where(segment['not'])})"


# ---- what friends have, did and got ----


def _wears(terms: Terms, tag_ids: Sequence[int]) -> str:
    asked = f"l.tag_id = {terms.value(tag_ids[0], 'bigint')}" if len(tag_ids) == 1 else ""
    asked = asked or f"l.tag_id = ANY({terms.value(list(tag_ids), 'bigint[]')})"
    return f"EXISTS (SELECT 1 FROM friend_tags l WHERE l.friend_id = {terms.friend} AND {asked})"


def _tags(terms: Terms, segment: Segment) -> str:
    if segment["of"] == "any":
        return _wears(terms, segment["tags"])
    return "(" + " AND ".join(_wears(terms, [tag]) for tag in segment["tags"]) + ")"


def _scenario(terms: Terms, segment: Segment) -> str:
    """On the way; through at least once; taken off and neither of both; never begun; that step behind, or received."""
    if segment["is"] == "received":
        return _received(terms, segment)
    walks = (
        "EXISTS (SELECT 1 FROM subscriptions s WHERE s.friend_id = f.id"
        f" AND s.scenario_id = {terms.value(segment['scenario'], 'bigint')}"
    )
    match segment["is"]:
        case "active":
            return f"{walks} AND s.state IN ('active', 'paused', 'parked'))"
        case "finished":
            return f"{walks} AND s.state = 'finished')"
        case "stopped":
            return f"({walks}) AND NOT {walks} AND s.state <> 'stopped'))"
        case "never":
            return f"(NOT {walks}))"
        case "from":
            return f"{walks} AND s.position >= {terms.value(segment['step'], 'int')})"
    raise ValueError(f"no such state: {segment['is']}")


def _received(terms: Terms, segment: Segment) -> str:
    """LINE has accepted the step that has this number in what is live, in whichever version the friend got it."""
    key = f"v.definition -> 'steps' -> {terms.value(segment['step'] - 1, 'int')} ->> 'key'"
    return (
        "EXISTS (SELECT 1 FROM scenarios c JOIN scenario_versions v ON v.id = c.live_version_id"
        " JOIN subscriptions s ON s.scenario_id = c.id"
        f" JOIN deliveries d ON d.friend_id = s.friend_id AND d.cause = 'step:' || s.id || ':' || ({key})"
        " JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted'"
        f" WHERE c.id = {terms.value(segment['scenario'], 'bigint')} AND s.friend_id = f.id)"
    )


def _followed(terms: Terms, segment: Segment) -> str:
    return f"coalesce({terms.within('f.followed_at', segment['followed'])}, false)"


def _since_then(terms: Terms, column: str, when: Segment) -> str:
    """With whom it never happened, with them it has not happened since they came."""
    since = f"coalesce({column}, f.followed_at, f.created_at)" if "before" in when else column
    return f"coalesce({terms.within(since, when)}, false)"


def _reacted(terms: Terms, segment: Segment) -> str:
    return _since_then(terms, "f.last_reaction_at", segment["reacted"])


def _delivered(terms: Terms, segment: Segment) -> str:
    """What LINE has accepted for the friend, whatever sent it."""
    last = (
        "(SELECT max(d.at) FROM deliveries d JOIN outbox o ON o.id = d.outbox_id"
        " WHERE d.friend_id = f.id AND o.state = 'accepted')"
    )
    return _since_then(terms, last, segment["delivered"])


def _clicked(terms: Terms, segment: Segment) -> str:
    """Opened at least so often, in that time; with 0 never."""
    clicks = f"FROM link_clicks c WHERE c.friend_id = f.id AND c.link_id = {terms.value(segment['link'], 'bigint')}"
    if "when" in segment:
        clicks += f" AND {terms.within('c.at', segment['when'])}"
    if segment["times"] > 1:
        return f"((SELECT count(*) {clicks}) >= {terms.value(segment['times'], 'int')})"
    return f"EXISTS (SELECT 1 {clicks})" if segment["times"] else f"(NOT EXISTS (SELECT 1 {clicks}))"


# What has come of friends' messages of a broadcast, in every run of it. The friend is named in WHERE alone: only an
# EXISTS without `f` in its joins can be joined or hashed by the database, and not asked for each friend.
_GOT = (
    "broadcast_runs r JOIN deliveries d ON d.cause = 'operation:' || r.operation_id || ':1'"
    " JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted'"
)


def _broadcast(terms: Terms, segment: Segment) -> str:
    """LINE has accepted it, or of several wordings that one; who has opened a measured link of it or pressed a button
    of it has clicked. Held are those who got nothing, to compare with."""
    number = terms.value(segment["broadcast"], "bigint")
    if segment["is"] == "held":
        return (
            "EXISTS (SELECT 1 FROM broadcast_runs r JOIN operation_friends o ON o.operation_id = r.held_id"
            f" WHERE o.friend_id = f.id AND r.broadcast_id = {number})"
        )
    of = f"r.broadcast_id = {number}"
    if "variant" in segment:
        of += f" AND {drawn.got_variant('d.friend_id', terms.value(segment['variant'], 'text'))}"
    received = f"EXISTS (SELECT 1 FROM {_GOT} WHERE d.friend_id = f.id AND {of})"
    opened = (
        f"EXISTS (SELECT 1 FROM {_GOT} JOIN link_sends s ON s.delivery_id = d.id"
        " JOIN link_clicks c ON c.link_id = s.link_id AND c.friend_id = s.friend_id AND c.at >= d.at"
        f" WHERE c.friend_id = f.id AND {of})"
    )
    pressed = (
        "EXISTS (SELECT 1 FROM friend_events e JOIN buttons b ON b.id = e.subject"
        f" AND b.owner = 'broadcast:' || {number} WHERE e.friend_id = f.id AND e.kind = 'pressed')"
    )
    match segment["is"]:
        case "received":
            return received
        case "clicked":
            if "variant" in segment:  # its buttons may be those of another variant as well
                pressed = f"({pressed} AND {received})"
            return f"({opened} OR {pressed})"
        case "not_clicked":  # NOT (… OR …) would be asked for each friend
            return f"({received} AND NOT {opened} AND NOT {pressed})"
    raise ValueError(f"no such state: {segment['is']}")


def _called(terms: Terms, segment: Segment) -> str:
    return f"strpos(f.name_key, {terms.value(names.name_key(segment['name']), 'text')}) > 0"


def _sample(terms: Terms, segment: Segment) -> str:
    return f"(f.lot & {LOW}) < {terms.value(segment['sample'] * (LOW + 1) // 100, 'bigint')}"


def _split(terms: Terms, segment: Segment) -> str:
    part, of = segment["split"]
    share = f"((f.lot >> 32 & {LOW}) * {terms.value(of, 'bigint')} >> 32)"
    return f"{share} = {terms.value(part - 1, 'bigint')}"


GROUPS: Mapping[str, Kind] = {"all": Kind(_joined("AND", "all")), "any": Kind(_joined("OR", "any")), "not": Kind(_not)}
KINDS: Mapping[str, Kind] = {
    **GROUPS,
    "saved": Kind(lambda *_: UNKNOWN),  # what it says has been put in, unless it is gone
    "everyone": Kind(lambda *_: "true"),
    "tag": Kind(lambda terms, segment: _wears(terms, [segment["tag"]]), tags=("tag",)),
    "tags": Kind(_tags, tags=("tags",)),
    "scenario": Kind(_scenario),
    "followed": Kind(_followed),
    "reacted": Kind(_reacted),
    "delivered": Kind(_delivered),
    "link": Kind(_clicked),
    "broadcast": Kind(_broadcast),
    "form": Kind(answered.where),
    "name": Kind(_called),
    "field": Kind(noted.where),
    "blocked": Kind(lambda *_: "f.shut"),
    "hidden": Kind(lambda *_: "f.hidden"),
    "opted_out": Kind(lambda *_: "f.opted_out"),
    "sample": Kind(_sample),
    "split": Kind(_split),
    "drawn": Kind(drawn.where),
}

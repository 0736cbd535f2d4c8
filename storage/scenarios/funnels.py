"""How far the friends of a scenario came: step by step, what became of it and who pressed something in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage import database, segments

BUTTON = r'"data": "b=(\d{1,18})"'  # what a press of a customer's button sends, as jsonb prints it
STATES = ("sent", "acted", "left_out", "failed", "waiting")


@dataclass(frozen=True, slots=True)
class Came:
    """Of one step: to how many walks it came, and what it was to them.

    `sent`: LINE took it. `acted`: it had nothing to send. `left_out`: it was for others. `failed`: blocked, refused,
    cancelled or in doubt. `waiting`: written down, not yet gone. `pressed`: friends who pressed a button of it.
    """

    sent: int = 0
    acted: int = 0
    left_out: int = 0
    failed: int = 0
    waiting: int = 0
    pressed: int = 0

    @property
    def reached(self) -> int:
        """Those it was for."""
        return self.sent + self.acted + self.failed + self.waiting


async def came(
    scenario_id: int, keys: Sequence[str], buttons: Mapping[str, Sequence[int]], most: int, sight: segments.Sight
) -> dict[str, Came]:
    """Step key -> numbers over the latest `most` walks of those who can be seen; `buttons` are those of each step."""
    statement = segments.Statement(sight, (scenario_id, list(keys), most))
    walks = (
        "WITH walks AS MATERIALIZED (SELECT w.id, w.friend_id FROM subscriptions w WHERE w.scenario_id = $1"
        f"{statement.belongs('w.friend_id')} ORDER BY w.id DESC LIMIT $3)"
    )
    found = await database.rows(
        f"{walks} SELECT k.key, count(*) FILTER (WHERE x.state = 'accepted')::int AS sent,"
        " count(*) FILTER (WHERE x.state = 'none')::int AS acted,"
        " count(*) FILTER (WHERE x.state = 'skipped')::int AS left_out,"
        " count(*) FILTER (WHERE x.state IN ('cancelled', 'refused', 'unknown', 'lost'))::int AS failed,"
        " count(*) FILTER (WHERE x.state IN ('open', 'sending', 'split'))::int AS waiting"
        " FROM walks w CROSS JOIN unnest($2::text[]) AS k (key)"
        " CROSS JOIN LATERAL (SELECT coalesce(d.state, o.state, 'lost') AS state FROM deliveries d"
        " LEFT JOIN outbox o ON o.id = d.outbox_id"
        " WHERE d.cause = 'step:' || w.id || ':' || k.key AND d.friend_id = w.friend_id) x GROUP BY 1",
        *statement.values,
    )
    pressed = await _pressed(buttons, sight)
    return {
        key: Came(**{name: row[name] for name in STATES}, pressed=pressed.get(key, 0))
        for row in found
        for key in [row["key"]]
    }


async def _pressed(buttons: Mapping[str, Sequence[int]], sight: segments.Sight) -> dict[str, int]:
    pairs = [(key, button) for key, own in buttons.items() for button in own]
    if not pairs:
        return {}
    statement = segments.Statement(sight, ([key for key, _ in pairs], [button for _, button in pairs]))
    found = await database.rows(
        "SELECT b.key, count(DISTINCT e.friend_id)::int AS friends"
        " FROM unnest($1::text[], $2::bigint[]) AS b (key, button)"
        " JOIN friend_events e ON e.kind = 'pressed' AND e.subject = b.button"
        f"{statement.belongs('e.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return {row["key"]: row["friends"] for row in found}


async def buttons_of(scenario_id: int) -> dict[str, list[int]]:
    """Step key -> the buttons that any version's step of it has."""
    found = await database.rows(
        "SELECT s ->> 'key' AS key, array_agg(DISTINCT m[1]::bigint) AS buttons FROM scenario_versions v"
        " CROSS JOIN jsonb_array_elements(v.definition -> 'steps') AS s"
        " CROSS JOIN regexp_matches((s -> 'messages')::text, $2, 'g') AS m"
        " WHERE v.scenario_id = $1 GROUP BY 1",
        scenario_id,
        BUTTON,
    )
    return {row["key"]: row["buttons"] for row in found}

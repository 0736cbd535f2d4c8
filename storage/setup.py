"""How far a shop has come in setting itself up, seen from what is there."""

from dataclasses import dataclass
from typing import Any

from storage import database


@dataclass(frozen=True, slots=True)
class Standing:
    """`trade` is the key of the pack last taken and not taken back; `testers`: there are test friends."""

    trade: str | None
    greeted: bool
    scenarios: int
    templates: int
    forms: int
    drafts: int
    live: int
    staff: int
    testers: bool


async def standing() -> Standing:
    found: dict[str, Any] | None = await database.row(
        "SELECT (SELECT arguments->>'trade' FROM audit_entries WHERE verb = 'start.run' AND undone_at IS NULL"
        " ORDER BY id DESC LIMIT 1) AS trade,"
        " EXISTS (SELECT 1 FROM greetings WHERE kind = 'new' AND actions <> '[]') AS greeted,"
        " (SELECT count(*) FROM scenarios WHERE deleted_at IS NULL) AS scenarios,"
        " (SELECT count(*) FROM templates WHERE deleted_at IS NULL) AS templates,"
        " (SELECT count(*) FROM forms WHERE deleted_at IS NULL) AS forms,"
        " (SELECT count(*) FROM scenarios WHERE deleted_at IS NULL AND draft_version_id IS NOT NULL) AS drafts,"
        " (SELECT count(*) FROM scenarios WHERE deleted_at IS NULL AND state = 'live') AS live,"
        " (SELECT count(*) FROM staff WHERE state = 'active') AS staff,"
        " EXISTS (SELECT 1 FROM friends WHERE is_test) AS testers"
    )
    if found is None:
        raise ValueError("the database told nothing")
    return Standing(**found)

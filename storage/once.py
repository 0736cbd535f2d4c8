"""What is done to a friend once for ever: a row each, which stays."""

import hashlib
from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from storage import database


class Once(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    key = fields.CharField(max_length=64)  # SHA-256 of the action's own text: whose it is and what it does

    class Meta:
        table = "done_once"
        unique_together = (("friend_id", "key"),)


async def first(cases: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (friend, action's own text) that have never been noted before; they are now."""
    texts = {_key(text): text for _, text in cases}
    found = await database.rows(
        "INSERT INTO done_once (friend_id, key) SELECT DISTINCT f, k FROM unnest($1::bigint[], $2::text[]) AS x (f, k)"
        " ON CONFLICT (friend_id, key) DO NOTHING RETURNING friend_id, key",
        [friend for friend, _ in cases],
        [_key(text) for _, text in cases],
    )
    return {(row["friend_id"], texts[row["key"]]) for row in found}


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

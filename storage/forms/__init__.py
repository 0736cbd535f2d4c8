"""Forms: what customers are asked in LINE's pages, in a live and a draft version."""

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from storage import database, drafted, named
from storage.segments import answered


class Form(Model):
    id = fields.BigIntField(primary_key=True)  # #Q3
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    state = fields.CharField(max_length=8)  # draft | live | paused
    # numbers in `block_versions`, where {"source", "form"} is the content (see jobs/forms/definition.py)
    live = fields.IntField(null=True)
    draft = fields.IntField(null=True)
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "forms"


ROWS = drafted.Rows("forms", "form")


async def labels(numbers: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """What the versions of these forms ask: form -> label of a question -> labels of its options, the latest ones; of
    a question that takes whatever is written there are none. Beside the questions the points that answers come to
    (`answered.SCORE`), where there are any, and the result they lead to (`answered.RESULT`)."""
    found = await database.rows(
        "SELECT n.id, q ->> 'label' AS label, ARRAY(SELECT o ->> 'label' FROM jsonb_path_query(q, '$.options[*]') AS o)"
        " AS options, jsonb_path_exists(q, '$.options[*] ? (@.other == true)') AS other"
        " FROM unnest($1::bigint[]) AS n (id) JOIN block_versions v ON v.owner = 'form:' || n.id"
        " CROSS JOIN LATERAL jsonb_path_query(v.content, '$.form.pages[*].questions[*]') AS q ORDER BY v.number",
        list(numbers),
    )
    asked: dict[int, dict[str, list[str]]] = {}
    for row in found:
        asked.setdefault(row["id"], {})[row["label"]] = [] if row["other"] else row["options"]
    ends = await database.rows(
        "SELECT n.id, bool_or(jsonb_path_exists(v.content, '$.form.pages[*].questions[*].**.points ? (@ != null)')) AS"
        " counts, array_agg(DISTINCT r ->> 'title') FILTER (WHERE r IS NOT NULL) AS titles"
        " FROM unnest($1::bigint[]) AS n (id) JOIN block_versions v ON v.owner = 'form:' || n.id"
        " LEFT JOIN LATERAL jsonb_path_query(v.content, '$.form.results[*]') AS r ON true GROUP BY n.id",
        list(numbers),
    )
    for row in ends:
        told = asked.setdefault(row["id"], {})
        told |= {answered.SCORE: []} if row["counts"] and answered.SCORE not in told else {}
        told |= {answered.RESULT: row["titles"]} if row["titles"] and answered.RESULT not in told else {}
    return asked


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in a condition, on a button, as what comes next."""
    paths = ["$.**.form ? (@ == $id[*])", "$.**.thanks.next ? (@ == $id[*])", named.in_texts("Q", numbers)]
    return await named.uses([*paths, _address(numbers)], *numbers)


def _address(numbers: Sequence[int]) -> str:
    """The JSON path of texts in which the address of one of these stands, as messages have it."""
    meant = "|".join(str(int(one)) for one in numbers)
    return f'$.** ? (@.type() == "string" && @ like_regex "^https://liff[.]invalid/f/({meant})([^0-9]|$)")'

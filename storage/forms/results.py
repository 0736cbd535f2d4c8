"""What came in on forms, as staff see it: counts, pages of submissions, one of them, rows to be taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage import database, segments
from storage.forms import submissions


@dataclass(frozen=True, slots=True)
class Tally:
    submissions: int
    friends: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the numbers given to one question come to."""

    count: int
    mean: Decimal
    middle: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission with whoever sent it: `name` is the friend's."""

    id: int
    form: int
    version: int
    friend: int
    name: str | None
    attempt: int
    at: datetime
    edited_at: datetime | None
    score: Decimal | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a submission; its bytes are not in here."""

    id: int
    question: str
    name: str
    content_type: str
    size: int


_LISTED = (
    "s.id, s.form_id AS form, s.version_number AS version, s.friend_id AS friend,"
    " coalesce(f.display_name, f.line_name) AS name, s.attempt, s.at, s.edited_at, s.score, s.result"
    " FROM submissions s JOIN friends f ON f.id = s.friend_id"
)


async def tally(form_id: int, sight: segments.Sight) -> Tally:
    """Submissions and friends who have sent any, of those who can be seen."""
    statement = segments.Statement(sight, (form_id,))
    found: dict[str, Any] | None = await database.row(
        "SELECT count(*) AS submissions, count(DISTINCT s.friend_id) AS friends, max(s.at) AS last FROM submissions s"
        f" WHERE s.form_id = $1{statement.belongs('s.friend_id')}",
        *statement.values,
    )
    return Tally(**found) if found is not None else Tally(0, 0, None)


async def friends(form_ids: Sequence[int], sight: segments.Sight) -> dict[int, int]:
    """How many friends who can be seen have answered each of these; a form that nobody has is absent."""
    statement = segments.Statement(sight, (list(form_ids),))
    found = await database.rows(
        "SELECT s.form_id, count(DISTINCT s.friend_id) AS friends FROM submissions s"
        f" WHERE s.form_id = ANY($1::bigint[]){statement.belongs('s.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return {row["form_id"]: row["friends"] for row in found}


async def any_answers(form_id: int) -> bool:
    """Whether anybody has ever answered it."""
    return bool(await database.value("SELECT EXISTS (SELECT 1 FROM submissions WHERE form_id = $1)", form_id))


async def taken(form_id: int) -> int:
    """How many of its places are taken: each submission has one."""
    return int(await database.value("SELECT count(*) FROM submissions WHERE form_id = $1", form_id))


async def chosen(form_id: int) -> dict[tuple[str, str], int]:
    """(question, choice) -> how many places of it are taken; what nobody has chosen is absent."""
    found = await database.rows(
        "SELECT question, option, count(*) AS times FROM form_answers WHERE form_id = $1 AND option IS NOT NULL"
        " GROUP BY 1, 2",
        form_id,
    )
    return {(row["question"], row["option"]): row["times"] for row in found}


async def choices(form_id: int, sight: segments.Sight) -> dict[tuple[str, str], int]:
    """(question, choice) -> submissions of friends who can be seen that have it; what nobody chose is absent."""
    statement = segments.Statement(sight, (form_id,))
    found = await database.rows(
        "SELECT a.question, a.option, count(DISTINCT a.submission_id) AS times FROM form_answers a WHERE a.form_id = $1"
        f" AND a.option IS NOT NULL{statement.belongs('a.friend_id')} GROUP BY 1, 2",
        *statement.values,
    )
    return {(row["question"], row["option"]): row["times"] for row in found}


async def answered(form_id: int, sight: segments.Sight) -> dict[str, int]:
    """Question -> submissions of friends who can be seen in which it has an answer."""
    statement = segments.Statement(sight, (form_id,))
    found = await database.rows(
        "SELECT a.question, count(DISTINCT a.submission_id) AS times FROM form_answers a WHERE a.form_id = $1"
        f"{statement.belongs('a.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return {row["question"]: row["times"] for row in found}


async def numbers(form_id: int, sight: segments.Sight) -> dict[str, Summary]:
    """What the numbers come to, by question; one without any is absent."""
    statement = segments.Statement(sight, (form_id,))
    found = await database.rows(
        "SELECT a.question, count(*) AS count, avg(a.number) AS mean,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY a.number) AS middle, min(a.number) AS least,"
        " max(a.number) AS most FROM form_answers a WHERE a.form_id = $1 AND a.number IS NOT NULL"
        f"{statement.belongs('a.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return {row.pop("question"): Summary(**row) for row in found}


async def frequent(
    form_id: int, questions: Sequence[str], sight: segments.Sight, most: int
) -> dict[str, list[tuple[str, int]]]:
    """Question -> (text, how often), the most frequent first, so many at most: of prefectures, ratings, consents."""
    statement = segments.Statement(sight, (form_id, list(questions), most))
    found = await database.rows(
        "SELECT question, text, times FROM (SELECT a.question, a.text, count(*) AS times,"
        " row_number() OVER (PARTITION BY a.question ORDER BY count(*) DESC, a.text) AS place FROM form_answers a"
        f" WHERE a.form_id = $1 AND a.question = ANY($2::text[]){statement.belongs('a.friend_id')}"
        " GROUP BY a.question, a.text) x WHERE place <= $3 ORDER BY question, place",
        *statement.values,
    )
    by: dict[str, list[tuple[str, int]]] = {}
    for row in found:
        by.setdefault(row["question"], []).append((row["text"], row["times"]))
    return by


async def lately(
    form_id: int, questions: Sequence[str], sight: segments.Sight, most: int
) -> dict[str, list[tuple[str, datetime]]]:
    """Question -> what was written last, with when, so many at most."""
    statement = segments.Statement(sight, (form_id, list(questions), most))
    found = await database.rows(
        "SELECT question, text, at FROM (SELECT a.question, a.text, s.at, row_number() OVER"
        " (PARTITION BY a.question ORDER BY s.at DESC, a.id DESC) AS place FROM form_answers a"
        " JOIN submissions s ON s.id = a.submission_id WHERE a.form_id = $1 AND a.question = ANY($2::text[])"
        f"{statement.belongs('a.friend_id')}) x WHERE place <= $3 ORDER BY question, place",
        *statement.values,
    )
    by: dict[str, list[tuple[str, datetime]]] = {}
    for row in found:
        by.setdefault(row["question"], []).append((row["text"], row["at"]))
    return by


async def outcomes(form_id: int, sight: segments.Sight) -> dict[str, int]:
    """Key of a result -> how often it was shown; what never was is absent."""
    statement = segments.Statement(sight, (form_id,))
    found = await database.rows(
        "SELECT s.result, count(*) AS times FROM submissions s WHERE s.form_id = $1 AND s.result IS NOT NULL"
        f"{statement.belongs('s.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return {row["result"]: row["times"] for row in found}


async def points(form_id: int, sight: segments.Sight) -> Summary | None:
    """What the points of all submissions come to; None where there are none."""
    statement = segments.Statement(sight, (form_id,))
    found = await database.row(
        "SELECT count(*) AS count, avg(s.score) AS mean,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY s.score) AS middle,"
        " min(s.score) AS least, max(s.score) AS most FROM submissions s WHERE s.form_id = $1"
        f" AND s.score IS NOT NULL{statement.belongs('s.friend_id')}",
        *statement.values,
    )
    return Summary(**found) if found is not None and found["count"] else None


async def page(
    form_id: int,
    sight: segments.Sight,
    limit: int,
    offset: int,
    *,
    friend: int | None = None,
    words: str = "",
) -> tuple[list[Listed], int]:
    """A page of submissions, the latest first, and how many there are: of one friend, or with these words in them."""
    statement = segments.Statement(sight, (form_id,))
    where = f" WHERE s.form_id = $1{statement.belongs('s.friend_id')}"
    if friend is not None:
        where += f" AND s.friend_id = {statement.value(friend, 'bigint')}"
    if words:
        said = statement.value(_like(words), "text")
        where += (
            " AND EXISTS (SELECT 1 FROM form_answers a WHERE a.submission_id = s.id AND"
            f" normalize(a.text, NFKC) ILIKE normalize({said}, NFKC))"
        )
    counted: int = await database.value(f"SELECT count(*) FROM submissions s{where}", *statement.values)
    shown = f"LIMIT {statement.value(limit, 'int')} OFFSET {statement.value(offset, 'int')}"
    found = await database.rows(f"SELECT {_LISTED}{where} ORDER BY s.at DESC, s.id DESC {shown}", *statement.values)
    return [Listed(**row) for row in found], counted


def _like(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def get(submission_id: int, sight: segments.Sight) -> Listed | None:
    """One submission of a friend who can be seen."""
    statement = segments.Statement(sight, (submission_id,))
    found = await database.row(f"SELECT {_LISTED} WHERE s.id = $1{statement.belongs('s.friend_id')}", *statement.values)
    return Listed(**found) if found else None


async def uploads(submission_ids: Sequence[int]) -> dict[int, list[Upload]]:
    """The files of these submissions, which have been found in sight, in the order of the form."""
    found = await database.rows(
        "SELECT submission_id, id, question, name, content_type, size FROM form_uploads"
        " WHERE submission_id = ANY($1::bigint[]) ORDER BY id",
        list(submission_ids),
    )
    by: dict[int, list[Upload]] = {}
    for row in found:
        by.setdefault(row.pop("submission_id"), []).append(Upload(**row))
    return by


@dataclass(frozen=True, slots=True)
class Taken:
    """A submission as it is taken out, with its values and the names of its files by question."""

    of: Listed
    values: Sequence[submissions.Value]
    files: Sequence[Upload]


async def everything(form_id: int, sight: segments.Sight, after: int, limit: int) -> list[Taken]:
    """Submissions behind this id with all that was answered, by id, so many at most."""
    statement = segments.Statement(sight, (form_id, after, limit))
    found = await database.rows(
        f"SELECT {_LISTED} WHERE s.form_id = $1 AND s.id > $2{statement.belongs('s.friend_id')} ORDER BY s.id LIMIT $3",
        *statement.values,
    )
    listed = [Listed(**row) for row in found]
    ids = [one.id for one in listed]
    values, files = await submissions.values(ids), await uploads(ids)
    return [Taken(one, values.get(one.id, []), files.get(one.id, [])) for one in listed]


@dataclass(frozen=True, slots=True)
class Latest:
    """The last time a friend answered a form."""

    form: int
    name: str
    submission: int
    at: datetime
    times: int


async def of_friend(friend_id: int, limit: int) -> list[Latest]:
    """The forms that this friend, who has been found in sight, has answered, the latest first."""
    found = await database.rows(
        "SELECT q.id AS form, q.name, max(s.id) AS submission, max(s.at) AS at, count(*) AS times FROM submissions s"
        " JOIN forms q ON q.id = s.form_id AND q.deleted_at IS NULL WHERE s.friend_id = $1 GROUP BY q.id, q.name"
        " ORDER BY max(s.at) DESC, q.id LIMIT $2",
        friend_id,
        limit,
    )
    return [Latest(**row) for row in found]

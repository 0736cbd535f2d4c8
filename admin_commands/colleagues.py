"""Staff and groups as blocks name them: by mention, name or number; beside them all that has a name and a number."""

from collections.abc import Mapping, Sequence
from typing import Literal

from admin_commands import objects
from admin_commands.grammar import words
from storage import named, names, staff

Noun = named.Kind | Literal["staff", "groups"]

WORDS: Mapping[str, tuple[str, str]] = {
    **{str(kind): told for kind, told in objects.KINDS.items()},
    "staff": ("スタッフ", "W"),
    "groups": ("グループ", "J"),
}


async def lookup(noun: Noun, given: Sequence[words.Object]) -> list[named.Named | None]:
    """What each of these means, None where nothing fits, or more than one of the staff."""
    if noun != "staff" and noun != "groups":
        return await objects.lookup(noun, given)
    people = {one.line_user_id: one.id for one in await staff.all_members()} if noun == "staff" else {}
    known = await _all(noun)
    return [_meant(noun, one, known, people) for one in given]


async def called(noun: Noun, ids: Sequence[int]) -> dict[int, named.Named]:
    """Those of these numbers that are there, with today's names."""
    if noun != "staff" and noun != "groups":
        return await named.by_ids(noun, ids)
    return {one.id: one for one in await _all(noun) if one.id in ids} if ids else {}


async def nearest(noun: Noun, name: str) -> list[str]:
    """Names that this one was probably meant to be; people and groups are few, and are not guessed."""
    return await objects.nearest(noun, name) if noun != "staff" and noun != "groups" else []


async def _all(noun: Literal["staff", "groups"]) -> list[named.Named]:
    if noun == "groups":
        return [named.Named(one.id, one.name, one.version) for one in await staff.rooms()]
    return [named.Named(one.id, f"@{one.name}", one.version) for one in await staff.all_members()]


def _meant(noun: Noun, given: words.Object, known: Sequence[named.Named], people: dict[str, int]) -> named.Named | None:
    if isinstance(given, words.Id):
        return next((one for one in known if given.letter == WORDS[noun][1] and one.id == given.number), None)
    if isinstance(given, words.Person) and given.user_id is not None:
        return next((one for one in known if one.id == people.get(given.user_id or "")), None)
    typed = given.text if isinstance(given, words.Name) else ""
    key = names.name_key(words.person_name(given) if noun == "staff" else typed)
    keys = {one.id: names.name_key(one.name.removeprefix("@")) for one in known}
    found = [one for one in known if keys[one.id] == key]
    found = found or [one for one in known if noun == "staff" and key and key in keys[one.id]]
    return found[0] if len(found) == 1 else None

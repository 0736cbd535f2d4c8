"""The fields that answers are saved to: which kind fits which question, and those that are made with a form."""

from collections.abc import Mapping, Sequence

from admin_commands import desk, objects
from admin_commands.fields import kinds, making
from admin_commands.grammar import definitions, words
from storage import changes, fields, named, names

MADE = "field.new"
# The kinds of field into which the answer to a question of this kind goes; the first is what is made for it.
FITTING: Mapping[str, Sequence[fields.Kind]] = {
    "text": ("text", "long_text"),
    "long": ("long_text", "text"),
    "number": ("number", "text", "long_text"),
    "single": ("text", "choice", "long_text"),
    "multiple": ("text", "long_text"),
    "pulldown": ("text", "choice", "long_text"),
    "date": ("date", "text", "long_text"),
    "datetime": ("datetime", "text", "long_text"),
    "time": ("text", "long_text"),
    "phone": ("text", "long_text"),
    "mail": ("text", "long_text"),
    "postcode": ("text", "long_text"),
    "address": ("text", "long_text"),
    "prefecture": ("text", "choice", "long_text"),
    "kana": ("text", "long_text"),
    "rating": ("number", "text", "long_text"),
    "scale": ("number", "text", "long_text"),
    "consent": ("yes_no",),
    "hidden": ("text", "long_text", "number"),
}


def fits(question: str, field: fields.Kind) -> bool:
    """Whether the answer to a question of this kind can be noted in a field of that one."""
    return field in FITTING.get(question, ())


async def make_missing(at: desk.Desk, definition: definitions.Form) -> None:
    """Make the fields that questions save to and that are not there yet, as tags are made along with a block."""
    wanted: dict[str, tuple[str, fields.Kind]] = {}
    for one in definition.parts:
        if isinstance(one, definitions.FormQuestion) and isinstance(one.to, words.Name) and one.kind in FITTING:
            name = objects.new_name(one.to, "fields")
            wanted.setdefault(names.name_key(name), (name, FITTING[one.kind][0]))
    there = await named.by_names("fields", [name for name, _ in wanted.values()]) if wanted else {}
    missing = [one for key, one in wanted.items() if key not in there]
    if missing and len(await fields.everything()) + len(missing) > fields.MOST:
        raise desk.Declined(f"項目は{fields.MOST}個までです。使っていないものを削除してください。")
    for name, kind in missing:
        making.fit(name, "項目", "項目 作成 お名前")
        await making.free_in_texts(name, "fields")
        turns = kind == "date" and kinds.yearly(name)
        number = await fields.make(name, kind, at.now, masked=kinds.masked(at, name), yearly=turns)
        at.record(
            MADE,
            {"field": number, "name": name},
            f"項目「{name}」を作った",
            [changes.put_back("fields", number, 1, {"deleted_at": "now"})],
        )


def made_note(at: desk.Desk) -> str:
    """Which fields this message has made."""
    found = [deed.arguments["name"] for deed in at.deeds if deed.verb == MADE and "name" in deed.arguments]
    return f"🗂 新しく作った項目: {'・'.join(found)}" if found else ""

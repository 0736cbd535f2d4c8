"""The file that somebody has dropped to be taken in: found, read, and refused for what it must not hold."""

from collections.abc import Sequence
from datetime import timedelta

from admin_commands import cards, choices, content, desk
from admin_commands.grammar import definitions, explain, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import File
from storage import dialogues, names
from storage.media import received

WAITED = timedelta(minutes=10)  # how long a file may lie there before it is asked for
MOST_BLOCKS = 500
MOST_COMMANDS = 500
LONGEST_BLOCK = 40_000  # characters; in the chat none can be made that is half as long
COMMAND = "/控え 取込"
# The commands a file may hold: what the nouns print. Everything else in it is refused.
PRINTED = {
    *(("tag", "new"), ("tag", "set"), ("field", "new"), ("link", "new"), ("link", "set"), ("config", "set")),
    *(("shared_value", "new"), ("shared_value", "set")),
    ("field", "set"),
    ("segment", "apply"),
}


async def find(at: desk.Desk) -> received.Dropped | cards.Say:
    """The file this person has sent here; what to say when it is still to come."""
    asked = at.asked
    chat, person = (asked.chat, asked.user_id) if asked is not None else (at.chat, at.actor.user_id or "")
    held = at.held.get(str(at.place), {}).get("file")
    if held is not None:
        found = await received.dropped(chat, person, number=held)
    else:
        quoted = getattr(at.heard.what, "quoted_message_id", None)
        found = await received.dropped(chat, person, message=quoted) if quoted else None
        found = found or await received.dropped(chat, person, since=at.now - WAITED)
    if found is None:
        if asked is not None:
            raise desk.Declined(f"{asked.name}さんのファイルが見つかりません。もう一度送ってもらってください。")
        await dialogues.keep(at.chat, person, "media", {"command": COMMAND}, at.now)
        return cards.Say("📄 取り込む控えのファイル（.txt）を、5分以内にこのトークへ送ってください。")
    if found.state == "wanted":
        if asked is not None:
            raise desk.Declined("ファイルを受け取っている途中です。少し待ってから、もう一度お試しください。")
        await received.wish(found.id, person, COMMAND, at.heard.inbox_id)
        return cards.Say("")  # told as soon as it is here
    return found


def faults_of(file: File) -> list[Fault]:
    """What the file must not hold, whatever the grammar makes of it."""
    found = list(file.faults)
    for one in file.commands:
        word = one.objects(0)
        known = one.noun != "config" or (len(word) == 1 and choices.find(words.show(word[0])) is not None)
        if (one.noun, one.verb) not in PRINTED or not known or (one.target is None) is (one.noun == "segment"):
            found.append(
                Fault(one.line, one.raw, "は控えから取り込めません", ("タグ 作成 VIP", "設定 静音 21:00-8:00"))
            )
    found += _twice(file.definitions)
    for block in file.definitions:
        if len(block.source) > LONGEST_BLOCK:
            found.append(Fault(block.line, first_line(block), f"が長すぎます（{LONGEST_BLOCK:,}字まで）"))
        numbers = [one for _, one in content.mentioned(block) if isinstance(one, words.Id) and one.number]
        if numbers:
            shown = "・".join(dict.fromkeys(words.show(one) for one in numbers))
            found.append(Fault(block.line, first_line(block), f"の中の番号（{shown}）は、名前で書いてください"))
    return found


def _twice(blocks: Sequence[definitions.Definition]) -> list[Fault]:
    seen: set[tuple[str, ...]] = set()
    found = []
    for one in blocks:
        keys: list[tuple[str, ...]]
        match one:
            case definitions.Greeting(parts=parts):
                keys = [("greeting", part.kind) for part in parts]
            case (
                definitions.Scenario(name=name, state=state)
                | definitions.AutoReply(name=name, state=state)
                | definitions.Form(name=name, state=state)
            ):
                keys = [(type(one).__name__, names.name_key(name), "draft" if state == "draft" else "live")]
            case _:
                keys = [(type(one).__name__, names.name_key(one.name))]
        if seen.intersection(keys):
            found.append(Fault(one.line, first_line(one), "は2回書かれています"))
        seen.update(keys)
    return found


def first_line(block: definitions.Definition) -> str:
    return block.source.split("\n")[0]


def refuse(faults: Sequence[Fault]) -> None:
    if faults:
        told = explain(sorted(faults, key=lambda fault: fault.line))
        raise desk.Declined(f"取り込めない所があります。何も変えていません。\n{told}")


def limit(file: File) -> None:
    if len(file.definitions) > MOST_BLOCKS or len(file.commands) > MOST_COMMANDS:
        raise desk.Declined(
            f"大きすぎて一度に取り込めません（ブロックは{MOST_BLOCKS}個まで）。ファイルを分けて送ってください。"
        )

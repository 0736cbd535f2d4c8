"""What a command lacks and the shop has few of, offered as a list: `タグ 付ける #F13` asks which tag."""

from dataclasses import replace

from admin_commands import cards, command, desk, objects
from admin_commands.grammar import canonical, lexicon, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from storage import named

KINDS: dict[str, named.Kind] = {noun: kind for kind, noun in objects.NOUNS.items()}


async def offer(declared: command.Command, said: Said) -> None:
    """Raise Ambiguous, with the things that may stand first, where only the second place of a command was filled."""
    if len(said.args) != 1 or said.target is not None or len(declared.arguments) < 2:
        return
    first, second = declared.arguments[:2]
    kind = KINDS.get(first.takes)
    letter = lexicon.NOUN[second.takes].letter if second.takes else None
    given = said.objects(0)
    if kind is None or not given or not all(isinstance(one, words.Id) and one.letter == letter for one in given):
        return
    noun, sign = objects.KINDS[kind]
    there = sorted(await named.everything(kind), key=lambda one: one.name)
    if not there:
        raise desk.Declined(f"{noun}がまだありません。", cards.Tap(f"ヘルプ {noun}", f"ヘルプ {noun}"))
    rows = [
        cards.Row(one.name, canonical(replace(said, args=(Argument((words.Id(sign, one.id),)), *said.args))))
        for one in there[: objects.MOST_CHOICES]
    ]
    verb = lexicon.verb_of(lexicon.NOUN[said.noun], declared.verb)
    shown = "・".join(map(words.show, given))
    more = f"（{len(there)}件のうち{len(rows)}件。ほかは名前で送ってください）" if len(there) > len(rows) else ""
    raise objects.Ambiguous(f"どの{noun}を{shown}に{verb.words[0] if verb else ''}か、番号で選んでください{more}", rows)

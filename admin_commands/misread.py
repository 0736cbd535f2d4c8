"""What is told when a message cannot be read, or asks for what is not there."""

from collections.abc import Sequence

from admin_commands import cards, desk
from admin_commands.command import Noun
from admin_commands.grammar import explain, lexicon
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.faults import Fault


def faulty(faults: Sequence[Fault], suggestions: Sequence[str], text: str) -> cards.Say:
    """What cannot be read of a command, with what was perhaps meant as taps."""
    taps = [cards.Tap(one, one) for one in suggestions]
    return cards.Say(explain(faults, lone="\n" not in text.strip()), (*taps, cards.Tap("ヘルプ", "ヘルプ")))


def unread(faults: Sequence[Fault], text: str) -> cards.Say:
    """All that cannot be read of a block, each with its line; mended, the block is one tap away."""
    where = len({fault.line for fault in faults})
    buttons: list[cards.Tap | cards.Copy] = []
    lines = text.split("\n")
    mended = {one.line: one.corrected for one in faults if one.corrected is not None and one.line <= len(lines)}
    if len(mended) == where:
        whole = "\n".join(mended.get(number, line) for number, line in enumerate(lines, 1))
        buttons.append(cards.Copy("直した全文をコピー", whole))
    else:
        buttons += [cards.Copy(f"{number}行目の直しをコピー", line) for number, line in mended.items()]
    buttons = buttons[: cards.MOST_BUTTONS - 1]
    buttons.append(cards.Tap("ヘルプ", "ヘルプ"))
    notes = ["まだ何も変えていません。直してもう一度、全文を送ってください。"]
    title = f"読めない所が{where}か所あります"
    return cards.Say("", card=cards.panel(title, explain(faults).split("\n"), notes=notes, buttons=buttons))


def not_yet(said: Said) -> cards.Say | None:
    word = lexicon.NOUN[said.noun].words[0]
    return cards.Say(
        f"「{word}」はまだ使えません。今できることは「ヘルプ」でご覧ください。", (cards.Tap("ヘルプ", "ヘルプ"),)
    )


def no_such_verb(noun: Noun | None, said: Said) -> desk.Declined:
    word = lexicon.NOUN[said.noun].words[0]
    verb = lexicon.verb_of(lexicon.NOUN[said.noun], said.verb or "")
    if noun is not None and noun.wizard is not None and said.verb in noun.wizard.verbs:
        begins = noun.wizard.begins[0]
        return desk.Declined(
            f"{word}は、質問に答えるか（「{begins}」だけを送る）、ブロックを貼り付けて作ります。",
            cards.Tap("質問に答えて作る", begins),
            cards.Tap(f"ヘルプ {word}", f"ヘルプ {word}"),
        )
    can = "・".join(one.words.removeprefix(word).strip() or word for one in (noun.commands if noun else ()))
    return desk.Declined(
        f"{word}の「{verb.words[0] if verb else said.verb}」はまだ使えません。\n使えるのは: {can}",
        cards.Tap(f"ヘルプ {word}", f"ヘルプ {word}"),
    )

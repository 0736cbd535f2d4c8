"""An answer as lines of the block, and what the grammar and the house say to it there."""

from admin_commands import content, desk
from admin_commands.grammar import Context, blocks, faults, normalise, read
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import Batch, Paste, Reading
from admin_commands.wizards.questions import Choice, Question


def lines(question: Question, text: str) -> str:
    """An answer in its place; the customer's words escaped where they would be read as signs of ours."""
    if question.verbatim:
        told = normalise.lines_of(text.strip("\r\n"))
        return question.sign + "\n".join(blocks.escaped(line) for line in told)
    said = text.strip()
    sign = question.sign.strip()
    return question.sign + (said[len(sign) :].strip() if sign and level(said).startswith(level(sign)) else said)


def reread(text: str) -> Reading:
    """What a wizard has put together, read as if its person had sent it."""
    return read(text if text.startswith("■") else f"/{text}", Context())


async def faults_of(at: desk.Desk, text: str) -> list[Fault]:
    """All that would be said against a block as it stands."""
    reading = reread(text)
    if isinstance(reading, Batch):
        return list(reading.faults)
    if not isinstance(reading, Paste):
        return [Fault(1, normalise.lines_of(text)[-1], "が読めません")]
    if reading.faults:
        return list(reading.faults)
    return [fault for one in reading.definitions for fault in await content.doubts(at, one)]


def sentence(fault: Fault, sign: str) -> str:
    """A fault without its place in the block, which the person has not written as one."""
    told = [f"「{faults.short(_without(fault.text, sign))}」{fault.what}。"]
    if fault.corrected is not None:
        told.append(f"もしかして: {_without(fault.corrected, sign)}")
    elif fault.examples:
        told.append("例: " + "　".join(_without(one, sign) for one in fault.examples))
    return "\n".join(told)


def mended(fault: Fault, question: Question) -> Choice | None:
    """The answer that was probably meant, to be tapped; only of one line."""
    if fault.corrected is None or question.verbatim:
        return None
    answer = _without(fault.corrected, question.sign)
    return Choice(answer, question.sign + answer)


def _without(line: str, sign: str) -> str:
    """What a person would write of a block's line."""
    bare = sign.strip().replace("＋", "+")
    return line.strip().removeprefix(sign.strip()).removeprefix(bare).strip() or line.strip()


def level(text: str) -> str:
    """Words as they are compared."""
    return normalise.fold(normalise.lookup(text).text)

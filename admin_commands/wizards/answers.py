"""An answer as lines of the block, and what the grammar and the house say to it there."""

from collections.abc import Sequence

from admin_commands import content, desk
from admin_commands.grammar import Context, blocks, faults, normalise, read, reading
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import Batch, Paste, Reading
from admin_commands.wizards.questions import Choice, Question

PASSING = [
    "次",
    "次へ",
    "next",
    "とばす",
    "飛ばす",
    "とばします",
    "飛ばします",
    "スキップ",
    "スキップする",
    "スキップします",
    "skip",
    "パス",
    "終わり",
    "おわり",
]
NOTHING = [
    "なし",
    "無し",
    "なしで",
    "無しで",
    "特になし",
    "特に無し",
    "特にない",
    "特にありません",
    "いいえ",
    "いらない",
    "いりません",
    "不要",
    "不要です",
    "付けない",
    "つけない",
    "このまま",
    "このままで",
]


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
    found = reread(text)
    if isinstance(found, Batch):
        return list(found.faults)
    if not isinstance(found, Paste):
        return [Fault(1, normalise.lines_of(text)[-1], "が読めません")]
    if found.faults:
        return list(found.faults)
    return [fault for one in found.definitions for fault in await content.doubts(at, one)]


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


def passes(text: str) -> bool:
    """Whether somebody wants to get on without an answer, rather than that customers read this word."""
    return _is_one_of(text, PASSING) or says_nothing(text)


def says_nothing(text: str) -> bool:
    """Whether it is said in so many words that there is nothing; a customer may be offered that as a choice."""
    return _is_one_of(text, NOTHING)


def meant(text: str) -> str:
    """`「次へ」` in brackets is the very word, which by itself would be said to the wizard."""
    told = text.strip()
    inside = told[1:-1]
    bracketed = told[:1] + told[-1:] in ("「」", "『』")
    return inside if bracketed and (passes(inside) or level(inside) in reading.SESSION_WORDS) else text


def _is_one_of(text: str, spelled: Sequence[str]) -> bool:
    return level(text).rstrip("。.! ") in map(level, spelled)


def level(text: str) -> str:
    """Words as they are compared."""
    return normalise.fold(normalise.lookup(text).text)

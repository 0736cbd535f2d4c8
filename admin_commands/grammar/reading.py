"""The one way in: a message of staff becomes commands, definitions, a word to an open question, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace

from admin_commands.grammar import (
    blocks,
    building,
    chatter,
    commands,
    guesses,
    heads,
    lexicon,
    normalise,
    segments,
    words,
)
from admin_commands.grammar.commands import Command, Head
from admin_commands.grammar.definitions import Definition
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import (
    Batch,
    Context,
    Continued,
    Conversation,
    File,
    Menu,
    Paste,
    Reading,
    SessionWord,
    Unfinished,
    Word,
)
from admin_commands.grammar.words import Line, Person
from jobs import heard

MOST_COMMANDS = 20
MOST_MENTIONS = 20
MOST_ROWS = 99
SESSION_WORDS: dict[str, Word] = {
    **dict.fromkeys(("はい", "確定", "yes", "ok"), "yes"),
    **dict.fromkeys(("いいえ", "中止", "やめる", "no", "cancel"), "no"),
    **dict.fromkeys(("次", "次へ", "next"), "next"),
    **dict.fromkeys(("前", "前へ", "prev", "previous"), "previous"),
    **dict.fromkeys(("続ける", "つづける", "continue"), "continue"),
    **dict.fromkeys(("戻る", "もどる", "back"), "back"),
    **dict.fromkeys(("とばす", "飛ばす", "スキップ", "skip"), "skip"),
    "ブロックで続ける": "block",
}
NUMBER = re.compile(r"(\d{1,9})(?: ?(?:番|人))?$")
ROWS = re.compile(r"(?P<rows>\d{1,2}(?: ?[-~] ?\d{1,2})?(?: ?, ?\d{1,2}(?: ?[-~] ?\d{1,2})?)*)(?: (?P<rest>\S.*))?$")
BODY = re.compile(r"▼ ?本文$")
HEAD = re.compile(r"(?:対象|日時|開始|言葉|送信者|除く|時間|期間)[^:\s]{0,4}: ?\S")  # lines above a block's first body
EXAMPLES = ("/ヘルプ", "/シナリオ 一覧", "/タグ 作成 VIP")
CONVERSATION = Conversation()


def read(text: str, context: Context | None = None) -> Reading:
    """What a message is. Never raises, whatever the text; reads in time linear in its length."""
    context = context or Context()
    if context.unclaimed:
        code = commands.claim(normalise.lookup(text).text, exact=False)
        return Batch((code,), prefixed=True) if code else CONVERSATION
    text, called, people = _called(text, context.mentions)
    lines = _lines(text, people)
    while lines and not lines[0].text:
        lines = lines[1:]
    if not lines:
        return Menu() if called else CONVERSATION
    start = _behind_prefix(lines[0])
    prefixed = called == "first" or start > 0
    if start == len(lines[0].text) and len(lines) == 1:
        return Menu()
    if called == "within" and not start:
        return Menu()
    if context.private and not prefixed:
        return CONVERSATION
    return _read(lines, start, prefixed, context)


def _read(lines: list[Line], start: int, prefixed: bool, context: Context) -> Reading:
    pasted = _paste(lines, start, prefixed)
    if pasted is not None:
        return pasted
    if len(lines) == 1 and (context.waiting or prefixed):
        word = _session_word(lines[0], start)
        if word is not None:
            return word
    code = commands.claim(lines[0].text, exact=True) if len(lines) == 1 else None
    if code is not None:
        return Batch((replace(code, raw=lines[0].raw),), prefixed=True)
    if context.prefix_required and not prefixed and not context.quoted:
        return CONVERSATION
    return _batch(lines, start, prefixed, context)


# ---- who is spoken to ----


def _called(text: str, mentions: Sequence[heard.Mention]) -> tuple[str, str, list[Person]]:
    """The text without the bot's own name in front, how the bot was called, and the people mentioned."""
    people: list[Person] = []
    own: list[tuple[int, int]] = []
    for mention in mentions[:MOST_MENTIONS]:
        span = normalise.from_utf16(text, mention.offset, mention.length)
        if span is None:
            continue
        if mention.is_self:
            own.append(span)
        else:
            people.append(Person(mention.user_id, text[span[0] : span[1]], *span))
    if not own:
        return text, "", people
    start, end = min(own)
    if text[:start].strip():
        return text, "within", people
    return text[end:], "first", [replace(one, start=one.start - end, end=one.end - end) for one in people]


def _lines(text: str, people: Sequence[Person]) -> list[Line]:
    lines: list[Line] = []
    offset = 0
    for number, raw in enumerate(normalise.lines_of(text), 1):
        inside = [one for one in people if offset <= one.start and one.end <= offset + len(raw)]
        shifted = [replace(one, start=one.start - offset, end=one.end - offset) for one in inside]
        lines.append(words.line_of(raw, number, shifted))
        offset += len(raw)
        offset += 2 if text.startswith("\r\n", offset) else 1
    return lines


def _behind_prefix(line: Line) -> int:
    """The index behind a leading `/` and the space after it; 0 when there is none."""
    end = 0
    while end < len(line.text) and line.text[end] == "/":
        end += 1
    return end + 1 if end and line.text.startswith(" ", end) else end


# ---- words to an open question ----


def _session_word(line: Line, start: int) -> SessionWord | None:
    said = line.text[start:]
    word = SESSION_WORDS.get(said.lower())
    if word is not None:
        return SessionWord(word)
    number = NUMBER.match(said)
    if number:
        return SessionWord("number", (int(number[1]),))
    rows = ROWS.match(said)
    if rows is None:
        return None
    numbers = _rows(rows["rows"])
    rest = line.lookup.carve_from(start + rows.start("rest")) if rows["rest"] else ""
    return SessionWord("number", numbers, rest) if numbers and (not rest or _is_deed(rest)) else None


def _rows(listed: str) -> tuple[int, ...]:
    """`3,5-7` -> 3, 5, 6, 7."""
    rows: list[int] = []
    for piece in listed.split(","):
        ends = [int(end) for end in re.split(r"[-~]", piece)]
        rows += range(ends[0], ends[-1] + 1) if ends[0] <= ends[-1] else ()
    return tuple(dict.fromkeys(rows[:MOST_ROWS]))


def _is_deed(rest: str) -> bool:
    """Whether what follows the rows is a command."""
    line = words.line_of(rest)
    found = commands.head(line, 0, tolerant=True)
    return found is not None and found.verb is not None and not chatter.is_prose(line, found.end)


# ---- blocks ----


def _paste(lines: list[Line], start: int, prefixed: bool) -> Reading | None:
    """The definitions of a message that begins with a header; None when it is no block."""
    header = blocks.header(lines[0], start)
    if header is None:
        return _headless(lines, start) or _nameless(lines)
    if header.style == "■" and header.word == blocks.CONTINUED:
        return Continued("\n".join(line.raw for line in lines[1:]))
    if header.kind is None:
        return _unknown_kind(lines, header, prefixed)
    if header.style != "■" and not prefixed and not blocks.looks_like_block(lines[1:], header.kind)[0]:
        return None
    return _definitions(lines, start)


def _definitions(lines: list[Line], start: int) -> Reading:
    filled = [line for line in lines if line.text]
    if len(filled) > 1 and filled[-1].text == blocks.TO_BE_CONTINUED:
        kept = lines[: lines.index(filled[-1])]
        return Unfinished("\n".join(line.raw for line in kept))
    found, faults = _defined(lines, start)
    return Paste(tuple(found), tuple(faults))


def _defined(lines: list[Line], start: int) -> tuple[list[Definition], list[Fault]]:
    found: list[Definition] = []
    faults: list[Fault] = []
    for block in blocks.split(lines, start):
        definition, wrong = building.build(block)
        faults += wrong
        if definition is not None:
            found.append(definition)
    return found, faults


def read_file(text: str) -> File:
    """A whole file: commands, then blocks; blank lines and // between them count for nothing. Never raises."""
    lines = _lines(text, ())
    first = next((place for place, line in enumerate(lines) if _begins_blocks(line)), len(lines))
    reader = _BatchReader(Context(), prefixed=True, by_line=True)
    for line in lines[:first]:
        if line.text and not line.text.startswith("//"):
            reader.take(line, _behind_prefix(line))
    reader.end()
    found, faults = _defined(lines[first:], 0) if first < len(lines) else ([], [])
    return File(tuple(reader.commands), tuple(found), (*reader.faults, *faults))


def _begins_blocks(line: Line) -> bool:
    header = blocks.header(line)
    return header is not None and header.style == "■" and header.kind is not None


def _unknown_kind(lines: list[Line], header: blocks.Header, prefixed: bool) -> Reading | None:
    """■ with a word we do not know: conversation, unless what follows has the shape of a block."""
    shaped, sure = blocks.looks_like_block(lines[1:])
    near = blocks.nearest_kinds(header.word)
    if not prefixed and not (shaped and near) and not sure:
        return None
    first = lines[0]
    if near:
        kind = lexicon.NOUN[near[0]].words[0]
        folded = normalise.fold(normalise.lookup(header.word).text)
        glued = next((w for w in lexicon.NOUN[near[0]].words if folded.startswith(normalise.fold(w))), "")
        rest = header.word[len(glued) :] if glued else ""
        corrected = f"■{kind} {f'{rest} {header.name}'.strip()}".strip()
        fault = Fault(first.number, first.raw, f"の「{header.word}」が分かりません", (), corrected)
    else:
        known = tuple(f"■{lexicon.NOUN[kind].words[0]}" for kind in heads.BLOCK_KEYS)
        fault = Fault(first.number, first.raw, f"の「{header.word}」という種類はありません", known)
    return Paste((), (fault,))


def _headless(lines: list[Line], start: int) -> Reading | None:
    """A block whose first line lacks its ■: `シナリオ:誕生日` over lines that surely are a block's."""
    first = lines[0]
    found = blocks.NAMED.match(f"■{first.text[start:]}")
    noun = lexicon.noun_spellings().get(normalise.fold(found["kind"])) if found else None
    if found is None or noun is None or noun.key not in heads.BLOCK_KEYS:
        return None
    head = commands.head(first, start, tolerant=True)
    if (head is not None and head.verb is not None) or not any(blocks.sort(line) == "part" for line in lines[1:]):
        return None
    if not blocks.looks_like_block(lines[1:], noun.key)[1]:
        return None
    name = first.lookup.carve_from(start + found.end() - 1).strip()
    corrected = f"■{noun.words[0]} {name}".strip()
    return Paste((), (Fault(first.number, first.raw, "は、先頭に ■ を付けてください", (), corrected),))


def _nameless(lines: list[Line]) -> Reading | None:
    """A block of which the first line was not copied: it begins with 対象: … or ▼本文, and surely has a ▼本文."""
    body = next((number for number, line in enumerate(lines) if BODY.match(line.text)), None)
    if body is None or not all(HEAD.match(line.text) for line in lines[:body]):
        return None
    what = "の上に、「■配信 年末」のような行が要ります。先頭の行から送り直してください"
    return Paste((), (Fault(lines[0].number, lines[0].raw, what),))


# ---- commands ----


class _BatchReader:
    """Reads the lines of a message as commands, all or nothing; `by_line`: no command is the text of another one."""

    def __init__(self, context: Context, prefixed: bool, *, by_line: bool = False) -> None:
        self.context = context
        self.prefixed = prefixed
        self.by_line = by_line
        self.tolerant = prefixed or context.quoted
        self.soon = context.recent and not self.tolerant
        self.commands: list[Command] = []
        self.faults: list[Fault] = []
        self.suggestions: list[str] = []
        self.condition: list[commands.Span] = []  # where the condition of the last command stands

    def take(self, line: Line, start: int) -> bool:
        """Read one line; False when it is conversation, and so the whole message."""
        if self._goes_on(line):
            return True
        if self.prefixed or _asks_shortly(line):
            asked = commands.how_to(line, start)
            if asked is not None:
                self.end()
                self.commands.append(asked)
                return True
        found = commands.head(line, start, tolerant=self.tolerant)
        if self.soon and (found is None or found.manner == "verbless"):
            found = _in_kana(line, start) or found
        if found is None and self.context.this:
            found = commands.verb_alone(line, start, lexicon.NOUN[self.context.this], tolerant=self.prefixed)
        if found is not None and self._is_read(line, found):
            if not self.prefixed and self._is_conversation(line, start, found):
                return False
            self.end()
            command, faults, span = commands.arguments(line, found)
            self.commands.append(command)
            self.faults += faults
            self.condition = [span] if span else []
            return True
        if not self.prefixed:
            return self._asks_which(line, start, found)
        self._unread(line, start)
        return True

    def _goes_on(self, line: Line) -> bool:
        """Whether the line continues the command before it: free text, or one more condition."""
        if not self.commands:
            return False
        last = self.commands[-1]
        texts = last.text is not None or commands.opens_text(last)
        if texts and not line.text.startswith("/") and not (self.by_line and self._begins(line)):
            text = line.raw if last.text is None else f"{last.text}\n{line.raw}"
            self.commands[-1] = replace(last, text=text, raw=f"{last.raw}\n{line.raw}")
            return True
        if not self.condition or not segments.begins(line):
            return False
        self.condition.append((line, 0, len(line.text)))
        self.commands[-1] = replace(last, raw=f"{last.raw}\n{line.raw}")
        return True

    @staticmethod
    def _begins(line: Line) -> bool:
        found = commands.head(line, 0, tolerant=False)
        return found is not None and found.verb is not None

    def end(self) -> None:
        """Read the condition of the last command, now that all its lines are known."""
        if self.condition:
            target, faults = segments.read_lines(self.condition)
            self.commands[-1] = replace(self.commands[-1], target=target)
            self.faults += faults
            self.condition = []

    def _is_read(self, line: Line, found: Head) -> bool:
        """Whether noun + object without a verb means something; a wrong conversion of a verb does not."""
        if found.manner != "verbless":
            return True
        word = line.lookup.folded[found.end :].split(" ", 1)[0]
        shown = self.soon and found.noun.key in chatter.SHOWN_SOON
        return (found.noun.default is not None or shown) and not commands.is_slip(found.noun, word)

    def _is_conversation(self, line: Line, start: int, found: Head) -> bool:
        if self.context.quoted:
            alone = found.manner == "bare" and found.noun.key != "undo"
            return alone or chatter.is_prose(line, found.end)
        return commands.is_conversation(line, start, found, self.context.recent)

    def _asks_which(self, line: Line, start: int, found: Head | None) -> bool:
        """開始 without a prefix is asked about as well, when the rest is in plain form."""
        both = guesses.two_meanings(line, start)
        if not both or found is None or chatter.is_prose(line, found.end):
            return False
        self._offer(line, both)
        return True

    def _unread(self, line: Line, start: int) -> None:
        both = guesses.two_meanings(line, start)
        if both:
            self._offer(line, both)
            return
        offered = guesses.guesses(line, start)
        self.suggestions += offered
        corrected = offered[0] if offered else None
        self.faults.append(Fault(line.number, line.raw, "が分かりません", EXAMPLES, corrected))

    def _offer(self, line: Line, both: list[str]) -> None:
        self.suggestions += both
        what = "の「開始」は2通りに読めます。公開しますか、友だちを入れますか"
        self.faults.append(Fault(line.number, line.raw, what, tuple(both)))


def _in_kana(line: Line, start: int) -> Head | None:
    """A noun and a verb in kana, each a word by itself: `タグ さくじょ VIP`, `とりけし`."""
    found = commands.head(line, start, tolerant=True)
    if found is None or found.manner not in ("plain", "bare"):
        return None
    return None if line.lookup.folded[: found.end].endswith(("する", "して")) else found


def _asks_shortly(line: Line) -> bool:
    """`シナリオ ?`, `シナリオ 変更 ?`, as on a network console: a noun, perhaps a verb, a space, and the mark."""
    if not line.text.endswith(" ?"):
        return False
    found = commands.head(line, 0, tolerant=False)
    asked = len(line.text) - 1
    return line.text.count(" ") == 1 or (found is not None and found.verb is not None and found.end + 1 == asked)


def _batch(lines: list[Line], start: int, prefixed: bool, context: Context) -> Reading:
    reader = _BatchReader(context, prefixed)
    for index, line in enumerate(lines):
        if not line.text and not (reader.commands and reader.commands[-1].text is not None):
            continue
        if not reader.take(line, start if index == 0 else _behind_prefix(line)):
            return CONVERSATION
        if len(reader.commands) + len(reader.faults) > MOST_COMMANDS:
            break
    reader.end()
    found = [_trimmed(command) for command in reader.commands]
    faults = sorted(reader.faults, key=lambda fault: fault.line)
    if len(lines) == 1:
        reader.suggestions += [fault.corrected.lstrip("/／ ") for fault in faults if fault.corrected]
    if len(found) > MOST_COMMANDS:
        last = found[-1]
        faults = [Fault(last.line, last.raw, f"から先は多すぎます。一度に送れるのは{MOST_COMMANDS}行までです")]
    return Batch(tuple(found), tuple(faults), tuple(dict.fromkeys(reader.suggestions))[: guesses.MOST], prefixed)


def _trimmed(command: Command) -> Command:
    """Free text without the blank lines behind it."""
    return command if command.text is None else replace(command, text=command.text.rstrip("\n"))

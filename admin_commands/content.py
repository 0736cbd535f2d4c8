"""From a block as read to what is stored: names linked to numbers, messages composed and checked, buttons made."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC as NO_OFFSET
from datetime import date, datetime
from typing import Any, Literal, TypeGuard, TypeVar, cast
from zoneinfo import ZoneInfo

from admin_commands import actions, cards, desk, later, objects, variables
from admin_commands import link_addresses as addresses
from admin_commands import segments as conditions
from admin_commands.grammar import actions as acts
from admin_commands.grammar import blocks, definitions, explain, print_block, read, segments, values, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import Paste
from admin_commands.grammar.segments import kinds, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.kinds import noted as asked
from jobs import messages
from jobs.actions import KINDS
from jobs.messages import hosting, placeholders
from storage import buttons, changes, errors, fields, media, named, names, shared_values, tags, templates
from storage import links as measured

UNREADABLE = "次のブロックは今の版では読めないため、取り込まれません"
MOST_TOLD = 20  # names that nothing has; of more than that, the rest is not looked into

ANY_DAY = datetime(2000, 1, 1, tzinfo=NO_OFFSET)
UTC = ZoneInfo("UTC")

Noun = named.Kind
Stored = dict[str, Any]
D = TypeVar("D")

LETTERS: dict[Noun, str] = {
    "tags": "T",
    "scenarios": "S",
    "templates": "M",
    "media": "I",
    "fields": "K",
    "shared_values": "V",
    "action_sets": "X",
    "segments": "G",
    "links": "L",
}
# Which kind of thing an object in a block names, by the dataclass it stands in; those of actions declare it themselves.
NAMING: dict[type, Noun] = {
    **{one: kind.names for one, kind in kinds.OF.items() if kind.names is not None},
    definitions.Trigger: "tags",
    definitions.Attachment: "media",
    definitions.Imagemap: "media",
    definitions.Pick: "fields",
    definitions.Measured: "links",
}


class Faulty(desk.Declined):
    """All that is wrong with the blocks of a message, told at once."""

    def __init__(self, faults: Sequence[Fault], *taps: cards.Tap) -> None:
        self.faults = faults
        super().__init__(explain(sorted(faults, key=lambda fault: fault.line)).removeprefix("❌ "), *taps)


class Outdated(desk.Declined):
    """A kept block is not in today's language; it can be shown as it is kept, with numbers in place of names."""


@dataclass(slots=True)
class Links:
    """What the names in a message's blocks mean, the tags and links that had to be made, and what is to be shown."""

    ids: dict[tuple[Noun, words.Object], int] = field(default_factory=dict)
    new_tags: dict[str, int] = field(default_factory=dict)
    new_links: dict[str, int] = field(default_factory=dict)
    leading: dict[int, measured.Kept] = field(default_factory=dict)  # the measured links they name
    pictures: dict[int, media.Kept] = field(default_factory=dict)
    noted: dict[int, fields.Kept] = field(default_factory=dict)  # the fields they note something in
    shared: dict[int, shared_values.Kind] = field(default_factory=dict)  # the kinds of shared values they change
    variables: dict[str, str] = field(default_factory=dict)  # name -> #K3: what messages may say of friends
    now: datetime = ANY_DAY  # as of which a day without a year is told
    zone: ZoneInfo = UTC

    def of(self, noun: Noun, given: words.Object) -> int:
        return self.ids[noun, given]

    def text(self, text: str) -> str:
        """The same text, its variables by number."""
        return placeholders.exchanged(text, variables.numbered(self.variables))

    def numbered(self, said: list[messages.Message]) -> list[messages.Message]:
        """The same messages, their variables by number."""
        found: list[messages.Message] = variables.in_messages(said, variables.numbered(self.variables))
        return found


def _are_objects(value: object) -> TypeGuard[tuple[words.Object, ...]]:
    kinds = words.Name | words.Id | words.This | words.Person
    return isinstance(value, tuple) and all(isinstance(one, kinds) for one in value)


def mentioned(tree: object) -> Iterator[tuple[Noun, words.Object]]:
    """Every object that a definition names, with the kind of thing it is."""
    if isinstance(tree, tuple):
        for one in tree:
            yield from mentioned(one)
    elif isinstance(tree, acts.Action):
        yield from actions.mentioned(tree)
        yield from mentioned(tree.when)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        noun = NAMING.get(type(tree))
        for part in dataclasses.fields(tree):
            value = getattr(tree, part.name)
            if noun is not None and isinstance(value, words.Name | words.Id | words.This | words.Person):
                yield noun, value
            elif noun is not None and _are_objects(value):
                yield from ((noun, one) for one in value)
            else:
                yield from mentioned(value)


def exchanged(tree: D, by: Callable[[Noun, words.Object], words.Object]) -> D:
    """The same definition with every object it names exchanged for another."""
    if isinstance(tree, tuple):
        return type(tree)(exchanged(one, by) for one in tree)
    if isinstance(tree, acts.Action):
        return cast(D, dataclasses.replace(actions.exchanged(tree, by), when=exchanged(tree.when, by)))
    if not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    noun = NAMING.get(type(tree))
    changed: dict[str, Any] = {}
    for part in dataclasses.fields(tree):
        value = getattr(tree, part.name)
        if noun is not None and isinstance(value, words.Name | words.Id | words.This | words.Person):
            changed[part.name] = by(noun, value)
        elif noun is not None and _are_objects(value):
            changed[part.name] = tuple(by(noun, one) for one in value)
        else:
            changed[part.name] = exchanged(value, by)
    return dataclasses.replace(tree, **changed)


async def link(at: desk.Desk, given: Sequence[definitions.Holder], *, elsewhere: bool = False) -> Links:
    """Look up all names; missing tags and links with an address are made, anything else missing is a fault.

    In what was printed `elsewhere` number 0 is what was deleted there, and stays what there is not.
    """
    links, missing = await _looked_up(given)
    links.now, links.zone = at.now, at.zone
    if elsewhere:
        gone = [(noun, one) for noun, one in missing if isinstance(one, words.Id) and one.number == 0]
        links.ids |= dict.fromkeys(gone, 0)
        missing = [pair for pair in missing if pair not in links.ids]
    await _make_tags(at, links, [one for noun, one in missing if noun == "tags"])
    faults = await _make_links(at, links, given)
    links.variables |= variables.of_links(links.new_links)
    unknown = [pair for pair in missing if pair not in links.ids]
    faults += [await _missing(noun, one, given) for noun, one in unknown[:MOST_TOLD]]
    faults += [fault for one in given for fault in _unasked(links, one)]
    if faults:
        raise Faulty(faults)
    if links.pictures and not at.config.public:
        raise desk.Declined(
            "画像・動画・音声を名前で使うには、このサーバーの公開アドレス（PUBLIC_URL）の設定が必要です。"
            "設置した方にお伝えください。"
        )
    return links


async def _looked_up(given: Sequence[definitions.Holder]) -> tuple[Links, list[tuple[Noun, words.Object]]]:
    """All names that mean something, and those that do not."""
    links = Links()
    wanted = list(dict.fromkeys(pair for definition in given for pair in mentioned(definition)))
    for noun in LETTERS:
        asked = [one for kind, one in wanted if kind == noun]
        found = await objects.lookup(noun, asked) if asked else []
        for one, thing in zip(asked, found, strict=True):
            if thing is not None:
                links.ids[noun, one] = thing.id
    links.leading = await measured.get([number for (noun, _), number in links.ids.items() if noun == "links"])
    if any("{" in one.source or "｛" in one.source for one in given):
        links.variables = await variables.known()
    links.pictures = await media.get([number for (noun, _), number in links.ids.items() if noun == "media"])
    shared = [number for (noun, _), number in links.ids.items() if noun == "shared_values"]
    links.shared = {number: one.kind for number, one in (await shared_values.get(shared, ANY_DAY)).items()}
    links.noted = await fields.get([number for (noun, _), number in links.ids.items() if noun == "fields"])
    return links, [pair for pair in wanted if pair not in links.ids]


def _unasked(links: Links, definition: definitions.Holder) -> Iterator[Fault]:
    """What a field of its kind cannot be asked."""
    lines = definition.source.split("\n")
    for condition in _conditions(definition):
        kept = links.noted.get(links.ids.get(("fields", condition.name), 0))
        why = dataclasses.replace(condition, of=kept).wrong(links.now, links.zone)
        if why:
            name = words.show(condition.name)
            place = next((at for at, line in enumerate(lines) if name in line), 0)
            yield Fault(definition.line + place, lines[place].strip(), f"の「{condition.show()}」{why}".rstrip("。"))


def _conditions(tree: object) -> Iterator[asked.Field]:
    """All that a definition asks about fields."""
    if isinstance(tree, tuple):
        for one in tree:
            yield from _conditions(one)
    elif isinstance(tree, segments.Segment):
        if tree.tree is not None:
            yield from (one for one in trees.conditions(tree.tree) if isinstance(one, asked.Field))
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        for part in dataclasses.fields(tree):
            yield from _conditions(getattr(tree, part.name))


async def doubts(at: desk.Desk, definition: definitions.Definition) -> list[Fault]:
    """All that would be said against a block, found without keeping or making anything."""
    if isinstance(definition, definitions.Outline):
        return [Fault(definition.line, definition.source.split("\n")[0], "の種類はまだ使えません")]
    without_effect = later.faults(definition)
    if without_effect:
        return without_effect
    links, missing = await _looked_up([definition])
    faults = []
    itself = names.name_key(getattr(definition, "name", ""))
    made = {names.name_key(one.label) for one in _measured_in(definition)}
    for noun, given in missing:
        links.ids[noun, given] = 0
        key = names.name_key(given.text) if isinstance(given, words.Name) else ""
        will_be = noun == "tags" or (noun == "scenarios" and key == itself) or (noun == "links" and key in made)
        if not will_be or not key:
            faults.append(await _missing(noun, given, [definition]))
    faults += _unasked(links, definition)
    links.variables |= variables.of_links(dict.fromkeys(made, 0))
    builder = Builder(at, "", links, definition)
    if isinstance(definition, definitions.Template):
        builder.template(definition)
    else:
        alone = definition.steps if isinstance(definition, definitions.Scenario) else definition.parts
        for one in alone:
            builder.composed([builder.part(one.pieces, line=one.line)])
            builder.run(one.pieces)
    await builder.checked()
    return sorted(faults + builder.faults, key=lambda fault: fault.line)


async def _make_tags(at: desk.Desk, links: Links, missing: Sequence[words.Object]) -> None:
    fresh = {names.name_key(one.text): objects.new_name(one, "tags") for one in missing if isinstance(one, words.Name)}
    links.new_tags = await tags.make(list(fresh.values()), at.now) if fresh else {}
    numbers = {names.name_key(name): number for name, number in links.new_tags.items()}
    for one in missing:
        if isinstance(one, words.Name) and names.name_key(one.text) in numbers:
            links.ids["tags", one] = numbers[names.name_key(one.text)]


def _measured_in(tree: object) -> Iterator[definitions.Link]:
    """Every ＋リンク with a name."""
    if isinstance(tree, definitions.Link) and tree.name is not None:
        yield tree
    elif isinstance(tree, tuple):
        for one in tree:
            yield from _measured_in(one)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        for part in dataclasses.fields(tree):
            yield from _measured_in(getattr(tree, part.name))


async def _make_links(at: desk.Desk, links: Links, given: Sequence[definitions.Holder]) -> list[Fault]:
    """Make the links that ＋リンク names and that are not there yet; what of them cannot be so."""
    faults = []
    for definition in given:
        for piece in _measured_in(definition):
            named_one = piece.name.link if piece.name is not None else None
            if not isinstance(named_one, words.Name):
                continue
            wrong = await _measured_link(at, links, named_one, piece.address)
            if wrong:
                what, examples = wrong
                faults.append(Fault(piece.line, later.text_at(definition, piece.line), what, examples))
    return faults


async def _measured_link(
    at: desk.Desk, links: Links, given: words.Name, typed: str
) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a link of this name that leads to this address; made where it is not there yet."""
    try:
        name, address = objects.new_name(given, "links"), addresses.clean(typed)
        addresses.fit(name)
        number = links.ids.get(("links", given)) or links.new_links.get(names.name_key(name))
        if number is None:
            number = links.new_links[names.name_key(name)] = await addresses.new(at, name, address)
            links.leading |= await measured.get([number])
    except errors.Refused as refused:
        return f": {refused.message}", ()
    links.ids["links", given] = number
    kept = links.leading[number]
    if kept.address == address:
        return None
    shown = words.show(given)
    what = f"のリンク「{kept.name}」は今 {kept.address} を開きます。別の名前にするか、先に行き先を変えてください"
    return what, (f"リンク 変更 {shown} {address}",)


def record_made(at: desk.Desk, links: Links) -> None:
    """The tags and links that were made because something named them, as deeds."""
    for number in links.new_links.values():
        name = links.leading[number].name
        back = [changes.put_back("links", number, 1, {"deleted_at": "now"})]
        at.record("link.new", {"link": number}, f"リンク「{name}」を作った", back)
    if links.new_tags:
        at.record(
            "tag.new",
            {"tags": list(links.new_tags.values())},
            f"タグ{'・'.join(f'「{name}」' for name in links.new_tags)}を作った",
            [changes.put_back("tags", tag, 1, {"deleted_at": "now"}) for tag in links.new_tags.values()],
        )


async def _missing(noun: Noun, one: words.Object, given: Sequence[definitions.Holder]) -> Fault:
    word, _ = objects.KINDS[noun]
    line, text = _line_of(noun, one, given)
    near = await objects.nearest(noun, one.text) if isinstance(one, words.Name) else []
    slip = next((asked.meant_moment(each) for each in _conditions(tuple(given)) if each.name == one), None)
    if noun == "fields" and slip is not None and not near:
        was = next(each.show() for each in _conditions(tuple(given)) if each.name == one)
        right = printing.show(slip)
        return Fault(line, text, f"の「{words.show(one)}」が分かりません", (right,), _mended(text, was, one, right))
    corrected = text.replace(one.text, near[0]) if near and isinstance(one, words.Name) else None
    return Fault(line, text, f"の{word}「{words.show(one)}」が見つかりません", (f"{word} 一覧",), corrected)


def _mended(text: str, was: str, name: words.Object, right: str) -> str | None:
    plain = was.replace(words.quote(words.show(name)), words.show(name))
    return text.replace(plain, right) if plain in text else None


def _line_of(noun: Noun, one: words.Object, given: Sequence[definitions.Holder]) -> tuple[int, str]:
    """Where an object is named: the line of the piece it stands in, else that of its block."""
    for definition in given:
        for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
            for piece in part.pieces:
                if (noun, one) in set(mentioned(piece)):
                    return piece.line, later.text_at(definition, piece.line)
        if (noun, one) in set(mentioned(definition)):
            lines = definition.source.split("\n")
            place = next((at for at, line in enumerate(lines) if noun == "fields" and words.show(one) in line), 0)
            return definition.line + place, lines[place].strip()
    return 1, ""


def conflicts(definition: definitions.Holder) -> list[str]:
    """What contradicts itself in the actions of a block: all that a part runs, and what each of its buttons does."""
    found: list[str] = []
    for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
        runs = [(piece.actions, piece.line) for piece in part.pieces if isinstance(piece, definitions.Run)]
        found += acts.conflicts(runs)
        for piece in part.pieces:
            if isinstance(piece, definitions.Link):
                found += acts.conflicts([(piece.actions, piece.line)])
            pressed = isinstance(piece, definitions.Button | definitions.Choice)
            if pressed and isinstance(piece.target, definitions.Do):
                found += acts.conflicts([(piece.target.actions, piece.line)])
    return list(dict.fromkeys(found))


def reread(source: str) -> definitions.Definition:
    """A block as it was kept. Raises Outdated."""
    reading = read(source)
    if not isinstance(reading, Paste) or len(reading.definitions) != 1 or reading.faults:
        raise Outdated("保存されたブロックを今は読めません。")
    return reading.definitions[0]


def same(kept: str, source: str) -> bool:
    """Whether two sources say the same, whatever the name in their first line."""
    return kept.partition("\n")[2] == source.partition("\n")[2]


def dated(at: desk.Desk, definition: D) -> D:
    """The same definition with years to the dates of all its conditions, so that it says the same next year."""
    return _dated(definition, at.local(at.now).date())


def _dated(tree: D, today: date) -> D:
    if isinstance(tree, tuple):
        return type(tree)(_dated(one, today) for one in tree)
    if isinstance(tree, segments.Segment):
        return cast(D, dataclasses.replace(tree, tree=conditions.dated(tree.tree, today)) if tree.tree else tree)
    if not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    parts = {part.name: getattr(tree, part.name) for part in dataclasses.fields(tree)}
    return dataclasses.replace(tree, **{name: _dated(value, today) for name, value in parts.items()})


def linked(definition: D, links: Links) -> D:
    """The definition with numbers in place of names, as its source is kept: a renamed tag stays found."""
    by_number = exchanged(definition, lambda noun, one: words.Id(LETTERS[noun], links.of(noun, one)))
    return variables.exchanged(by_number, variables.numbered(links.variables))


async def unlinked(definition: D) -> D:
    """The definition with today's names in place of numbers; what has been deleted keeps its number."""
    return (await all_unlinked([definition]))[0]


async def all_unlinked(given: Sequence[D], *, elsewhere: bool = False) -> list[D]:
    """The same of many; to be read `elsewhere`, where our numbers mean other things, what is deleted is number 0."""
    wanted = {pair for one in given for pair in mentioned(one) if isinstance(pair[1], words.Id)}
    now: dict[tuple[str, int], str] = {}
    for noun in LETTERS:
        ids = [one.number for kind, one in wanted if kind == noun and isinstance(one, words.Id)]
        now |= {(noun, number): thing.name for number, thing in (await named.by_ids(noun, ids)).items()}

    def name(noun: Noun, one: words.Object) -> words.Object:
        if not isinstance(one, words.Id):
            return one
        known = now.get((noun, one.number))
        return words.Name(known) if known is not None else dataclasses.replace(one, number=0) if elsewhere else one

    by = await variables.named_again(list(given), elsewhere=elsewhere)
    leading = await measured.get([one.number for kind, one in wanted if kind == "links" and isinstance(one, words.Id)])
    return [variables.exchanged(exchanged(_led(one, leading), name), by) for one in given]


def _led(tree: D, leading: Mapping[int, measured.Kept]) -> D:
    """The same definition, its measured links with today's addresses."""
    if isinstance(tree, definitions.Link):
        link = tree.name.link if tree.name is not None else None
        kept = leading.get(link.number) if isinstance(link, words.Id) else None
        return cast(D, dataclasses.replace(tree, address=kept.address) if kept is not None else tree)
    if isinstance(tree, tuple):
        return type(tree)(_led(one, leading) for one in tree)
    if not leading or not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    return dataclasses.replace(
        tree, **{part.name: _led(getattr(tree, part.name), leading) for part in dataclasses.fields(tree)}
    )


async def dumped(sources: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """Kept blocks as 控え prints them, each with these fields changed; one not in today's language as a comment."""
    told: dict[int, str] = {}
    readable: dict[int, definitions.Definition] = {}
    for place, (source, changed) in enumerate(sources):
        try:
            readable[place] = dataclasses.replace(reread(source), **changed, version=None)
        except Outdated:
            told[place] = "\n".join([f"// {UNREADABLE}", *(f"// {line}" for line in source.split("\n"))])
    named_again = await all_unlinked(list(readable.values()), elsewhere=True)
    told |= {place: print_block(one) for place, one in zip(readable, named_again, strict=True)}
    return [told[place] for place in range(len(sources))]


@dataclass(slots=True)
class Builder:
    """Composes what belongs to one owner (`scenario:3`), collecting its buttons and all faults."""

    at: desk.Desk
    owner: str
    links: Links
    definition: definitions.Holder
    wanted: list[buttons.Wanted] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    made: list[tuple[Stored, int]] = field(default_factory=list)
    questions: list[Stored] = field(default_factory=list)  # as jobs.questions reads them; their keys are their places

    def stored(self, given: Sequence[acts.Action], line: int) -> list[Stored]:
        today = self.at.local(self.at.now).date()
        found = [
            self._settled(
                actions.stored(
                    one,
                    self.links.of,
                    today,
                    f"{self.owner} {acts.show([linked(one, self.links)])}",
                    self.links.noted,
                ),
                line,
            )
            for one in given
        ]
        self.made += [(one, line) for one in found]
        return found

    def _settled(self, action: Stored, line: int) -> Stored:
        """The same; variables by number, what is noted in a field in the one spelling of its kind."""
        if "messages" in action:
            action["messages"] = self.links.numbered(action["messages"])
        if action["do"] not in ("field", "shared"):
            return action
        try:
            return action | {"change": _change(action, self.links)}
        except values.Wrong as wrong:
            told = wrong.why if wrong.why.endswith("ありません") else f"「{action['change']['value']}」{wrong.why}"
            text = later.text_at(self.definition, line)
            self.faults.append(Fault(line, text, f": {told}", tuple(wrong.examples)))
            return action

    async def checked(self) -> None:
        """Look at all actions, those of one kind together, whether they can be kept."""
        for do in dict.fromkeys(one["do"] for one, _ in self.made):
            check, same = KINDS[do].check, [(one, line) for one, line in self.made if one["do"] == do]
            for told, (_, line) in zip(await check([one for one, _ in same]) if check else (), same, strict=False):
                if told:
                    self.faults.append(Fault(line, later.text_at(self.definition, line), f": {told}"))

    def question(self, part: definitions.TemplatePart, once: bool, again: str | None, full: str | None) -> None:
        """Begin a question: the choices that follow belong to it."""
        text = next((piece.text for piece in part.pieces if isinstance(piece, definitions.Text)), part.title)
        key = str(len(self.questions))
        self.questions.append({"key": key, "text": text, "once": once, "again": again, "full": full, "choices": []})
        given = [names.name_key(one.label) for one in part.pieces if isinstance(one, definitions.Choice)]
        for one in part.pieces:
            if isinstance(one, definitions.Choice) and given.count(names.name_key(one.label)) > 1:
                text = later.text_at(self.definition, one.line)
                self.faults.append(Fault(one.line, text, f"の選択肢「{one.label}」は2回書かれています"))

    def _choice(self, piece: definitions.Choice) -> messages.Button:
        """A button that answers the question; what that brings about stands with the question."""
        line = piece.line
        if isinstance(piece.target, definitions.Open):
            return messages.Button(piece.label, messages.Link(piece.target.address), line)
        if isinstance(piece.target, definitions.Measured):
            return messages.Button(piece.label, messages.Link(self._opened(piece.target)), line)
        given = piece.target.actions if isinstance(piece.target, definitions.Do) else ()
        question = self.questions[-1]
        question["choices"].append({"label": piece.label, "most": piece.most, "actions": self.stored(given, line)})
        answers = {"do": "answer", "of": 0, "question": question["key"], "choice": piece.label}
        self.wanted.append(buttons.Wanted(piece.label, [answers]))
        return messages.Button(piece.label, messages.Run(len(self.wanted) - 1), line)

    def keyed(self, template: int, keys: Sequence[str]) -> None:
        """Give the questions of a template their keys, which their buttons name."""
        for question, key in zip(self.questions, keys, strict=True):
            question["key"] = key
        for one in self.wanted:
            for action in one.actions:
                if action["do"] == "answer":
                    action |= {"of": template, "question": keys[int(action["question"])]}

    def part(
        self,
        pieces: Sequence[definitions.Piece],
        kind: Literal["body", "card", "question", "flex", "imagemap"] = "body",
        title: str = "",
        line: int = 0,
    ) -> messages.Part:
        items = tuple(item for item in map(self._item, pieces) if item is not None)
        return messages.Part(items, kind, title, line)

    def _item(self, piece: definitions.Piece) -> messages.Item | None:
        match piece:
            case definitions.Text(text, line):
                return messages.Words(text, line)
            case definitions.Attachment():
                return self._attachment(piece)
            case definitions.Enclosure("location", value, line):
                return messages.Attachment("location", value, line)
            case definitions.Imagemap():
                return self._imagemap(piece)
        return self._button(piece)

    def _button(self, piece: definitions.Piece) -> messages.Button | None:
        match piece:
            case definitions.Pick():
                return self._pick(piece)
            case definitions.Choice():
                return self._choice(piece)
            case definitions.Bullet(label, None, line):
                return messages.Button(label, messages.Say(label), line)
            case definitions.Link():
                return self._link(piece)
            case definitions.Button(label, definitions.Measured() as target, line) | definitions.Bullet(
                label, definitions.Measured() as target, line
            ):
                return messages.Button(label, messages.Link(self._opened(target)), line)
            case definitions.Button(label, definitions.Open(address), line) | definitions.Bullet(
                label, definitions.Open(address), line
            ):
                return messages.Button(label, messages.Link(address), line)
            case definitions.Button(label, definitions.Do(given), line):
                self.wanted.append(buttons.Wanted(label, self.stored(given, line)))
                return messages.Button(label, messages.Run(len(self.wanted) - 1), line)
        return None

    def _attachment(self, piece: definitions.Attachment) -> messages.Attachment | None:
        if piece.media is None:
            found: messages.Attachment | None = messages.Attachment(piece.kind, piece.value, piece.line)
        else:
            found = self._ours(piece.kind, piece.media, piece.line)
        if not piece.actions or found is None:
            return found
        self.wanted.append(buttons.Wanted("動画", self.stored(piece.actions, piece.line)))
        return dataclasses.replace(found, watched=messages.Run(len(self.wanted) - 1))

    def _imagemap(self, piece: definitions.Imagemap) -> messages.Imagemap | None:
        kept = self.links.pictures.get(self.links.of("media", piece.media))
        if kept is None:
            return None
        if kept.kind != "image" or not kept.width or not kept.height:
            text = later.text_at(self.definition, piece.line)
            self.faults.append(Fault(piece.line, text, f"の「{kept.name}」は画像ではありません"))
            return None
        shape = kept.height / kept.width
        return messages.Imagemap(hosting.address(kept.public_id), shape, piece.columns, piece.rows, piece.line)

    def _pick(self, piece: definitions.Pick) -> messages.Button:
        number = self.links.of("fields", piece.to)
        kept = self.links.noted.get(number)
        wanted = {"date": "日付", "datetime": "日時"}[piece.mode]
        if kept is not None and kept.kind != piece.mode:
            text = later.text_at(self.definition, piece.line)
            self.faults.append(Fault(piece.line, text, f"の項目「{kept.name}」は{wanted}の項目ではありません"))
        ends = {"least": piece.least, "most": piece.most}
        limits = {
            key: one.isoformat() if isinstance(one, date) else one for key, one in ends.items() if one is not None
        }
        then = self.stored(piece.actions, piece.line)
        picks = {"do": "pick", "field": number, "mode": piece.mode, **limits, "then": then}
        self.wanted.append(buttons.Wanted(piece.label, [picks]))
        first = "1990-01-01" if kept is not None and kept.yearly else None
        days = [one if isinstance(one, date) else None for one in (piece.least, piece.most)]
        pick = messages.Pick(len(self.wanted) - 1, piece.mode, days[0], days[1], first)
        return messages.Button(piece.label, pick, piece.line)

    def _link(self, piece: definitions.Link) -> messages.Button:
        """A button that opens an address: of one's own where the link is measured."""
        line = piece.line
        if piece.name is None:
            if piece.actions:
                text = later.text_at(self.definition, line)
                examples = (f"＋リンク {piece.address} 名前=スタイル一覧 → {acts.show(piece.actions)}",)
                self.faults.append(Fault(line, text, "にクリックした時の動作を付けるには、名前=… が要ります", examples))
            return messages.Button(piece.label, messages.Link(piece.address), line)
        kept = self._leading(piece.name)
        label = kept.name if kept is not None else piece.label
        place = None
        if piece.actions:
            self.wanted.append(buttons.Wanted(label, self.stored(piece.actions, line)))
            place = len(self.wanted) - 1
        return messages.Button(label, messages.Link(self._opened(piece.name, place)), line)

    def _leading(self, target: definitions.Measured) -> measured.Kept | None:
        return self.links.leading.get(self.links.of("links", target.link))

    def _opened(self, target: definitions.Measured, place: int | None = None) -> str:
        """The address of a measured link, `{#L3|https://…}`; `place` is that of what it does here besides."""
        kept = self._leading(target)
        number, address = (kept.id, kept.address) if kept is not None else (0, hosting.link("0", ""))
        does = f".b{place}" if place is not None else ""
        return f"{{#L{number}{does}|{address}}}"

    def _ours(
        self, kind: Literal["image", "video", "audio", "sticker"], given: words.Object, line: int
    ) -> messages.Attachment | None:
        """What staff have sent, under our own address; None for what is not there, which has been told."""
        kept = self.links.pictures.get(self.links.of("media", given))
        if kept is None:
            return None
        if kept.kind != kind:
            word = blocks.DIRECTIVES[kept.kind][0]
            text = later.text_at(self.definition, line)
            corrected = f"＋{word} {words.show(words.Name(kept.name))}"
            self.faults.append(Fault(line, text, f"の「{kept.name}」は{word}です", (), corrected))
            return None
        address = hosting.address(kept.public_id)
        if kind == "audio":
            seconds = max(1, -(-(kept.duration_ms or 0) // 1000))
            return messages.Attachment(kind, f"{address} {seconds // 60}分{seconds % 60}秒", line)
        return messages.Attachment(kind, f"{address} {hosting.address(kept.public_id, 'preview')}", line)

    def template(self, definition: definitions.Template) -> list[messages.Message]:
        """The messages of a template, their buttons still without numbers; its questions are in `questions`."""
        parts = []
        for part in definition.parts:
            if part.kind == "question":
                again, full = (
                    self.links.text(one) if one is not None else None for one in (definition.again, definition.full)
                )
                self.question(part, definition.once, again, full)
            parts.append(self.part(part.pieces, part.kind, part.title, part.line))
        self.said_later(definition)
        return self.composed(parts)

    def said_later(self, definition: definitions.Template) -> None:
        """What is said to who answers again or too late must be a text that LINE takes."""
        for key, text in (("2回目", definition.again), ("満員", definition.full)):
            if text is not None:
                found = messages.check([messages.customers_text(text)], variables.defaults(self.links.variables))
                line = next((at for at, said in enumerate(definition.source.split("\n")) if said.startswith(key)), 0)
                self._found(found, definition.line + line)

    def run(self, pieces: Sequence[definitions.Piece]) -> list[Stored]:
        """The actions of all ＋実行 lines, in order."""
        runs = [piece for piece in pieces if isinstance(piece, definitions.Run)]
        return [action for piece in runs for action in self.stored(piece.actions, piece.line)]

    def composed(self, parts: Sequence[messages.Part]) -> list[messages.Message]:
        """The messages of parts, their buttons still without numbers."""
        made = messages.compose(parts, variables.defaults(self.links.variables))
        self._found(made.faults, parts[0].line if parts else self.definition.line)
        return self.links.numbered(made.messages)

    def _found(self, found: Sequence[messages.Fault], line: int) -> None:
        for fault in found:
            where = fault.line or line
            self.faults.append(Fault(where, later.text_at(self.definition, where), f": {fault.message_ja}"))

    async def numbered(self) -> Mapping[int, int]:
        """Make the button rows; place -> id for `messages.fill_buttons`. Raises Faulty when anything was wrong."""
        await self.checked()
        if self.faults:
            raise Faulty(self.faults)
        return dict(enumerate(await buttons.make(self.owner, self.wanted, self.at.now)))


def _change(action: Stored, links: Links) -> Stored:
    """What is done to a field or shared value, as staff have written it. Raises values.Wrong."""
    change: Stored = action["change"]
    if action["do"] == "shared":
        wanted = values.Wanted(links.shared.get(action["shared"], "text"))
        noted = None
    else:
        noted = links.noted.get(action["field"])
        if noted is None:  # it is still to be made
            return change
        wanted = values.Wanted(noted.kind, noted.choices, noted.yearly)
    if change["sign"] != "=":
        if wanted.kind != "number":
            raise values.Wrong("は足せません。数値の項目だけが数えられます")
        return change
    if wanted.kind == "image":
        raise values.Wrong("は動作では入れられません。画像は友だちごとに書いてください")
    if noted is not None and values.clears(change["value"], wanted):
        raise values.Wrong(f"は入れられません。空にする時は「項目消す {noted.name}」と書いてください")
    return {"sign": "=", "value": values.lasting(change["value"], wanted, links.now, links.zone)}


async def said_by(action: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The message objects that an action sends, not yet rendered; none where the template has been deleted."""
    if action["do"] == "send_template":
        number = action["template"]
        return (await templates.get(number)).messages if await named.by_ids("templates", [number]) else []
    return list(action.get("messages", ()))


def made_note(links: Links) -> str:
    told = [f"🏷 新しく作ったタグ: {'・'.join(links.new_tags)}"] if links.new_tags else []
    if links.new_links:
        made = [links.leading[number].name for number in links.new_links.values()]
        told.append(f"🔗 新しく作ったリンク: {'・'.join(made)}")
    return "\n".join(told)

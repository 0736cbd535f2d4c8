"""What the names in blocks mean: looked up, tags and links made that are missing, anything else told as a fault."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC as NO_OFFSET
from datetime import datetime
from zoneinfo import ZoneInfo

from admin_commands import cards, choices, colleagues, desk, later, objects, variables
from admin_commands import link_addresses as addresses
from admin_commands.content import coupons
from admin_commands.content.trees import LETTERS, Noun, inside, mentioned
from admin_commands.grammar import definitions, explain, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import printing
from admin_commands.grammar.segments.kinds import noted as asked
from admin_commands.grammar.segments.kinds.forms import Answer
from admin_commands.segments import answering
from jobs import messages
from jobs.coupons import Coupon
from jobs.messages import placeholders
from storage import changes, drafted, errors, fields, forms, media, names, shared_values, tags
from storage import links as measured

MOST_TOLD = 20  # names that nothing has; of more than that, the rest is not looked into

ANY_DAY = datetime(2000, 1, 1, tzinfo=NO_OFFSET)
UTC = ZoneInfo("UTC")


class Faulty(desk.Declined):
    """All that is wrong with the blocks of a message, told at once."""

    def __init__(self, faults: Sequence[Fault], *taps: cards.Tap) -> None:
        self.faults = faults
        super().__init__(explain(sorted(faults, key=lambda fault: fault.line)).removeprefix("❌ "), *taps)


@dataclass(slots=True)
class Links:
    """What the names in a message's blocks mean, the tags and links that had to be made, and what is to be shown."""

    ids: dict[tuple[Noun, words.Object], int] = field(default_factory=dict)
    new_tags: dict[str, int] = field(default_factory=dict)
    new_links: dict[str, int] = field(default_factory=dict)
    leading: dict[int, measured.Kept] = field(default_factory=dict)  # the measured links they name or open
    opening: dict[str, int] = field(default_factory=dict)  # the link that is counted where this address is opened
    pages: dict[int, drafted.Kept] = field(default_factory=dict)  # those whose pages they open
    own: int = 0  # of those, how many addresses each friend gets one of their own for
    pictures: dict[int, media.Kept] = field(default_factory=dict)
    noted: dict[int, fields.Kept] = field(default_factory=dict)  # the fields they note something in
    answers: dict[int, dict[str, list[str]]] = field(default_factory=dict)  # of forms: questions and their choices
    shared: dict[int, shared_values.Kind] = field(default_factory=dict)  # the kinds of shared values they change
    variables: dict[str, str] = field(default_factory=dict)  # name -> #K3: what messages may say of friends
    coupons: dict[str, Coupon] = field(default_factory=dict)  # by what is written behind ＋クーポン
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


async def link(at: desk.Desk, given: Sequence[definitions.Holder], *, elsewhere: bool = False) -> Links:
    """Look up all names; missing tags and links with an address are made, anything else missing is a fault, and so is
    a tag by which a broadcast chooses its friends: a slip there would send to others.

    In what was printed `elsewhere` number 0 is what was deleted there, and stays what there is not.
    """
    links, missing = await looked_up(at, given)
    if elsewhere:
        gone = [(noun, one) for noun, one in missing if isinstance(one, words.Id) and one.number == 0]
        links.ids |= dict.fromkeys(gone, 0)
        missing = [pair for pair in missing if pair not in links.ids]
    links.coupons, unsendable = coupons.named(at, given, elsewhere=elsewhere)
    unmade = set() if elsewhere else only_asked_for(given)
    await _make_tags(at, links, [one for noun, one in missing if noun == "tags" and one not in unmade])
    faults = [*unsendable, *await _make_links(at, links, given)]
    await _count_addresses(at, links, given)
    if any(number not in at.config.links for number in links.leading):
        await at.look_again()
    links.variables |= variables.of_links(links.new_links)
    unknown = [pair for pair in missing if pair not in links.ids]
    faults += [await missing_fault(noun, one, given) for noun, one in unknown[:MOST_TOLD]]
    faults += [fault for one in given for fault in unasked(links, one)]
    if faults:
        absent = [words.show(one) for noun, one in unknown if noun == "tags" and isinstance(one, words.Name)]
        raise Faulty(faults, *(cards.Tap(f"タグ「{one}」を作る", f"タグ 作成 {one}") for one in absent[:3]))
    if links.pictures and not at.config.public:
        raise desk.Declined(
            "画像・動画・音声を名前で使うには、このサーバーの公開アドレス（PUBLIC_URL）の設定が必要です。"
            "設置した方にお伝えください。"
        )
    if links.pages and not at.config.liff:
        raise desk.Declined(
            "フォームを開くボタンや文を使うには、LINEログインとLIFFの設定（LIFF_ID）が必要です。設置した方にお伝えください。"
        )
    return links


async def looked_up(
    at: desk.Desk, given: Sequence[definitions.Holder]
) -> tuple[Links, list[tuple[Noun, words.Object]]]:
    """All names that mean something, and those that do not."""
    links = Links(now=at.now, zone=at.zone)
    wanted = list(dict.fromkeys(pair for definition in given for pair in mentioned(definition)))
    for noun in LETTERS:
        asked = [one for kind, one in wanted if kind == noun]
        found = await colleagues.lookup(noun, asked) if asked else []
        for one, thing in zip(asked, found, strict=True):
            if thing is not None:
                links.ids[noun, one] = thing.id
    links.leading = await measured.get([number for (noun, _), number in links.ids.items() if noun == "links"])
    if any("{" in one.source or "｛" in one.source for one in given):
        links.variables = await variables.known()
    links.pictures = await media.get([number for (noun, _), number in links.ids.items() if noun == "media"])
    links.pages = await forms.ROWS.get_all(_forms(links, given))
    shared = [number for (noun, _), number in links.ids.items() if noun == "shared_values"]
    links.shared = {number: one.kind for number, one in (await shared_values.get(shared, ANY_DAY)).items()}
    asking = [number for (noun, _), number in links.ids.items() if noun == "forms"]
    links.answers = await forms.labels(asking) if asking else {}
    links.noted = await fields.get([number for (noun, _), number in links.ids.items() if noun == "fields"])
    return links, [pair for pair in wanted if pair not in links.ids]


def _forms(links: Links, given: Sequence[definitions.Holder]) -> list[int]:
    """The forms that buttons and texts open."""
    opened = [one.form for one in inside(tuple(given)) if isinstance(one, definitions.OpenForm)]
    found = {links.ids["forms", one] for one in opened if ("forms", one) in links.ids}
    return sorted(found | variables.numbers_in(tuple(given), "Q", links.variables))


def unasked(links: Links, definition: definitions.Holder) -> Iterator[Fault]:
    """What a field of its kind, or a form, cannot be asked."""
    lines = definition.source.split("\n")
    for condition in _conditions(definition):
        kept = links.noted.get(links.ids.get(("fields", condition.name), 0))
        why = dataclasses.replace(condition, of=kept).wrong(links.now, links.zone)
        if why:
            name = words.show(condition.name)
            place = next((at for at, line in enumerate(lines) if name in line), 0)
            yield Fault(definition.line + place, lines[place].strip(), f"の「{condition.show()}」{why}".rstrip("。"))
    for answer in (one for one in inside(definition) if isinstance(one, Answer)):
        number = links.ids.get(("forms", answer.form))
        right = answering.called(answer, links.answers.get(number, {})) if number else answer
        if isinstance(right, answering.Strange):
            place = next((at for at, line in enumerate(lines) if answer.question in line), 0)
            yield Fault(definition.line + place, lines[place].strip(), f"の「{answer.show()}」{right.why}".rstrip("。"))


def _conditions(tree: object) -> Iterator[asked.Field]:
    """All that a definition asks about fields."""
    return (one for one in inside(tree) if isinstance(one, asked.Field))


def only_asked_for(given: Sequence[definitions.Holder]) -> set[words.Object]:
    """The tags that 対象 and 除く of broadcasts name, and nothing else in these blocks does."""
    sent = [one for one in given if isinstance(one, definitions.Broadcast)]
    rest = [dataclasses.replace(one, target=None, besides=None) for one in sent]
    rest_too = {pair for one in (*rest, *(one for one in given if one not in sent)) for pair in mentioned(one)}
    asked_for = {pair for one in sent for pair in mentioned((one.target, one.besides))}
    return {one for noun, one in asked_for - rest_too if noun == "tags"}


async def _make_tags(at: desk.Desk, links: Links, missing: Sequence[words.Object]) -> None:
    fresh = {names.name_key(one.text): objects.new_name(one, "tags") for one in missing if isinstance(one, words.Name)}
    links.new_tags = await tags.make(list(fresh.values()), at.now) if fresh else {}
    numbers = {names.name_key(name): number for name, number in links.new_tags.items()}
    for one in missing:
        if isinstance(one, words.Name) and names.name_key(one.text) in numbers:
            links.ids["tags", one] = numbers[names.name_key(one.text)]


def measured_in(tree: object) -> Iterator[definitions.Link]:
    """Every ＋リンク with a name."""
    return (one for one in inside(tree) if isinstance(one, definitions.Link) and one.name is not None)


async def _make_links(at: desk.Desk, links: Links, given: Sequence[definitions.Holder]) -> list[Fault]:
    """Make the links that ＋リンク names and that are not there yet; what of them cannot be so."""
    faults = []
    for definition in given:
        for piece in measured_in(definition):
            named_one = piece.name.link if piece.name is not None else None
            if not isinstance(named_one, words.Name):
                continue
            wrong = await _measured_link(at, links, named_one, piece.address)
            if wrong:
                what, examples = wrong
                faults.append(Fault(piece.line, later.text_at(definition, piece.line), what, examples))
    return faults


def counted_in(tree: object) -> dict[str, str]:
    """Every address that a button without a name for it opens, as typed, and as it is kept; not those 計測なし."""
    found = {}
    for one in inside(tree):
        if not isinstance(one, definitions.Open | definitions.Link) or one.uncounted:
            continue
        nameless = isinstance(one, definitions.Open) or one.name is None
        if nameless and (address := addresses.counted(one.address)) is not None:
            found[one.address] = address
    return found


async def _count_addresses(at: desk.Desk, links: Links, given: Sequence[definitions.Holder]) -> None:
    """What buttons open of themselves is a link, too: found again by its address, or made."""
    wanted = counted_in(tuple(one for one in given if not isinstance(one, definitions.Form)))
    if wanted:
        found = await addresses.automatic(at, list(dict.fromkeys(wanted.values())))
        links.opening = {typed: found[address].id for typed, address in wanted.items()}
        links.leading |= {one.id: one for one in found.values()}
        links.own = len(found) if at.config.key and choices.measured(at.config.chosen) else 0


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


async def missing_fault(noun: Noun, one: words.Object, given: Sequence[definitions.Holder]) -> Fault:
    word, _ = colleagues.WORDS[noun]
    line, text = _line_of(noun, one, given)
    near = await colleagues.nearest(noun, one.text) if isinstance(one, words.Name) else []
    slip = next((asked.meant_moment(each) for each in _conditions(tuple(given)) if each.name == one), None)
    if noun == "fields" and slip is not None and not near:
        was = next(each.show() for each in _conditions(tuple(given)) if each.name == one)
        right = printing.show(slip)
        return Fault(line, text, f"の「{words.show(one)}」が分かりません", (right,), _mended(text, was, one, right))
    corrected = text.replace(one.text, near[0]) if near and isinstance(one, words.Name) else None
    example = f"タグ 作成 {words.show(one)}" if noun == "tags" and isinstance(one, words.Name) else f"{word} 一覧"
    return Fault(line, text, f"の{word}「{words.show(one)}」が見つかりません", (example,), corrected)


def _mended(text: str, was: str, name: words.Object, right: str) -> str | None:
    plain = was.replace(words.quote(words.show(name)), words.show(name))
    return text.replace(plain, right) if plain in text else None


def _line_of(noun: Noun, one: words.Object, given: Sequence[definitions.Holder]) -> tuple[int, str]:
    """Where an object is named: the line of the piece it stands in, else that of its block."""
    for definition in given:
        for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
            for piece in getattr(part, "pieces", (part,)):
                if (noun, one) in set(mentioned(piece)):
                    return piece.line, later.text_at(definition, piece.line)
        if (noun, one) in set(mentioned(definition)):
            lines = definition.source.split("\n")
            told = noun in ("fields", "media", "tags")
            place = next((at for at, line in enumerate(lines) if told and words.show(one) in line), 0)
            return definition.line + place, lines[place].strip()
    return 1, ""


def made_note(links: Links) -> str:
    told = [f"🏷 新しく作ったタグ: {'・'.join(links.new_tags)}"] if links.new_tags else []
    if links.new_links:
        made = [links.leading[number].name for number in links.new_links.values()]
        told.append(f"🔗 新しく作ったリンク: {'・'.join(made)}")
    closed = [f"「{one.name}」" for one in links.pages.values() if one.state != "live"]
    if closed:
        told.append(f"⚠ フォーム{'・'.join(closed)}は公開していません。公開するまで、開いた方には「準備中」と出ます。")
    if links.own:
        told.append(
            f"🔗 クリックを数えるアドレス: {links.own}件（1人ずつの個別送信になります。通数は同じです。"
            "数えない時は、行の終わりに「計測なし」）"
        )
    return "\n".join(told)

"""Of the parts of a block that owns them: messages composed and checked, buttons and actions as they are stored."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from admin_commands import actions, desk, later, variables
from admin_commands.content.linking import Faulty, Links
from admin_commands.content.noting import Stored, change
from admin_commands.content.sources import linked
from admin_commands.grammar import actions as acts
from admin_commands.grammar import areas, blocks, definitions, values, words
from admin_commands.grammar.faults import Fault
from jobs import messages
from jobs.actions import KINDS, arguments
from jobs.messages import hosting
from storage import buttons, names


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
        for argument in KINDS[action["do"]].arguments:
            if isinstance(argument, arguments.Words):
                action[argument.key] = self.links.text(action[argument.key])
        if action["do"] not in ("field", "shared"):
            return action
        try:
            return action | {"change": change(action, self.links)}
        except values.Wrong as wrong:
            told = wrong.of(str(action["change"]["value"]))
            text = later.text_at(self.definition, line)
            self.faults.append(Fault(line, text, f": {told}", tuple(wrong.examples)))
            return action

    async def checked(self) -> None:
        """Look at all actions, those of one kind together, whether they can be kept."""
        known = variables.defaults(self.links.variables)
        for do in dict.fromkeys(one["do"] for one, _ in self.made):
            check, same = KINDS[do].check, [(one, line) for one, line in self.made if one["do"] == do]
            if check is None:
                continue
            for told, (_, line) in zip(await check([one for one, _ in same], known), same, strict=True):
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
            return messages.Button(piece.label, messages.Link(self._address(piece.target)), line)
        if isinstance(piece.target, definitions.Measured):
            return messages.Button(
                piece.label, messages.Link(self._opened(self.links.of("links", piece.target.link))), line
            )
        if isinstance(piece.target, definitions.OpenForm):
            return messages.Button(piece.label, messages.Link(self._form(piece.target)), line)
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
        kind: Literal["body", "card", "picture", "question", "flex", "imagemap"] = "body",
        title: str = "",
        line: int = 0,
    ) -> messages.Part:
        if kind == "picture":
            self._square(pieces)
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
            case definitions.Enclosure("coupon", value, line):
                coupon = self.links.coupons.get(value)
                return messages.Attachment("coupon", coupon.id, line) if coupon is not None else None
            case definitions.Imagemap():
                return self._imagemap(piece)
        button = self._button(piece)
        if button is not None and isinstance(piece, definitions.Button) and piece.quick:
            return dataclasses.replace(button, quick=True)
        return button

    def _button(self, piece: definitions.Piece) -> messages.Button | None:
        match piece:
            case definitions.Pick():
                return self._pick(piece)
            case definitions.Choice():
                return self._choice(piece)
            case definitions.Bullet(label, None, line) | definitions.Button(label, None, line):
                return messages.Button(label, messages.Say(label), line)
            case definitions.Link():
                return self._link(piece)
            case definitions.Button(label, definitions.Measured() as target, line) | definitions.Bullet(
                label, definitions.Measured() as target, line
            ):
                return messages.Button(label, messages.Link(self._opened(self.links.of("links", target.link))), line)
            case definitions.Button(label, definitions.Open() as opened, line) | definitions.Bullet(
                label, definitions.Open() as opened, line
            ):
                return messages.Button(label, messages.Link(self._address(opened)), line)
            case definitions.Button(label, definitions.OpenForm() as page, line) | definitions.Bullet(
                label, definitions.OpenForm() as page, line
            ):
                return messages.Button(label, messages.Link(self._form(page)), line)
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

    def _square(self, pieces: Sequence[definitions.Piece]) -> None:
        """LINE shows the pictures of an image carousel as squares."""
        for piece in pieces:
            if not isinstance(piece, definitions.Attachment) or piece.media is None:
                continue
            kept = self.links.pictures.get(self.links.of("media", piece.media))
            if kept is not None and kept.kind == "image" and kept.width != kept.height:
                what = f"の「{kept.name}」は{kept.width}×{kept.height}です。▼画像カードには正方形の画像を使ってください"
                self.faults.append(Fault(piece.line, later.text_at(self.definition, piece.line), what))

    def _imagemap(self, piece: definitions.Imagemap) -> messages.Imagemap | None:
        kept = self.links.pictures.get(self.links.of("media", piece.media))
        if kept is None:
            return None
        if kept.kind != "image" or not kept.width or not kept.height:
            text = later.text_at(self.definition, piece.line)
            self.faults.append(Fault(piece.line, text, f"の「{kept.name}」は画像ではありません"))
            return None
        shape = kept.height / kept.width
        drawn = areas.of(piece.drawn) if piece.drawn else ""
        fields = () if isinstance(drawn, str) else tuple(drawn.values())
        return messages.Imagemap(hosting.address(kept.public_id), shape, piece.columns, piece.rows, piece.line, fields)

    def sender(self, given: definitions.Sender) -> dict[str, str]:
        """Who messages say they come from, as each of them has it; what LINE would not take is a fault."""
        found = {"name": given.name}
        kept = self.links.pictures.get(self.links.of("media", given.icon)) if given.icon is not None else None
        if kept is not None and kept.kind != "image":
            text = later.text_at(self.definition, given.line)
            self.faults.append(Fault(given.line, text, f"の「{kept.name}」は画像ではありません"))
        elif kept is not None:
            found["iconUrl"] = hosting.address(kept.public_id, hosting.ICON)
        self._found(messages.check([messages.text("x") | {"sender": found}]), given.line)
        return found

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
        if piece.name is not None:
            number: int | None = self.links.of("links", piece.name.link)
        else:
            number = None if piece.uncounted else self.links.opening.get(piece.address)
        kept = self.links.leading.get(number) if number is not None else None
        label = kept.name if kept is not None and piece.name is not None else piece.label
        place = None
        if piece.actions and number is None:
            what = "のアドレスはクリックを数えられないため、クリックした時の動作を付けられません"
            self.faults.append(Fault(line, later.text_at(self.definition, line), what))
        elif piece.actions:
            self.wanted.append(buttons.Wanted(label, self.stored(piece.actions, line)))
            place = len(self.wanted) - 1
        opened = piece.address if number is None else self._opened(number, place)
        return messages.Button(label, messages.Link(opened), line)

    def _address(self, target: definitions.Open) -> str:
        """The address that a button opens: of one's own where its clicks are counted."""
        number = None if target.uncounted else self.links.opening.get(target.address)
        return target.address if number is None else self._opened(number)

    def _opened(self, number: int, place: int | None = None) -> str:
        """The address of a measured link, `{#L3|https://…}`; `place` is that of what it does here besides."""
        kept = self.links.leading.get(number)
        number, address = (kept.id, kept.address) if kept is not None else (0, hosting.link("0", ""))
        does = f".b{place}" if place is not None else ""
        return f"{{#L{number}{does}|{address}}}"

    def _form(self, target: definitions.OpenForm) -> str:
        return hosting.form(self.links.of("forms", target.form))

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

"""What stands behind the head of ■フォーム in canonical text; reading it gives the same form."""

from collections.abc import Iterator

from admin_commands.grammar import actions, blocks, contents, words
from admin_commands.grammar.definitions import Form, FormPage, FormQuestion, FormResult
from admin_commands.grammar.forms import bounds, titles


def below(given: Form) -> Iterator[str]:
    """What stands behind the head."""
    for part in given.parts:
        match part:
            case FormQuestion():
                yield from _question(part)
            case FormPage(title, when):
                yield titles.show(title, titles.PAGE[0], (), when)
            case FormResult():
                yield titles.show(part.title, titles.RESULT[0], _points(part), part.when)
                yield from contents.show(part.pieces)
    if given.actions:
        yield f"＋回答後 {actions.show(given.actions)}"


def _question(one: FormQuestion) -> Iterator[str]:
    shown = titles.show(one.label, titles.word_of(one), bounds.show(one), one.when)
    follows = [words.show_reference("項目", one.to)] if one.to is not None else []
    follows += [actions.show(one.actions)] if one.actions else []
    yield " → ".join([shown, *follows])
    yield from (titles.show_option(option) for option in one.options)
    for word, text in (("例", one.example), ("初期値", one.default), ("正解", one.right or "")):
        if text:
            yield f"{word}: {text}"
    if one.ends:
        yield f"両端: {'〜'.join(one.ends)}"
    if one.picture is not None:
        yield f"画像: {words.show(one.picture)}"
    if one.value:
        yield f"値: {one.value}"
    if one.explanation:
        yield f"解説: {one.explanation}"
    for line in one.help.split("\n") if one.help else ():
        yield blocks.escaped(line)


def _points(one: FormResult) -> tuple[str, ...]:
    if one.least is not None and one.most is not None:
        return (f"{one.least}〜{one.most}点",)
    if one.least is not None:
        return (f"{one.least}点以上",)
    return (f"{one.most}点以下",) if one.most is not None else ()

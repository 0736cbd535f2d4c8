"""Cards side by side: where each stood in the block, and how they look as Flex where LINE's template is too narrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.messages import builders, parts, placeholders


@dataclass(frozen=True, slots=True)
class Card:
    column: dict[str, Any]
    line: int
    words_line: int
    buttons: list[parts.Button]


def template_lines(index: int, card: Card) -> dict[str, int]:
    path = f".template.columns[{index}]"
    lines = {path: card.line, f"{path}.text": card.words_line}
    return lines | {f"{path}.actions[{i}]": button.line for i, button in enumerate(card.buttons)}


def flex_lines(index: int, card: Card) -> dict[str, int]:
    path = f".contents.contents[{index}]"
    lines = {path: card.line, f"{path}.body": card.words_line}
    return lines | {f"{path}.footer.contents[{i}]": button.line for i, button in enumerate(card.buttons)}


def carousel(columns: Sequence[dict[str, Any]], known: Mapping[str, str]) -> builders.Message:
    """The same cards as Flex, which takes uneven buttons and longer words than a template."""
    bubbles = [bubble(plain_braces(column, known)) for column in columns]
    return builders.flex(columns[0]["text"], {"type": "carousel", "contents": bubbles})


def plain_braces(tree: Any, known: Mapping[str, str]) -> Any:
    """A card for Flex, where a doubled `{{笑}}` that names no variable would be shown as it stands."""
    if isinstance(tree, list):
        return [plain_braces(each, known) for each in tree]
    if isinstance(tree, dict):
        return {key: plain_braces(each, known) for key, each in tree.items()}
    pieces = placeholders.parse(tree, known) if isinstance(tree, str) else []
    if not any(piece.kind == "literal" for piece in pieces):
        return tree
    return "".join(
        piece.text if piece.kind == "literal" and placeholders.lookup(piece.name, known) is None else piece.raw
        for piece in pieces
    )


def bubble(column: Mapping[str, Any]) -> dict[str, Any]:
    body = [{"type": "text", "text": column["text"], "wrap": True}]
    if "title" in column:
        body.insert(0, {"type": "text", "text": column["title"], "weight": "bold", "size": "lg", "wrap": True})
    looks: dict[str, Any] = {"type": "bubble", "size": "kilo"}
    if "thumbnailImageUrl" in column:
        looks["hero"] = {
            "type": "image",
            "url": column["thumbnailImageUrl"],
            "size": "full",
            "aspectRatio": "20:13",
            "aspectMode": "cover",
        }
    looks["body"] = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": body}
    if column["actions"]:
        shown = [{"type": "button", "height": "sm", "action": action} for action in column["actions"]]
        looks["footer"] = {"type": "box", "layout": "vertical", "contents": shown}
    return looks

"""The calls LINE describes: host, method and path of each, what it takes and what it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.simulator_checks.contract import overlay
from tests.simulator_checks.contract.shapes import Document, Raw, Shape

HERE = Path(__file__).parent
OFFICIAL = HERE.parent / "openapi"
OWN = HERE / "own"
METHODS = ("get", "post", "put", "delete", "patch")

# https://api.line.me, GET, /v2/bot/profile/{}
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """place: path, query or header."""

    place: str
    name: str
    required: bool
    shape: Shape


@dataclass(slots=True)
class Operation:
    """name: LINE's operationId, which every SDK has as a method.

    bodies and answers: by media type; a shape of None: LINE does not say what stands in it.
    error: what a refusal looks like that the description does not list [Known contradictions].
    """

    place: Place
    name: str
    parameters: list[Parameter]
    body_required: bool
    error: Shape
    bodies: dict[str, Shape | None] = field(default_factory=dict)
    answers: dict[int, dict[str, Shape | None]] = field(default_factory=dict)

    def __str__(self) -> str:
        host, method, path = self.place
        return f"{method} {host}{path}"


def template(path: str) -> str:
    """A path whose parameters have lost their names, which are a matter of taste."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def read() -> dict[str, Document]:
    """LINE's files as they are, then what the overlay corrects and adds in them, then our own."""
    documents = {path.stem: parsed(path) for path in (*OFFICIAL.glob("*.yml"), *OWN.glob("*.yml"))}
    for correction in overlay.CORRECTIONS:
        correction.apply(documents[correction.document].raw)
    return documents


def parsed(path: Path) -> Document:
    return Document(path.stem, yaml.load(path.read_bytes(), Loader=Loader))  # noqa: S506 - a safe one


# The parser in C where PyYAML was built with it: ten times as fast, and every test process reads these files.
class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Times stay the text that they are in JSON."""

    yaml_implicit_resolvers = {
        first: [(tag, shape) for tag, shape in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def operations(documents: dict[str, Document]) -> dict[Place, list[Operation]]:
    """By place; several where LINE uses one address for two things (channel tokens and LINE Login)."""
    found: dict[Place, list[Operation]] = {}
    for document in documents.values():
        for made in described(document, documents):
            found.setdefault(made.place, []).append(made)
    return found


def described(document: Document, documents: dict[str, Document]) -> Iterator[Operation]:
    if document.name == overlay.WEBHOOKS:  # its only path is a dummy that carries the schemas
        return
    own = "ErrorResponse" in document.raw.get("components", {}).get("schemas", {})
    error = (document if own else documents[overlay.MESSAGING]).shape({"$ref": "#/components/schemas/ErrorResponse"})
    for path, item in document.raw["paths"].items():
        for method in METHODS:
            if method in item:
                yield operation(document, path, method, item, error)


def operation(document: Document, path: str, method: str, item: Raw, error: Shape) -> Operation:
    raw = item[method]
    host = raw.get("servers", document.raw["servers"])[0]["url"].rstrip("/")
    body = raw.get("requestBody", {})
    parameters = [
        Parameter(one["in"], one["name"], bool(one.get("required")), document.shape(one["schema"]))
        for one in (*item.get("parameters", []), *raw.get("parameters", []))
    ]
    made = Operation(
        (host, method.upper(), template(path)), raw["operationId"], parameters, bool(body.get("required")), error
    )
    made.bodies = contents(document, body)
    made.answers = {int(status): contents(document, answer) for status, answer in raw["responses"].items()}
    return made


def contents(document: Document, raw: Raw) -> dict[str, Shape | None]:
    return {
        media: document.shape(inner["schema"]) if "schema" in inner else None
        for media, inner in raw.get("content", {}).items()
    }

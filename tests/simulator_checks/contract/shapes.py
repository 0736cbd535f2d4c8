"""Schemas of LINE's OpenAPI files as shapes: references resolved, allOf merged, discriminators understood."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Raw = dict[str, Any]

MERGED = ("properties", "required")


@dataclass(slots=True)
class Document:
    """One OpenAPI file. Shapes of named schemas are made once, when first asked for."""

    name: str
    raw: Raw
    named: dict[str, "Shape"] = field(default_factory=dict)

    def shape(self, raw: Raw) -> "Shape":
        """The shape of a schema that stands anywhere in this file."""
        if "$ref" not in raw:
            return Shape(self, raw.get("title", ""), self.flat(raw))
        name = raw["$ref"].rpartition("/")[2]
        if name not in self.named:
            self.named[name] = Shape(self, name, self.flat(raw))
        return self.named[name]

    def flat(self, raw: Raw) -> Raw:
        """The schema with its references and allOf parts poured into one."""
        name = ""
        while "$ref" in raw:
            name = raw["$ref"].rpartition("/")[2]
            raw = self.raw["components"]["schemas"][name]
        whole: Raw = {"properties": {}, "required": []}
        for part in raw.get("allOf", []):
            base = self.flat(part)
            if name in mapped_names(base):  # the base looked here; looking back would never end
                del base["discriminator"]
            pour(base, whole)
        pour({key: value for key, value in raw.items() if key != "allOf"}, whole)
        return whole


def mapped_names(raw: Raw) -> list[str]:
    mapping = raw.get("discriminator", {}).get("mapping", {})
    return [reference.rpartition("/")[2] for reference in mapping.values()]


def pour(part: Raw, whole: Raw) -> None:
    whole["properties"].update(part.get("properties", {}))
    whole["required"].extend(part.get("required", []))
    whole.update({key: value for key, value in part.items() if key not in MERGED})


@dataclass
class Shape:
    """What a value must look like; inner shapes are made when first looked at, so circles do no harm."""

    document: Document
    name: str
    raw: Raw

    @cached_property
    def properties(self) -> dict[str, "Shape"]:
        return {key: self.document.shape(raw) for key, raw in self.raw["properties"].items()}

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(self.raw["required"])

    @cached_property
    def items(self) -> "Shape | None":
        return self.document.shape(self.raw["items"]) if "items" in self.raw else None

    @cached_property
    def others(self) -> "Shape | None":
        """The shape of properties with any name (additionalProperties)."""
        wanted = self.raw.get("additionalProperties")
        return self.document.shape(wanted) if isinstance(wanted, dict) else None

    @cached_property
    def choices(self) -> list["Shape"]:
        """Exactly one of these must fit (oneOf)."""
        return [self.document.shape(raw) for raw in self.raw.get("oneOf", [])]

    @cached_property
    def kinds(self) -> dict[str, "Shape"]:
        """By the value of the property that tells them apart (discriminator)."""
        mapping = self.raw.get("discriminator", {}).get("mapping", {})
        return {value: self.document.shape({"$ref": reference}) for value, reference in mapping.items()}

    @property
    def kind_key(self) -> str:
        return str(self.raw["discriminator"]["propertyName"])

    @property
    def type(self) -> str | None:
        found = self.raw.get("type")
        return "object" if found is None and self.properties else found

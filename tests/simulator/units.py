"""Aggregation units: names sends are counted under, a thousand a month [G:unit-based-statistics-aggregation]."""

from dataclasses import dataclass, field

NAMES_A_MONTH = 1_000


@dataclass(slots=True)
class Units:
    """months: '2026-11' -> names in order of their first use."""

    months: dict[str, dict[str, int]] = field(default_factory=dict)

    def assign(self, name: str, month: str, now_ms: int) -> str | None:
        """The name; None when the month has its thousand others already: the send goes out without a unit."""
        names = self.months.setdefault(month, {})
        if name not in names:
            if len(names) >= NAMES_A_MONTH:
                return None
            names[name] = now_ms
        return name

    def names(self, month: str) -> list[str]:
        return list(self.months.get(month, ()))

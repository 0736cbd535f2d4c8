"""The webhook's address over the API: set, in force a while later, switched on and off in the console."""

from dataclasses import dataclass

MOST_CHARACTERS = 500


@dataclass(slots=True)
class WebhookAddress:
    """active: the console's switch "Use webhook". coming: an address set over the API, in force from coming_ms on."""

    active: bool = True
    coming: str | None = None
    coming_ms: int = 0

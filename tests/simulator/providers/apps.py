"""LIFF apps of a Login channel."""

from dataclasses import dataclass, field

SIZES = ("compact", "tall", "full")
SCOPES = ("openid", "email", "profile", "chat_message.write")
BOT_PROMPTS = ("normal", "aggressive", "none")
DEFAULT_SCOPES = ("profile", "chat_message.write")


@dataclass(slots=True)
class LiffApp:
    """url is the Endpoint URL. off: LINE shows its page "not available" instead.

    mini: a MINI App, which is at home at miniapp.line.me too. share: the console's switch of the share target picker.
    scans: what a scanned code says; None: the reader does not work in this place.
    """

    id: str
    url: str
    size: str = "full"
    module_mode: bool | None = None
    description: str | None = None
    ble: bool | None = None
    qr_code: bool = False
    scopes: list[str] = field(default_factory=lambda: list(DEFAULT_SCOPES))
    bot_prompt: str = "none"
    off: bool = False
    mini: bool = False
    share: bool = False
    scans: str | None = None

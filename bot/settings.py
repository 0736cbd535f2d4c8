"""The only reader of the environment and of `.env`; a wrong value stops the start with a sentence."""

import difflib
import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent  # the checkout
HOME = ROOT / ".ayumi"  # all that a bare machine's run keeps
NEEDED = ("DATABASE_URL", "REDIS_URL", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "SECRET_KEY")
LOGIN_CHANNEL = re.compile(r"[0-9]{10}")
LIFF = re.compile(r"[0-9]{10}-[A-Za-z0-9]{8}")
LINE_HOSTS = ("line.me", "line.biz", "line-scdn.net")

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class Wrong(Exception):
    """A setting is missing or wrong; the message is one sentence that says what to set."""


def _parts(given: object) -> object:
    """Comma-separated, since a `.env` knows no lists."""
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return given


def _without_slash(given: object) -> object:
    return given.rstrip("/") if isinstance(given, str) else given


Secrets = Annotated[list[str], NoDecode, BeforeValidator(_parts), Field(repr=False)]
Secret = Annotated[str, Field(repr=False)]
Address = Annotated[str, BeforeValidator(lambda given: given.rstrip("/") if isinstance(given, str) else given)]


class Settings(BaseSettings):
    """Every setting by its name in the environment (here in lower case); DESIGN section 5 lists them."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    line_channel_secret: Secrets = []
    line_channel_access_token: Secret = ""
    line_login_channel_id: str = ""
    line_login_channel_secret: Secret = ""
    liff_id: str = ""
    liff_url: Address = "https://liff.line.me"
    liff_sdk_url: str = "https://static.line-scdn.net/liff/edge/2/sdk.js"
    liff_login: bool = True  # outside LINE, customers' pages ask for LINE Login; else they lead into LINE
    line_api_url: Address = "https://api.line.me"
    line_data_api_url: Address = "https://api-data.line.me"
    line_login_url: Address = "https://access.line.me"
    public_url: Address = ""
    trusted_proxies: Annotated[list[IPNetwork], NoDecode, BeforeValidator(_parts)] = []
    database_url: Secret = ""
    redis_url: Secret = ""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    simulator_port: int = Field(8001, ge=0, le=65535)
    timezone: str = "Asia/Tokyo"
    secret_key: Secrets = []
    media_dir: Path = HOME / "media"
    metrics_token: Secret = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    ayumi_sandbox: bool = False  # `run` tells its children; never set by hand

    @property
    def sandbox(self) -> bool:
        """LINE is played by the simulator: no credentials, or those that `run` made up for its children."""
        return self.ayumi_sandbox or not self.line_channel_access_token

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, given: str) -> str:
        try:
            ZoneInfo(given)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be the name of a time zone, such as Asia/Tokyo") from None
        return given

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, given: object) -> object:
        return given.upper() if isinstance(given, str) else given

    @field_validator("line_api_url", "line_data_api_url", "line_login_url", "liff_url", "liff_sdk_url", "public_url")
    @classmethod
    def _web_address(cls, given: str) -> str:
        _port_is_a_number(given)
        parts = urlsplit(given)
        if given and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be a web address that begins with https://")
        return given

    @field_validator("database_url")
    @classmethod
    def _postgres_address(cls, given: str) -> str:
        _port_is_a_number(given)
        if given and urlsplit(given).scheme not in ("postgres", "postgresql"):
            raise ValueError("must look like postgres://user:password@host:5432/database")
        if given and not urlsplit(given).path.strip("/"):
            raise ValueError("must end with the name of a database, as in postgres://user:password@host/database")
        return given

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, given: str) -> str:
        _port_is_a_number(given)
        if given and urlsplit(given).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must look like redis://host:6379/0")
        return given

    @field_validator("line_login_channel_id")
    @classmethod
    def _channel_number(cls, given: str) -> str:
        if given and not LOGIN_CHANNEL.fullmatch(given):
            raise ValueError("must be the Channel ID of the LINE Login channel: ten digits")
        return given

    @field_validator("liff_id")
    @classmethod
    def _liff_number(cls, given: str) -> str:
        if given and not LIFF.fullmatch(given):
            raise ValueError("must be the LIFF ID, such as 1234567890-AbCdEfGh (not the whole address)")
        return given

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, given: list[str]) -> list[str]:
        if any(len(key) < 32 for key in given):
            raise ValueError("must have at least 32 characters (several keys are separated by commas)")
        return given

    @model_validator(mode="after")
    def _whole(self) -> Self:
        secret, token = bool(self.line_channel_secret), bool(self.line_channel_access_token)
        if secret != token:
            missing = "LINE_CHANNEL_SECRET" if token else "LINE_CHANNEL_ACCESS_TOKEN"
            raise ValueError(f"{missing} is missing: set it too, or neither of the two to play in the sandbox")
        if self.ayumi_sandbox and _is_lines(self.line_api_url):
            raise ValueError("AYUMI_SANDBOX is for the simulator only: take it away to talk to LINE")
        self._pages()
        insecure = self.public_url.startswith("http:") and not self.sandbox
        if insecure and urlsplit(self.public_url).hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("PUBLIC_URL must begin with https://: LINE accepts nothing else")
        return self

    def _pages(self) -> None:
        """What customers' pages need stands together. Raises ValueError."""
        if bool(self.liff_id) != bool(self.line_login_channel_id):
            missing = "LINE_LOGIN_CHANNEL_ID" if self.liff_id else "LIFF_ID"
            raise ValueError(f"{missing} is missing: customers' pages need LINE_LOGIN_CHANNEL_ID and LIFF_ID")
        if not self.liff_id.startswith(self.line_login_channel_id):
            raise ValueError(
                "LIFF_ID belongs to another channel than LINE_LOGIN_CHANNEL_ID: a LIFF ID begins with its channel's ID"
            )
        if self.liff_id and not self.sandbox and not self.public_url:
            raise ValueError("PUBLIC_URL is missing: customers' pages (LIFF_ID) are opened there")
        if not self.sandbox and not _is_lines(self.liff_sdk_url):
            raise ValueError("LIFF_SDK_URL must be LINE's own address: take the setting away to have it")


def load(env_file: Path | None = None) -> Settings:
    """Read the environment, and below it `.env` (of the checkout unless given). Raises Wrong."""
    file = env_file or ROOT / ".env"
    try:
        _refuse_misspelt(file)
        return Settings(_env_file=file)
    except (OSError, UnicodeDecodeError):
        raise Wrong(f"{file} cannot be read: it must be a text file in UTF-8 that you may read.") from None
    except ValidationError as error:
        raise Wrong(_sentence(error)) from None


class Developer(BaseSettings):
    """What `test` and `bench` look at besides."""

    ci: bool = False
    chromium: str = ""


def environment(changes: dict[str, str]) -> dict[str, str]:
    """The environment of a child: ours, changed."""
    return dict(os.environ) | changes


def require_production(settings: Settings) -> None:
    """What `serve`, `work` and `migrate` need and `run` brings itself. Raises Wrong."""
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "LINE_CHANNEL_SECRET",
        "LINE_CHANNEL_ACCESS_TOKEN",
        "SECRET_KEY",
    ):
        if not getattr(settings, name.lower()):
            raise Wrong(f"{name} is missing: set it in the environment or in .env, or use ./ayumi run.")


def _refuse_misspelt(file: Path) -> None:
    """A misspelt name would be passed over in silence, and the sandbox would start instead of LINE."""
    if not file.is_file():
        return
    known = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(file, encoding="utf-8"):
        if name.upper() not in known and name.upper().startswith(("LINE_", "LIFF_")):
            near = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"did you mean {near[0]}?" if near else "take it away."
            raise Wrong(f"{file.name} has {name}, which Ayumi does not know: {hint}")


def _port_is_a_number(given: str) -> None:
    """Raises ValueError, as urlsplit does only when it is asked."""
    try:
        _ = urlsplit(given).port
    except ValueError:
        raise ValueError("has a port that is no number") from None


def _is_lines(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in LINE_HOSTS)


def _sentence(error: ValidationError) -> str:
    """The first thing wrong, without the value: it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    told = first["msg"].removeprefix("Value error, ").rstrip(".")
    if not first["loc"]:
        return f"{told}."
    name = str(first["loc"][0]).upper()
    if first["type"] != "value_error":
        told = f"is wrong ({told[:1].lower()}{told[1:]})"
    return f"{name} {told}."

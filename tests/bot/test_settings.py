"""Settings: what stops the start, and with which sentence."""

import os
from pathlib import Path

import pytest

from bot import settings

REAL = {"LINE_CHANNEL_SECRET": "s" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "t" * 40}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower() in settings.Settings.model_fields:
            monkeypatch.delenv(name)


def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> settings.Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load(tmp_path / ".env")


def sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(settings.Wrong) as wrong:
        load(tmp_path, monkeypatch, **environment)
    return str(wrong.value)


def test_it_plays_in_the_sandbox_when_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(tmp_path, monkeypatch)
    assert found.sandbox
    assert (found.host, found.port, found.timezone) == ("127.0.0.1", 8000, "Asia/Tokyo")
    assert found.line_api_url == "https://api.line.me"


def test_it_talks_to_line_when_both_credentials_are_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load(tmp_path, monkeypatch, **REAL).sandbox


def test_it_stays_in_the_sandbox_with_the_credentials_that_run_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = REAL | {"AYUMI_SANDBOX": "1", "LINE_API_URL": "http://127.0.0.1:9"}
    assert load(tmp_path, monkeypatch, **given).sandbox


def test_it_never_plays_sandbox_against_line_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "AYUMI_SANDBOX" in sentence(tmp_path, monkeypatch, **REAL, AYUMI_SANDBOX="1")


@pytest.mark.parametrize("missing", sorted(REAL))
def test_it_names_the_credential_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    rest = {name: value for name, value in REAL.items() if name != missing}
    assert sentence(tmp_path, monkeypatch, **rest).startswith(f"{missing} is missing")


def test_it_takes_lists_separated_by_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = REAL | {"LINE_CHANNEL_SECRET": "old, new,", "SECRET_KEY": f"{'a' * 32},{'b' * 32}"}
    found = load(tmp_path, monkeypatch, **given, TRUSTED_PROXIES="10.0.0.0/8, ::1")
    assert found.line_channel_secret == ["old", "new"]
    assert found.secret_key == ["a" * 32, "b" * 32]
    assert [str(network) for network in found.trusted_proxies] == ["10.0.0.0/8", "::1/128"]


def test_an_empty_value_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path, monkeypatch, PORT="", LINE_CHANNEL_SECRET="").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("TIMEZONE", "Tokyo/Asia"),
        ("TIMEZONE", "../../etc/passwd"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("DATABASE_URL", "postgres://u:hunter2@h"),
        ("DATABASE_URL", "postgres://u:hunter2@h:port/d"),
        ("REDIS_URL", "http://:hunter2@h"),
        ("SECRET_KEY", "hunter2"),
        ("TRUSTED_PROXIES", "everybody"),
        ("LINE_API_URL", "api.line.me"),
    ],
)
def test_it_names_the_wrong_setting_and_keeps_its_value_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    told = sentence(tmp_path, monkeypatch, **{name: value})
    assert told.startswith(name)
    assert "hunter2" not in told
    assert "\n" not in told


def test_line_needs_a_public_address_with_https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PUBLIC_URL" in sentence(tmp_path, monkeypatch, **REAL, PUBLIC_URL="http://shop.example")
    assert load(tmp_path, monkeypatch, PUBLIC_URL="https://shop.example/").public_url == "https://shop.example"


def test_it_reads_the_file_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=8100\nHOST=0.0.0.0\n# 日本語\nOTHER=1\n", encoding="utf-8")
    found = load(tmp_path, monkeypatch, PORT="8200")
    assert (found.port, found.host) == (8200, "0.0.0.0")  # noqa: S104 - only read


def test_it_finds_a_misspelt_name_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LINE_CHANNEL_SECRETS=x\n")
    assert "did you mean LINE_CHANNEL_SECRET?" in sentence(tmp_path, monkeypatch)


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe\n")
    assert "UTF-8" in sentence(tmp_path, monkeypatch)


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"LINE_CHANNEL_SECRET": "hunter2a", "LINE_CHANNEL_ACCESS_TOKEN": "hunter2b", "SECRET_KEY": "hunter2" * 6}
    given |= {"DATABASE_URL": "postgres://u:hunter2@h/d", "REDIS_URL": "redis://:hunter2@h", "METRICS_TOKEN": "hunter2"}
    assert "hunter2" not in repr(load(tmp_path, monkeypatch, **given))


def test_production_names_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(tmp_path, monkeypatch, **REAL, DATABASE_URL="postgres://u@h/d", REDIS_URL="redis://h")
    with pytest.raises(settings.Wrong, match=r"^SECRET_KEY is missing"):
        settings.require_production(found)


PAGES = REAL | {
    "LINE_LOGIN_CHANNEL_ID": "1234567890",
    "LIFF_ID": "1234567890-AbCdEfGh",
    "PUBLIC_URL": "https://salon.example.com",
}


def test_it_takes_the_ids_of_customers_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(tmp_path, monkeypatch, **PAGES)
    assert (found.liff_id, found.liff_login) == ("1234567890-AbCdEfGh", True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"LIFF_ID": "https://liff.line.me/1234567890-AbCdEfGh"}, "LIFF_ID must be the LIFF ID, such as"),
        ({"LINE_LOGIN_CHANNEL_ID": "12345"}, "LINE_LOGIN_CHANNEL_ID must be the Channel ID of the LINE Login channel"),
        ({"LIFF_ID": ""}, "LIFF_ID is missing"),
        ({"LINE_LOGIN_CHANNEL_ID": ""}, "LINE_LOGIN_CHANNEL_ID is missing"),
        ({"LIFF_ID": "9876543210-AbCdEfGh"}, "LIFF_ID belongs to another channel"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is missing"),
        ({"LIFF_SDK_URL": "https://cdn.example.com/sdk.js"}, "LIFF_SDK_URL must be LINE's own address"),
        ({"LIFF_SDK_URL": "http://127.0.0.1:8001/cdn/liff/edge/2/sdk.js"}, "LIFF_SDK_URL must be LINE's own address"),
    ],
)
def test_it_says_what_customers_pages_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], told: str
) -> None:
    assert sentence(tmp_path, monkeypatch, **(PAGES | changes)).startswith(told)

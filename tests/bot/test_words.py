"""The words of `./ayumi`: trouble outside of us is one sentence and a non-zero exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings
from tests.conftest import Addresses, named


def say(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name.lower() not in settings.Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=settings.ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def test_help_lists_every_word() -> None:
    done = say("help")
    assert done.returncode == 0
    for word in ("run", "test", "check", "fix", "bench", "backup", "restore", "claim-code", "serve", "work", "migrate"):
        assert f"./ayumi {word} " in done.stdout
    assert say().stdout == say("--help").stdout == done.stdout


def test_help_and_run_leave_heavy_libraries_alone() -> None:
    heavy = ("aiohttp", "tortoise", "linebot", "arq")
    ask = f"import sys; from bot import __main__, supervisor; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=settings.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_unknown_word_is_one_sentence() -> None:
    assert_one_sentence(say("dance"), "dance", "./ayumi help")


def test_words_that_stand_alone_take_nothing_more() -> None:
    assert_one_sentence(say("migrate", "now"), "now")


@pytest.mark.parametrize("word", ["serve", "work"])
def test_production_without_its_settings_is_one_sentence(word: str) -> None:
    assert_one_sentence(say(word), "DATABASE_URL is missing")


@pytest.mark.parametrize(
    "address",
    [
        "postgres://ayumi:hunter2@127.0.0.1:1/ayumi",
        "postgres://ayumi:hunter2@no-such-host.invalid/ayumi",
        "postgres://ayumi@/ayumi?host=/nowhere",
    ],
)
def test_a_database_out_of_reach_is_one_sentence(address: str) -> None:
    done = say("migrate", DATABASE_URL=address)
    assert_one_sentence(done, "cannot be reached", "DATABASE_URL")
    assert "hunter2" not in done.stderr


def test_a_wrong_user_is_one_sentence(addresses: Addresses) -> None:
    stranger = addresses.database_url.replace("ayumi@", "stranger@", 1)
    assert_one_sentence(say("migrate", DATABASE_URL=stranger), "does not accept")


def test_a_missing_database_is_one_sentence(addresses: Addresses) -> None:
    assert_one_sentence(say("migrate", DATABASE_URL=named(addresses.database_url, "nowhere")), "does not exist")


def test_a_wrong_setting_is_one_sentence() -> None:
    assert_one_sentence(say("run", PORT="eighty"), "PORT")


def test_the_sandbox_never_plays_in_a_database_that_may_be_the_shops() -> None:
    assert_one_sentence(say("run", DATABASE_URL="postgres://u@h/ayumi"), "_sandbox")


def test_a_backup_never_overwrites(tmp_path: Path, addresses: Addresses) -> None:
    (tmp_path / "kept").write_text("precious")
    done = say("backup", str(tmp_path / "kept"), DATABASE_URL=addresses.database_url)
    assert_one_sentence(done, "exists already")
    assert (tmp_path / "kept").read_text() == "precious"

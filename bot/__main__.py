"""The words of `./ayumi`: python -m bot WORD."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

HELP = """\
Ayumi: LINE marketing automation, run from a chat group of staff.

  ./ayumi run               everything on this machine: database, queue, server, worker;
                            without LINE's credentials also a simulator of LINE to play with
  ./ayumi test [--faults] [...]  all tests (the rest goes to pytest)
  ./ayumi check             format, lint, types, import rules, dependencies, migrations, lock
  ./ayumi fix               mends what can be mended by machine
  ./ayumi bench NAME        measures: webhook, events, steps, segments, commands, start
  ./ayumi backup FILE       the whole database and all media into one new file
  ./ayumi restore FILE      and back; sending stays stopped until staff start it
  ./ayumi claim-code        a one-time code that makes a LINE group the staff's group

For production, on a database and a queue of your own (DATABASE_URL, REDIS_URL):
  ./ayumi serve             the web server            (as many as you like)
  ./ayumi work              the worker                (as many as you like)
  ./ayumi migrate           brings the database up to date

Settings come from the environment or from .env; the README lists them.
"""


class Misused(Exception):
    """The words after ./ayumi make no sense; the message is a sentence."""


def run(arguments: list[str]) -> int:
    _none(arguments)
    from bot import settings, supervisor

    return supervisor.run(settings.load())


def serve(arguments: list[str]) -> int:
    _none(arguments)
    import asyncio

    from bot import log, settings

    given = settings.load()
    settings.require_production(given)
    log.configure(given.log_level)
    from bot import server

    asyncio.run(server.serve(given))
    return 0


def work(arguments: list[str]) -> int:
    _none(arguments)
    import asyncio

    from bot import log, settings

    given = settings.load()
    settings.require_production(given)
    log.configure(given.log_level)
    from bot import work as work_room

    asyncio.run(work_room.work(given))
    return 0


def migrate(arguments: list[str]) -> int:
    _none(arguments)
    import asyncio

    from bot import installation, settings
    from storage import database

    with installation.database(settings.load(), _say) as given:
        asyncio.run(database.migrate(given.database_url))
    return 0


def claim_code(arguments: list[str]) -> int:
    """`--if-unowned` is said by `run`: it prints nothing once there is an owner."""
    unasked = arguments == ["--if-unowned"]
    if not unasked:
        _none(arguments)
    import asyncio

    from bot import claim, installation, settings

    with installation.database(settings.load(), _say) as given:
        code = asyncio.run(claim.new_code(given.database_url, only_if_unowned=unasked))
    if code is not None:
        _say(f"Claim code: {code}   (once, within ten minutes)")
        _say(f"Invite the account into the staff's LINE group and say there: 登録 {code}")
    return 0


def backup(arguments: list[str]) -> int:
    from bot import backup as backup_room
    from bot import installation, settings

    file = _file(arguments)
    with installation.database(settings.load(), _say) as given:
        backup_room.backup(given.database_url, given.media_dir, file)
    _say(f"The database and all media are in {file}. Keep SECRET_KEY (or .ayumi/secret_key) with it.")
    return 0


def restore(arguments: list[str]) -> int:
    from bot import backup as backup_room
    from bot import installation, settings

    file = _file(arguments)
    with installation.database(settings.load(), _say) as given:
        (settings.HOME / installation.MIGRATED).unlink(missing_ok=True)
        backup_room.restore(given.database_url, given.media_dir, file)
    _say(f"The database is as it was in {file}. Sending is stopped until staff start it.")
    return 0


def test(arguments: list[str]) -> int:
    from bot import testing

    return testing.test(arguments)


def bench(arguments: list[str]) -> int:
    from bot import testing

    return testing.bench(arguments)


def check(arguments: list[str]) -> int:
    _none(arguments)
    from bot import checks

    return checks.check()


def fix(arguments: list[str]) -> int:
    _none(arguments)
    from bot import checks

    return checks.fix()


def show_help(_: list[str]) -> int:
    _say(HELP)
    return 0


WORDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "serve": serve,
    "work": work,
    "migrate": migrate,
    "claim-code": claim_code,
    "backup": backup,
    "restore": restore,
    "test": test,
    "bench": bench,
    "check": check,
    "fix": fix,
    "help": show_help,
}


def main(arguments: list[str]) -> int:
    """Do what the words say; what went wrong outside of us is told in one sentence."""
    word, *rest = arguments or ["help"]
    if word in ("-h", "--help"):
        word = "help"
    sys.excepthook = _tell
    if word not in WORDS:
        raise Misused(f"Ayumi does not know the word {word}: ./ayumi help lists them all.")
    return WORDS[word](rest)


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Trouble outside of us is one sentence; a bug of ours keeps its traceback."""
    from bot import trouble

    sentence = str(error) if isinstance(error, Misused) else trouble.sentence(error)
    if sentence is not None:
        print(sentence, file=sys.stderr)
    elif not isinstance(error, KeyboardInterrupt | BrokenPipeError):
        sys.__excepthook__(kind, error, trace)


def _none(arguments: list[str]) -> None:
    if arguments:
        raise Misused(f"Nothing can follow this word, and {arguments[0]} does: ./ayumi help lists the words.")


def _file(arguments: list[str]) -> Path:
    if len(arguments) != 1:
        raise Misused("Give the name of one file.")
    return Path(arguments[0]).absolute()


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Laws of the whole house that can be seen in its text, and the list of all laws with their tests (docs/laws.md)."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("bot", "liff", "admin_commands", "jobs", "storage")

PORCHES = {
    "admin_commands/action_sets/trying.py",  # a savepoint inside the lane's transaction that is always rolled back
    "admin_commands/turns.py",  # a savepoint inside the lane's transaction: a command that is refused leaves nothing
    "bot/claim.py",
    "bot/insight.py",
    "bot/lanes.py",
    "bot/media/copying.py",
    "bot/wiring.py",
    "bot/work.py",
    "jobs/broadcasts.py",
    "jobs/delivery/sender.py",
    "jobs/due.py",
    "jobs/operations.py",
    "liff/arrivals.py",  # somebody's coming in: the token is spent, LINE asked in between, the friend written
    "liff/forms.py",  # somebody's answers or upload
    "storage/database.py",
}
BROAD = {
    "bot/lanes.py",  # a chat's lane
    "bot/links.py",  # asks whether the database is to blame, and raises everything else again
    "bot/server.py",  # the last words of a process that cannot start
    "bot/wiring.py",
    "jobs/broadcasts.py",  # a run that cannot begin, left to staff
    "jobs/delivery/sender.py",  # an outbox row
    "jobs/due.py",  # a set of due steps, to be halved
    "jobs/operations.py",  # a chunk, to be halved
    "jobs/worker.py",  # an arq job, and the worker's own loop
    "liff/reception.py",  # the same as bot/links.py, for every page and deed
    "storage/database.py",  # asks whether the database is to blame, and raises everything else again
}


def sources(*floors: str) -> Iterator[tuple[str, ast.Module]]:
    for floor in floors:
        yield from _parsed(floor)


@cache
def _parsed(floor: str) -> list[tuple[str, ast.Module]]:
    paths = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / floor).rglob("*.py"))}
    return [(name, ast.parse(path.read_text(), name)) for name, path in paths.items() if "/migrations/" not in name]


def called(tree: ast.AST) -> Iterator[str]:
    """Every call as it is written: `database.repeated`, `datetime.now`, ..."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_every_law_names_tests_that_exist() -> None:
    listed = re.findall(r"`(test_\w+)`", (ROOT / "docs/laws.md").read_text())
    known = {
        node.name
        for _, tree in sources("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(listed) > 80
    assert [name for name in listed if name not in known] == []


def test_only_porches_open_a_transaction() -> None:
    opening = re.compile(r"(database\.)?(repeated|transaction)|in_transaction")
    found = {name for name, tree in sources(*FLOORS) if any(opening.fullmatch(one) for one in called(tree))}
    assert found == PORCHES


def test_broad_except_stands_at_named_doors_only() -> None:
    found = {
        name
        for name, tree in sources(*FLOORS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    }
    assert found == BROAD


def test_only_the_clock_asks_what_time_it_is() -> None:
    """Business time comes from the database; leases, pauses and rates go by SQL's now() and time.monotonic."""
    asking = re.compile(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)")
    found = {name for name, tree in sources(*FLOORS) for one in called(tree) if asking.fullmatch(one)}
    assert found == set()


def test_verbs_and_nouns_speak_to_line_through_its_port_only() -> None:
    outside = ("aiohttp", "linebot", "http.", "urllib.request", "socket")
    found = {
        name
        for name, tree in sources("jobs", "storage", "admin_commands")
        for one in imported(tree)
        if one.startswith(outside)
    }
    assert found == set()
    holding = {
        name
        for name, tree in sources("jobs", "storage", "admin_commands")
        if any(one in ("jobs.ports", "jobs.ports.Line") for one in imported(tree))
    }
    assert {name for name in holding if not name.startswith("jobs/delivery/")} == set()


def test_nothing_is_registered_by_looking_into_folders() -> None:
    looking = re.compile(
        r"pkgutil\..*|importlib\.import_module|import_module|__import__|.*\.__subclasses__|.*\.iter_modules"
    )
    found = {name for name, tree in sources(*FLOORS) for one in called(tree) if looking.fullmatch(one)}
    assert found == set()


def test_no_test_puts_a_double_in_the_place_of_ours() -> None:
    """Numbers written in capitals may be made small for a test, and Python's own streams caught; nothing else."""
    doubles = {
        name for name, tree in sources("tests") for one in imported(tree) if one.startswith(("unittest.mock", "mock"))
    }
    assert doubles == set()
    replaced = [
        ast.unparse(node)
        for _, tree in sources("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr"
        if ast.unparse(node.func) == "monkeypatch.setattr"
        if not (len(node.args) == 3 and isinstance(node.args[1], ast.Constant) and str(node.args[1].value).isupper())
        if ast.unparse(node.args[0]) != "'sys.stderr'"
    ]
    assert replaced == []


# What staff's commands ask of storage about friends without saying whom they may see, and why that betrays nobody.
BEYOND_SIGHT = {
    "storage/changes.py": {"friends_of", "reached"},  # 取消 asks whom it would touch, and then whether all are seen
    "storage/delayed.py": {"doubted"},  # how many wait for managers after a restore
    "storage/friends.py": {"of_user"},  # who asks, or who is asked after in the next line
    "storage/media/__init__.py": {"former_uses"},  # whether anybody is still to see it, not who or how many
    "storage/operations.py": {"doubted", "stop"},  # as above; 取消, behind the same question
    "storage/parked.py": {"count", "page", "these"},  # commands for those who see all (`Command.whole`)
    "storage/scenarios/aside.py": {"doubted", "trust"},  # managers' deeds
    "storage/scenarios/entries.py": {"begun"},  # whether a scenario is full, not who has begun it
    "storage/setup.py": {"standing"},  # whether there is a test friend at all
}
OF_FRIENDS = re.compile(
    r"\b(FROM|JOIN|UPDATE|INTO)\s+(friends|friend_tags|subscriptions|deliveries|operation_friends|delayed_actions)\b"
)
GIVEN_FRIENDS = {"sight", "friend_id", "friends", "friend_ids", "ids"}  # those who are given have been found in sight


def texts(tree: ast.AST) -> str:
    return " ".join(one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def of_storage(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a room of staff's door takes from storage: the room, and the name in it."""
    rooms = {
        one.asname or one.name: f"storage/{one.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "storage"
        for one in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rooms:
            yield rooms[node.value.id], node.attr


def test_staff_look_at_friends_in_their_sight_only() -> None:
    """Whatever a command asks about friends takes `sight`, or friends who were found by what takes it."""
    assert [name for name, tree in sources("admin_commands") if OF_FRIENDS.search(texts(tree))] == []
    taken = {one for _, tree in sources("admin_commands") for one in of_storage(tree)}
    blind: dict[str, set[str]] = {}
    seeing = 0
    for name, tree in sources("storage"):
        constants = {
            target.id: texts(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in tree.body:
            if not isinstance(node, ast.AsyncFunctionDef):
                continue
            own = [texts(node), *(constants.get(one.id, "") for one in ast.walk(node) if isinstance(one, ast.Name))]
            room = name.removesuffix(".py")
            asked = any(attr == node.name and (room == one or room.startswith(f"{one}/")) for one, attr in taken)
            if not asked or not OF_FRIENDS.search(" ".join(own)):
                continue
            arguments = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
            if arguments & GIVEN_FRIENDS:
                seeing += 1
            else:
                blind.setdefault(name, set()).add(node.name)
    assert seeing > 20
    assert blind == BEYOND_SIGHT

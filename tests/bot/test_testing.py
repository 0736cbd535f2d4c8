"""`./ayumi test` itself: what it says and does when there is no browser."""

from pathlib import Path

import pytest

from bot import node, settings, testing

TESTS = """
import pytest

@pytest.mark.browser
def test_it_looks_nice(): ...

def test_it_adds(): ...
"""


@pytest.fixture
def no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without browser, apt-get and network; and a file with two tests."""
    monkeypatch.setattr(testing, "BROWSERS", ())
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:1")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    (tmp_path / "test_two.py").write_text(TESTS)
    return tmp_path / "test_two.py"


def test_it_names_the_tests_that_did_not_run_and_goes_well_outside_of_ci(
    no_browser: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "false")
    assert testing.test([str(no_browser), "-n0", "-q"]) == 0
    said = capfd.readouterr().out
    assert "1 passed, 1 deselected" in said
    closing = said[said.index("No browser was found") :]
    assert "Tests that did not run: 1\n" in closing
    assert "test_it_looks_nice" in closing
    assert "test_it_adds" not in closing


def test_a_browser_that_does_not_run_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(settings.Wrong, match="does not run"):
        testing.test([])


NODE_TESTS = """
import pytest

@pytest.mark.node
def test_it_speaks_node(): ...

def test_it_adds(): ...
"""


@pytest.fixture
def two_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of two tests needs Node, and what the lock names is not installed."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "package.json").write_text('{"name": "a", "version": "1.0.0", "private": true}')
    lock = '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": {}}}'
    (programs / "package-lock.json").write_text(lock)
    monkeypatch.setattr(node, "PROGRAMS", programs)
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = node\n")
    (tmp_path / "test_two.py").write_text(NODE_TESTS)
    return tmp_path / "test_two.py"


def test_it_says_which_tests_lacked_node_and_in_ci_that_is_a_failure(
    two_tests: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(two_tests.parent))
    monkeypatch.setenv("CI", "true")
    assert testing.test([str(two_tests), "-n0"]) == 1
    said = capfd.readouterr().out
    assert "1 passed, 1 deselected" in said
    closing = said[said.index("Node 20 or newer") :]
    assert "Tests that did not run: 1\n" in closing
    assert "test_it_speaks_node" in closing
    assert "test_it_adds" not in closing


@pytest.mark.node
def test_it_installs_what_the_lock_names(two_tests: Path) -> None:
    assert not node.installed()
    assert node.install()
    assert node.installed()
    (node.PROGRAMS / "package-lock.json").write_text("no lock")
    assert not node.installed()
    assert not node.install()


def test_tests_get_a_database_and_a_queue(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AYUMI_TEST_DATABASE_URL", raising=False)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_one.py").write_text(
        "import os\ndef test_it():\n"
        "    assert os.environ['AYUMI_TEST_DATABASE_URL'].startswith('postgres://')\n"
        "    assert os.environ['AYUMI_TEST_REDIS_URL'].startswith('unix://')\n"
        "    assert os.environ['AYUMI_TEST_EVERY_FAULT'] == '1'\n"
    )
    assert testing.test([str(tmp_path), "-n0", "--faults"]) == 0
    assert "1 passed" in capfd.readouterr().out


def test_an_unknown_measurement_is_one_sentence() -> None:
    with pytest.raises(settings.Wrong, match="Name what to measure"):
        testing.bench(["../../etc/passwd"])

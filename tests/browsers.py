"""A real browser for tests: one Chromium per test process, and in it a fresh visitor per test."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, async_playwright

NAMES = ("/usr/bin/chromium", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-port=0",
)
DESKTOP = {"width": 1280, "height": 800}
START_SECONDS = 30.0


@contextmanager
def chromium() -> Iterator[str]:
    """The address at which a Chromium of our own is steered; it ends with the block."""
    profile = Path(tempfile.mkdtemp(prefix="ayumi-browser-"))
    command = [found(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port(process, profile / 'DevToolsActivePort')}"
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(profile, ignore_errors=True)


def found() -> str:
    """The Chromium that `./ayumi test` chose, or one that is installed."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        path = shutil.which(name) if name else None
        if path:
            return path
    raise RuntimeError("no Chromium is installed: install it, or name one in CHROMIUM")


def port(process: "subprocess.Popen[bytes]", told: Path) -> int:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"Chromium ended with {process.returncode}")
        lines = told.read_text().split("\n") if told.exists() else []
        if len(lines) > 1:
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError(f"Chromium did not start within {START_SECONDS} s")


@asynccontextmanager
async def visitor(address: str, **options: Any) -> AsyncIterator[BrowserContext]:
    """A browser window of somebody who has never been here. options: playwright's, as color_scheme or viewport."""
    async with async_playwright() as played:
        browser = await played.chromium.connect_over_cdp(address)
        try:
            yield await browser.new_context(**{"viewport": DESKTOP, "locale": "ja-JP", **options})
        finally:
            await browser.close()

"""`./ayumi bench start`: the second `run` until it answers, and the memory of server and worker at rest."""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot import embedded
from bot.embedded import place as places
from bot.embedded import process
from tests.house import House

ROUNDS = 5
REST = 5.0  # seconds after which a process counts as at rest


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ayumi-bench-") as folder:
        house = House(Path(folder) / "ayumi")
        try:
            measure(house, Path(folder) / "reference")
        finally:
            house.remove()
            shutil.rmtree(places.prepare(Path(folder) / "reference").sockets, ignore_errors=True)
    return 0


def measure(house: House, reference: Path) -> None:
    began = time.monotonic()
    house.start()
    print(f"first start          {time.monotonic() - began:6.2f} s   (makes the database)")
    house.end()
    embedded.start(reference).stop()
    ours, stores = [], []
    for _ in range(ROUNDS):
        stores.append(reference_start(reference))
        began = time.monotonic()
        house.start()
        ours.append(time.monotonic() - began)
        pids = house.pids()
        if len(ours) < ROUNDS:
            house.end()
    median, reference_median = statistics.median(ours), statistics.median(stores)
    print(f"second start         {median:6.2f} s   goal <= 3 s   (rounds: {', '.join(f'{one:.2f}' for one in ours)})")
    print(f"PostgreSQL, Valkey   {reference_median:6.2f} s   alone; ratio {median / reference_median:.1f}")
    time.sleep(REST)
    for name in ("server", "worker"):
        print(f"{name} at rest       {memory(pids[name]):6.1f} MB  goal <= 80 MB")
    house.end()


def reference_start(folder: Path) -> float:
    began = time.monotonic()
    servers = embedded.start(folder)
    taken = time.monotonic() - began
    servers.stop()
    return taken


def memory(pid: int) -> float:
    """Resident memory in MB."""
    if process.LINUX:
        status = Path(f"/proc/{pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000
    return int(process.ps(pid, "rss")) / 1000


if __name__ == "__main__":
    sys.exit(main())

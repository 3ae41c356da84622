"""Time whole processes: the bundled main job and ``kocsem --help``.

From the start of the process to its end, imports included, median of the runs.
Run: python benchmarks/main_job.py [--runs 5]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KOCSEM = [sys.executable, "-c", "from kocsem.cli.main import main; main()"]


def seconds(arguments: list[str]) -> float:
    """Return the wall-clock seconds of one process."""
    start = time.perf_counter()
    subprocess.run([*KOCSEM, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        jobs = {
            "kocsem --help": lambda i: seconds(["--help"]),
            "kocsem run": lambda i: seconds(
                ["run", "--out", str(Path(folder) / str(i))]
            ),
        }
        for name, job in jobs.items():
            times = [job(i) for i in range(runs)]
            low, middle, high = min(times), statistics.median(times), max(times)
            print(f"{name:<16}{middle:7.2f} s   ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()

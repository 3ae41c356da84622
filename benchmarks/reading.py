"""Measure reading, coding and screening a hundred thousand answers in 80 columns.

The demo responses of the core instrument are repeated and filled up with columns that
answer no question, and written as CSV and as XLSX with numbers or with text. Each file
is read in a process of its own: CPU and wall-clock seconds without loading the program,
and the peak of resident memory with the program and all. Fails above its bounds.
Run: python benchmarks/reading.py [--write]
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from timing import ONE_THREAD, machine, once

os.environ.update(ONE_THREAD)

import numpy as np
from openpyxl import Workbook
from page import table, write

from kocsem.data.read.responses import read_responses
from kocsem.data.screening.screen import screen
from kocsem.instrument.bundled import bundled
from kocsem.instrument.load import load_instrument

ROWS, COLUMNS = 100_000, 80
MEGABYTE = 2**20
BOUND = {"CSV": 5.0, "XLSX, numbers": 40.0, "XLSX, text": 40.0}  # CPU seconds
MOST_MEMORY = 1000  # MB


def answers() -> Iterator[list[str]]:
    """Give the header and the rows, each from an address of its own."""
    with bundled("koc_core_demo.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    number, origin = head.index("序号"), head.index("来自IP")
    more = COLUMNS - len(head)
    draw = np.random.default_rng(1)
    yield head + [f"{100 + k}、其他题{k}" for k in range(more)]
    for place in range(ROWS):
        row = list(rows[place % len(rows)])
        row[number] = str(place + 1)
        row[origin] = f"10.{place >> 16}.{place >> 8 & 255}.{place & 255}(广东-广州)"
        yield row + [str(answer) for answer in draw.integers(1, 6, more)]


def write_csv(file: Path) -> None:
    """Write a text with separators."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(answers())


def write_xlsx(file: Path, *, numbers: bool) -> None:
    """Write a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in answers():
        sheet.append(
            [int(cell) if numbers and cell.isdigit() else cell for cell in row]
        )
    book.save(file)


def read(file: str) -> dict[str, float]:
    """Read, code and screen a file in this process."""
    koc = load_instrument("koc_core")
    received: list[int] = []

    def job() -> None:
        sheets = screen(read_responses(file, koc), koc)
        received.append(len(sheets.kept.answers) + len(sheets.dropped))

    time = once(job)
    if received != [ROWS]:
        raise SystemExit(f"{file}: {received[0]} rows were read.")
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"cpu": time.cpu, "wall": time.wall, "peak": peak / MEGABYTE}


def apart(file: Path) -> dict[str, float]:
    """Read a file in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--one", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the table; fail where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="to docs/performance.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(read(chosen.one)))
        return
    rows, failed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, bound in BOUND.items():
            file = Path(folder) / f"answers.{name[:4].rstrip(',').lower()}"
            if name == "CSV":
                write_csv(file)
            else:
                write_xlsx(file, numbers=name.endswith("numbers"))
            found = apart(file)
            times = [f"{found[key]:.1f}" for key in ("cpu", "wall")]
            size = f"{file.stat().st_size / MEGABYTE:.0f}"
            rows.append([name, size, *times, f"{found['peak']:,.0f}", f"{bound:.0f}"])
            if found["cpu"] > bound or found["peak"] > MOST_MEMORY:
                failed.append(f"{name}: {found['cpu']:.1f} s, {found['peak']:,.0f} MB.")
    head = ["file", "file MB", "CPU s", "wall s", "peak MB", "bound, CPU s"]
    text = f"{machine()}.\n\n{table(head, rows)}"
    print(text)
    if chosen.write:
        write("reading", text)
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()

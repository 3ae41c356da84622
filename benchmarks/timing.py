"""Medians of wall-clock and CPU time, and what a page must say about the machine.

CPU time is what a process itself has used; unlike wall-clock time it hardly depends on
what else the machine is doing.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: Before numpy is loaded: on matrices of this size threads wait for each other.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
LIBRARIES = ("numpy", "scipy", "pandas")


@dataclass(frozen=True)
class Time:
    """Seconds of one run, or the median of several."""

    cpu: float
    wall: float


def once(job: Callable[[], Any]) -> Time:
    """Time one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return Time(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def median(times: Iterable[Time]) -> Time:
    """Take the medians of wall-clock and CPU time."""
    found = list(times)
    return Time(
        wall=statistics.median(time.wall for time in found),
        cpu=statistics.median(time.cpu for time in found),
    )


def machine() -> str:
    """Describe the machine and the versions in one sentence."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    """Name the processor."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor()

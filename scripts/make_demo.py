"""Make surveys/*_demo.csv: synthetic answers to the instruments beside them.

In: the names of instruments; all when there is none. Out: a file for each, in the
layout of a 问卷星 export, drawn from a known population and then spoilt in known ways,
so that screening and estimation can be held against the truth.
Run: python scripts/make_demo.py [koc_core ...]
"""

import argparse
from pathlib import Path

from demo import koc_core, koc_extended, koc_kol
from demo.wenjuanxing import file_name, make_csv

SURVEYS = Path(__file__).resolve().parents[1] / "surveys"
DEMOS = {
    demo.instrument: demo
    for demo in (
        koc_core.DEMO,
        koc_extended.LONG,
        koc_extended.SHORT,
        koc_kol.BETWEEN,
        koc_kol.WITHIN,
    )
}


def main() -> None:
    """Write the files that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(DEMOS))
    names = parser.parse_args().names
    if unknown := [name for name in names if name not in DEMOS]:
        parser.error(f"no demo answers for {', '.join(unknown)}")
    for name in names or DEMOS:
        target = SURVEYS / file_name(DEMOS[name])
        target.write_bytes(make_csv(DEMOS[name]))
        print(f"wrote {target}")


if __name__ == "__main__":
    main()

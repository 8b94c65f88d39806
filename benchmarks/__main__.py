"""`python -m benchmarks [NAME...] [--quick]`: measures, prints and stores the figures; 1 when a bound does not hold."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from benchmarks import report, servers
from benchmarks.measuring import Figure, Sizes

GROUPS = (
    "roll_up",
    "edit",
    "copying",
    "page",
    "pages",
    "history",
    "grid",
    "dashboard",
    "workbook",
    "api",
    "pools",
    "stress",
    "imports",
    "up",
)


def main() -> int:
    """Runs the groups named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(GROUPS)}; all when left out"
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes, nothing stored")
    options = parser.parse_args()
    unknown = set(options.names) - set(GROUPS)
    if unknown:
        parser.error(f"no figures are named {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    names = options.names or list(GROUPS)
    sizes = Sizes.quick() if options.quick else Sizes()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("Stopped."))  # and stop the servers
    with servers.running():
        figures = [figure for name in names for figure in _measure(name, sizes)]
        machine = report.describe_machine()
    print(report.format_table(figures))
    if not options.quick and not options.names:
        print(f"\nWritten to {report.store(figures, machine)}")
    return 0 if all(figure.holds for figure in figures) else 1


def _measure(name: str, sizes: Sizes) -> list[Figure]:
    """Imported here, since the modules need Django set up on running servers."""
    print(f"{name} …", file=sys.stderr, flush=True)
    figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").measure(sizes)
    print(report.format_table(figures), file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())

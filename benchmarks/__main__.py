"""Measures SensorChain and says whether it is as fast as it must be.

python -m benchmarks            a table, after some minutes; needs 4 GB of disk
python -m benchmarks --json     the same as a list of JSON objects
python -m benchmarks --quick    fewer leaves and rounds, in seconds: no figure to quote
"""

import argparse
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from . import appending, bundles, event_loop, large_log, load, proofs
from .common import FULL, QUICK
from .figure import Figure

BENCHMARKS = (appending, event_loop, load, proofs, bundles, large_log)


def main() -> None:
    """Run every benchmark, and print what was measured."""
    parser = argparse.ArgumentParser(description="Measure SensorChain.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quick", action="store_true", help="measure less")
    parser.add_argument(
        "--folder", type=Path, help="where the logs are made for a while"
    )
    options = parser.parse_args()
    scale = QUICK if options.quick else FULL
    table = sys.stderr if options.json else sys.stdout
    figures = []
    with TemporaryDirectory(dir=options.folder) as folder:
        for benchmark in BENCHMARKS:
            for figure in benchmark.measure(scale, Path(folder)):
                print(line(figure), file=table, flush=True)
                figures.append(figure)
    if options.json:
        objects = [figure.to_json() for figure in figures]
        print(json.dumps(objects, indent=2, ensure_ascii=False))


def line(figure: Figure) -> str:
    """Return the row of a figure."""
    verdict = "ok" if figure.ok else "MISSED"
    return f"{verdict:<7}{figure.name:<70}{figure.value:>10.3f} {figure.unit} (must be {figure.must})"


if __name__ == "__main__":
    main()

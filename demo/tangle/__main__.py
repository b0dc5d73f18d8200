"""Run a private Tangle: `python -m demo.tangle --port 14265 --database tangle.db`."""

import argparse
from contextlib import AbstractAsyncContextManager

from demo.command_line import CommandLine, Server


def _tangle(arguments: argparse.Namespace) -> AbstractAsyncContextManager[Server]:
    """Return the Tangle."""
    from .private_tangle import PrivateTangle

    return PrivateTangle(**vars(arguments))


def main() -> None:
    """Read the command line and run."""
    line = CommandLine("demo.tangle", __doc__, 14265, "--database", "SQLite")
    line.add_interval("--milestone-interval", float, 5, "; 0: only the first milestone")
    line.add_argument(
        "--minimum-weight-magnitude",
        type=int,
        choices=range(1, 82),
        default=9,
        metavar="TRITS",
        help="default %(default)s",
    )
    line.run(_tangle)


if __name__ == "__main__":
    main()

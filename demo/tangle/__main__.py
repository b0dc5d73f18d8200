"""Run a private Tangle: `python -m demo.tangle --port 14265 --database tangle.db`."""

import argparse
import asyncio
import logging
from pathlib import Path
import signal

from custom_components.standalone import leave_out_home_assistant


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.tangle", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="default %(default)s")
    parser.add_argument(
        "--port", type=int, default=14265, help="default %(default)s; 0: a free one"
    )
    parser.add_argument(
        "--database",
        type=Path,
        required=True,
        help="SQLite file, made if it is not there",
    )
    parser.add_argument(
        "--milestone-interval",
        type=float,
        default=5,
        metavar="SECONDS",
        help="default %(default)s; 0: only the first milestone",
    )
    parser.add_argument(
        "--minimum-weight-magnitude",
        type=int,
        choices=range(1, 82),
        default=9,
        metavar="TRITS",
        help="default %(default)s",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    """Run until SIGINT or SIGTERM."""
    from .private_tangle import PrivateTangle

    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with PrivateTangle(**vars(arguments)) as tangle:
        print(f"listening on {tangle.url}", flush=True)
        await over.wait()


def main() -> None:
    """Read the command line and run."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO)
    leave_out_home_assistant()
    asyncio.run(_run(arguments))


if __name__ == "__main__":
    main()

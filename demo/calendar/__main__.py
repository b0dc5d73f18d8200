"""Run calendars with a chain of their own: `python -m demo.calendar --port 14788 --database calendar.db`."""

import argparse
import asyncio
import logging
from pathlib import Path
import signal

from custom_components.standalone import leave_out_home_assistant


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.calendar", description=__doc__
    )
    parser.add_argument("--host", default="127.0.0.1", help="default %(default)s")
    parser.add_argument(
        "--port", type=int, default=14788, help="default %(default)s; 0: a free one"
    )
    parser.add_argument(
        "--database",
        type=Path,
        required=True,
        help="SQLite file, made if it is not there",
    )
    parser.add_argument(
        "--block-interval",
        type=float,
        default=5,
        metavar="SECONDS",
        help="default %(default)s; 0: only the first block",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    """Run until SIGINT or SIGTERM."""
    from .server import DemoCalendars

    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with DemoCalendars(**vars(arguments)) as calendars:
        print(f"listening on {calendars.url}", flush=True)
        await over.wait()


def main() -> None:
    """Read the command line and run."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO)
    leave_out_home_assistant()
    asyncio.run(_run(arguments))


if __name__ == "__main__":
    main()

"""Run a private IOTA network: `python -m demo.iota --port 9000 --state iota.db`."""

import argparse
import asyncio
from pathlib import Path
import signal

from custom_components.standalone import leave_out_home_assistant


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.iota", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="default %(default)s")
    parser.add_argument(
        "--port", type=int, default=9000, help="default %(default)s; 0: a free one"
    )
    parser.add_argument(
        "--state", type=Path, required=True, help="SQLite file, made if it is not there"
    )
    parser.add_argument(
        "--checkpoint-interval",
        type=float,
        default=0.5,
        metavar="SECONDS",
        help="default %(default)s",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    """Run until SIGINT or SIGTERM."""
    from .private_iota import PrivateIota

    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with PrivateIota(**vars(arguments)) as iota:
        print(f"listening on {iota.url}", flush=True)
        await over.wait()


def main() -> None:
    """Read the command line and run."""
    arguments = _arguments()
    leave_out_home_assistant()
    asyncio.run(_run(arguments))


if __name__ == "__main__":
    main()

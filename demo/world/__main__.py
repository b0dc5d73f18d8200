"""Run the demo world: `scripts/develop`."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
import json
import os
from pathlib import Path
import signal
import sys
from tempfile import TemporaryDirectory

from custom_components.standalone import leave_out_home_assistant
from demo.evm.anvil import NoAnvilError, find

from .errors import WorldError
from .folder import Folder
from .furnish import DASHBOARD_URL, TEMPERATURES
from .ledgers import EVM, IOTA, LEDGERS, LocalLedger
from .ports import HOME_ASSISTANT_PORT, TANGLE_PORT, free_ports
from .smoke import SECONDS, read_back
from .world import LOGIN, World

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str) -> None:
    """Tell a person what is being done."""
    for line in text.splitlines():
        print(f"demo: {line}", file=sys.stderr, flush=True)


def default_folder() -> Path:
    """Return where the world is kept between two starts."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache, "sensorchain", "demo-world")


def arguments(line: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="A real Home Assistant with two virtual Bluetooth sensors, whose readings are anchored on a private Tangle, and on a chain of blocks through calendars of OpenTimestamps.",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="begin anew instead of going on with the world of the last start",
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help=f"in a new world on free ports: wait until a temperature of both sensors is confirmed, read it back from the Tangle, print it as JSON, stop; fail after {SECONDS} seconds",
    )
    parser.add_argument(
        "--evm",
        action="store_true",
        help="anchor on a private EVM chain, too; its node, anvil, is installed if need be (43 MB)",
    )
    parser.add_argument(
        "--iota",
        action="store_true",
        help="anchor on a private IOTA network, too",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=HOME_ASSISTANT_PORT,
        help="of Home Assistant; default %(default)s",
    )
    parser.add_argument(
        "--tangle-port",
        type=int,
        default=TANGLE_PORT,
        help="of the Tangle; default %(default)s; the other ledgers listen at the ports behind it",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=default_folder(),
        help="where the world is kept; default %(default)s",
    )
    return parser.parse_args(line)


def evm(given: argparse.Namespace) -> Sequence[LocalLedger]:
    """Return the EVM chain, if it is asked for; have its node installed."""
    if not given.evm:
        return ()
    say("looking for anvil, the node of the EVM chain")
    try:
        find()
    except NoAnvilError as error:
        raise WorldError(f"anvil cannot be had here: {error}") from error
    return (EVM,)


async def develop(given: argparse.Namespace) -> None:
    """Run a world until somebody stops it."""
    folder = Folder(given.folder.absolute())
    ledgers = (*LEDGERS, *evm(given), *([IOTA] if given.iota else []))
    world = World(folder, say, given.port, given.tangle_port, ledgers)
    beside = "".join(
        f"\n  {each.explorer:<15}  {each.url(given.tangle_port)}"
        for each in world.ledgers
    )
    async with world.running(fresh=given.fresh):
        print(
            f"""
  Home Assistant   {world.url}/{DASHBOARD_URL}   user {LOGIN.user}, password {LOGIN.password}
  Tangle explorer  {world.tangle}{beside}
  Kept in          {folder.path}   (begin anew with --fresh)

  Ctrl-C stops all of it.
""",
            flush=True,
        )
        await asyncio.Event().wait()


async def smoke(_given: argparse.Namespace) -> None:
    """Run a world until a temperature of both sensors is read back from the Tangle."""
    with TemporaryDirectory(prefix="sensorchain-") as folder:
        # The Tangle alone: what it confirms is read back from it.
        port, tangle_port = free_ports(2)
        world = World(Folder(Path(folder)), say, port, tangle_port, ledgers=())
        async with world.running(seconds=SECONDS) as home:
            say("waiting until a temperature of both sensors is confirmed")
            for source in TEMPERATURES:
                found = await read_back(home, world.tangle, source, say)
                print(json.dumps(found), flush=True)


async def run(given: argparse.Namespace) -> None:
    """Run what is asked for until it is done, or the first signal."""
    task = asyncio.ensure_future((smoke if given.smoke else develop)(given))

    def stop() -> None:
        if not task.cancelling():
            task.cancel()

    for number in SIGNALS:
        if number is not signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, stop)
    await task


def main() -> int:
    """Run what the command line asks for, and return the exit status."""
    # Home Assistant itself runs as a program of its own.
    leave_out_home_assistant()
    given, failures = arguments(), list[str]()
    try:
        asyncio.run(run(given))
    except* WorldError as group:
        failures = list(messages(group))
    except* asyncio.CancelledError:
        failures = ["stopped before it was done"] if given.smoke else []
    say("\n".join(failures))
    return 1 if failures else 0


def messages(error: BaseException) -> Iterator[str]:
    """Yield what each of a group of errors tells."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from messages(each)
    else:
        yield str(error)


if __name__ == "__main__":
    sys.exit(main())

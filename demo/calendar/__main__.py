"""Run calendars with a chain of their own: `python -m demo.calendar --port 14788 --database calendar.db`."""

import argparse
from contextlib import AbstractAsyncContextManager

from demo.command_line import CommandLine, Server


def _calendars(
    arguments: argparse.Namespace,
) -> AbstractAsyncContextManager[Server]:
    """Return the calendars."""
    from .server import DemoCalendars

    return DemoCalendars(**vars(arguments))


def main() -> None:
    """Read the command line and run."""
    line = CommandLine("demo.calendar", __doc__, 14788, "--database", "SQLite")
    line.add_interval("--block-interval", float, 5, "; 0: only the first block")
    line.run(_calendars)


if __name__ == "__main__":
    main()

"""Calendars and a chain on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.calendar.server import DemoCalendars
from tests.ledgers.conftest import dead_url, loopback, serve, session, transport

__all__ = ["dead_url", "loopback", "serve", "session", "transport"]


@pytest.fixture
async def calendars(tmp_path: Path, loopback: None) -> AsyncIterator[DemoCalendars]:
    """Run three calendars, whose blocks come on command."""
    async with DemoCalendars(
        database=tmp_path / "calendar.db", names=("alice", "bob", "carol")
    ) as calendars:
        yield calendars

"""Programs of the demo world end with it, whatever happens."""

from pathlib import Path
import subprocess
import sys

import pytest

from demo.world.errors import WorldError
from demo.world.program import RESTART, Program
from tests.common import eventually

from .processes import is_running

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return the file that takes what the program prints."""
    return tmp_path / "program.log"


def _shell(log: Path, script: str) -> Program:
    """Return a program that runs a line of shell."""
    return Program("The program", ["sh", "-c", script], log.parent, log)


async def _number(log: Path) -> int:
    """Return the process number that the program prints."""
    return int(await eventually(lambda: log.exists() and log.read_text().strip()))


async def test_stops_with_the_block(log: Path) -> None:
    """A program that runs on is stopped at the end of the block."""
    async with _shell(log, "echo $$; exec sleep 600").running():
        number = await _number(log)
        assert is_running(number)
    assert not is_running(number)


async def test_nothing_is_left_of_it(log: Path) -> None:
    """What the program started and did not stop is stopped too."""
    async with _shell(log, "sleep 600 & echo $!; wait").running():
        number = await _number(log)
    await eventually(lambda: not is_running(number))


async def test_end_by_itself_breaks_the_block_off(log: Path) -> None:
    """A program that ends fails the block, and tells what it printed last."""
    program = _shell(log, "echo no such luck; exit 3")
    with pytest.RaisesGroup(pytest.RaisesExc(WorldError, match="status 3")):
        async with program.running():
            await eventually(lambda: False)
    assert program.tail().endswith("no such luck")


async def test_restarts_on_request(log: Path) -> None:
    """Home Assistant's own restart starts it again."""
    script = (
        f"test -e again || {{ touch again; exit {RESTART}; }}; echo $$; exec sleep 600"
    )
    async with _shell(log, script).running():
        assert is_running(await _number(log))


async def test_ends_when_the_world_is_killed(log: Path) -> None:
    """Not even a world that is killed leaves a program behind."""
    script = f"""
import asyncio
from pathlib import Path
from demo.world.program import Program

async def main():
    log = Path({str(log)!r})
    command = ["sh", "-c", "echo $$; exec sleep 600"]
    async with Program("The program", command, log.parent, log).running():
        await asyncio.sleep(600)

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as world:
        try:
            number = await _number(log)
        finally:
            world.kill()
    await eventually(lambda: not is_running(number))

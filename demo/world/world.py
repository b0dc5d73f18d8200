"""The world as a whole: what runs, where, in which order."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
import sys

from aiohttp import ClientError, ClientSession, WSMessageTypeError

from .errors import WorldError
from .folder import Folder
from .furnish import WEIGHT_MAGNITUDE, Furnisher
from .home_assistant import HomeAssistant, Login
from .ports import HOST, claim
from .program import Program
from .waiting import until, within

LOGIN = Login("demo", "demo")

SECONDS_TO_START_TANGLE = 60


@dataclass(frozen=True, slots=True)
class World:
    """A private Tangle and a Home Assistant; `say` tells a person what is being done."""

    folder: Folder
    say: Callable[[str], None]
    port: int
    tangle_port: int

    @property
    def url(self) -> str:
        """Where Home Assistant is."""
        return f"http://{HOST}:{self.port}"

    @property
    def tangle(self) -> str:
        """Where the node of the Tangle is, and its explorer."""
        return f"http://{HOST}:{self.tangle_port}"

    @asynccontextmanager
    async def running(
        self, *, fresh: bool = False, seconds: float | None = None
    ) -> AsyncIterator[HomeAssistant]:
        """Run both, set up; begin anew if that is wished.

        Raises WorldError, alone or in a group, also when it all takes more than `seconds`.
        """
        claim(self.port, "Home Assistant", "--port")
        claim(self.tangle_port, "the Tangle", "--tangle-port")
        if fresh:
            self.folder.clear()
        self.folder.prepare(self.port)
        programs = (self._tangle_node(), self._home_assistant())
        try:
            async with (
                ClientSession() as session,
                programs[0].running(),
                programs[1].running(),
                within(seconds, "All of it"),
            ):
                self.say("starting a private Tangle and Home Assistant")
                try:
                    yield await self._set_up(session)
                except (ClientError, WSMessageTypeError) as error:
                    raise WorldError(
                        f"Home Assistant does not answer: {error}"
                    ) from error
                finally:
                    self.say("stopping")
        except* WorldError:
            for program in programs:
                self.say(program.tail())
            raise

    async def _set_up(self, session: ClientSession) -> HomeAssistant:
        """Wait for both, and set Home Assistant up."""

        async def answers() -> bool | None:
            try:
                async with session.get(self.tangle) as response:
                    return response.ok or None
            except ClientError:
                return None

        await until(answers, "The Tangle answers", SECONDS_TO_START_TANGLE)
        async with HomeAssistant.sign_in(session, self.url, LOGIN) as home:
            await Furnisher(home, self.tangle, self.say).furnish()
        return home

    def _tangle_node(self) -> Program:
        """Return the private Tangle."""
        options = {
            "--port": self.tangle_port,
            "--database": self.folder.tangle / "tangle.db",
            "--minimum-weight-magnitude": WEIGHT_MAGNITUDE,
        }
        return Program(
            "The private Tangle",
            _module("demo.tangle", options),
            Path(__file__).parents[2],
            self.folder.tangle_log,
        )

    def _home_assistant(self) -> Program:
        """Return Home Assistant, which finds all that it needs installed."""
        options = {"--config": self.folder.home_assistant}
        return Program(
            "Home Assistant",
            [*_module("homeassistant", options), "--skip-pip", "--log-no-color"],
            self.folder.path,
            self.folder.home_assistant_log,
        )


def _module(name: str, options: Mapping[str, object]) -> list[str]:
    """Return the command that runs a Python module."""
    pairs = [(option, str(value)) for option, value in options.items()]
    return [sys.executable, "-m", name, *chain.from_iterable(pairs)]

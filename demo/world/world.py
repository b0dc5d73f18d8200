"""The world as a whole: what runs, where, in which order."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, WSMessageTypeError

from .errors import WorldError
from .folder import Folder
from .furnish import WEIGHT_MAGNITUDE, Furnisher
from .home_assistant import HomeAssistant, Login
from .ledgers import LEDGERS, REPOSITORY, LocalLedger
from .ports import HOST, claim
from .program import Program, module
from .waiting import until, within

LOGIN = Login("demo", "demo")

SECONDS_TO_START = 60


@dataclass(frozen=True, slots=True)
class World:
    """A private Tangle, other ledgers beside it, and a Home Assistant.

    `say` tells a person what is being done.
    """

    folder: Folder
    say: Callable[[str], None]
    port: int
    tangle_port: int
    ledgers: Sequence[LocalLedger] = LEDGERS

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
        """Run all of it, set up; begin anew if that is wished.

        Raises WorldError, alone or in a group, also when it all takes more than `seconds`.
        """
        claim(self.port, "Home Assistant", "--port")
        claim(self.tangle_port, "the Tangle", "--tangle-port")
        for ledger in self.ledgers:
            claim(ledger.port(self.tangle_port), ledger.name, "--tangle-port")
        if fresh:
            self.folder.clear()
        self.folder.prepare(self.port)
        programs = [self._tangle_node(), *self._beside(), self._home_assistant()]
        try:
            async with (
                ClientSession() as session,
                AsyncExitStack() as stack,
                within(seconds, "All of it"),
            ):
                self.say("starting a private Tangle and Home Assistant")
                for program in programs:
                    await stack.enter_async_context(program.running())
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
        """Wait for the ledgers, and set Home Assistant up."""
        await _answers(session, self.tangle, "The Tangle answers")
        beside = {each: each.url(self.tangle_port) for each in self.ledgers}
        for ledger, url in beside.items():
            await _answers(session, url, f"{ledger.name} answer")
        async with HomeAssistant.sign_in(session, self.url, LOGIN) as home:
            await Furnisher(home, self.tangle, beside, self.say).furnish()
        return home

    def _beside(self) -> list[Program]:
        """Return the ledgers beside the Tangle."""
        return [
            each.program(
                self.tangle_port,
                self.folder.ledger(each.kind),
                self.folder.ledger_log(each.kind),
            )
            for each in self.ledgers
        ]

    def _tangle_node(self) -> Program:
        """Return the private Tangle."""
        options = {
            "--port": self.tangle_port,
            "--database": self.folder.tangle / "tangle.db",
            "--minimum-weight-magnitude": WEIGHT_MAGNITUDE,
        }
        return Program(
            "The private Tangle",
            module("demo.tangle", options),
            REPOSITORY,
            self.folder.tangle_log,
        )

    def _home_assistant(self) -> Program:
        """Return Home Assistant, which finds all that it needs installed."""
        options = {"--config": self.folder.home_assistant}
        return Program(
            "Home Assistant",
            [*module("homeassistant", options), "--skip-pip", "--log-no-color"],
            self.folder.path,
            self.folder.home_assistant_log,
        )


async def _answers(session: ClientSession, url: str, what: str) -> None:
    """Wait until a server answers."""

    async def answer() -> bool | None:
        try:
            async with session.get(url) as response:
                return response.ok or None
        except ClientError:
            return None

    await until(answer, what, SECONDS_TO_START)

"""A house whose power can be cut: a real Home Assistant, and the wire to its ledger."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
import subprocess
from typing import Any

from aiohttp import ClientSession, web

from demo.world.folder import Folder
from demo.world.home_assistant import HomeAssistant, Login

OWNER = Login("owner", "owner-password")

CONFIGURATION = """
config:
websocket_api:
api:
logger:
  default: warning
"""


ROOT = Path(__file__).parents[2]


def real_python() -> str:
    """Return the Python of the environment that has all of Home Assistant in it."""
    setup = [ROOT / "scripts" / "setup", "demo"]
    return f"{subprocess.check_output(setup, text=True).strip()}/bin/python"


@dataclass
class House:
    """A configuration folder, and the Home Assistant that runs in it."""

    folder: Path
    port: int
    python: str
    process: Process | None = None

    def prepare(self) -> None:
        """Lay out the configuration."""
        folder = Folder(self.folder)
        folder.prepare(self.port)
        configuration = folder.home_assistant / "configuration.yaml"
        configuration.unlink()
        configuration.write_text(CONFIGURATION)

    @asynccontextmanager
    async def inhabited(self) -> AsyncIterator[HomeAssistant]:
        """Run Home Assistant and sign in; stop it in order if it still runs."""
        with (self.folder / "home-assistant.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                self.python,
                *("-m", "homeassistant", "--skip-pip", "--log-no-color", "--config"),
                self.folder / "home-assistant",
                stdout=log,
                stderr=log,
            )
        try:
            async with (
                ClientSession() as session,
                HomeAssistant.sign_in(
                    session, f"http://127.0.0.1:{self.port}", OWNER
                ) as home,
            ):
                yield home
        finally:
            if self.process.returncode is None:
                self.process.terminate()
            await self.process.wait()

    def cut_power(self) -> None:
        """Kill Home Assistant as a power cut would: nothing of it runs another step."""
        assert self.process
        self.process.kill()


@dataclass
class Wire:
    """The wire between the house and its node: it can call at a command, before or after."""

    node: Callable[[], str]
    named: str = "command"
    """The field of a question that names its command."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_answer: Callable[[dict[str, Any]], bool] = bool
    """Whether an answer is the one to call after."""
    url: str = ""
    at: tuple[str, str] | None = None
    """The command, and "before" or "after" the node has had it."""
    call: Callable[[], None] = lambda: None
    has_called: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Wire]:
        """Lay the wire."""
        async with ClientSession() as session:
            application = web.Application(client_max_size=10_000_000)
            application.router.add_post("/", self._forward(session))
            runner = web.AppRunner(application, shutdown_timeout=0)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
            await runner.cleanup()

    def _forward(
        self, session: ClientSession
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def forward(request: web.Request) -> web.Response:
            question: dict[str, Any] = await request.json()
            command = self.command(question)
            if self._calls(command, "before"):
                return web.Response(status=503)
            async with session.post(
                self.node(), json=question, headers=self.headers
            ) as answer:
                body = await answer.json()
            if self.is_answer(body):
                self._calls(command, "after")
            return web.json_response(body, status=answer.status)

        return forward

    def command(self, question: dict[str, Any]) -> str:
        """Return the command of a question."""
        return str(question[self.named])

    def _calls(self, command: str, moment: str) -> bool:
        """Call, once, when this is the command and the moment; return whether it is."""
        if self.at != (command, moment):
            return False
        self.at = None
        self.call()
        self.has_called.set()
        return True

"""Home Assistant's API, used as its frontend uses it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse

from .errors import WorldError
from .waiting import until

SECONDS_TO_START = 120

type Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """The owner of a Home Assistant."""

    user: str
    password: str


class HomeAssistant:
    """A Home Assistant that somebody has signed in to."""

    def __init__(
        self,
        session: ClientSession,
        url: str,
        token: str,
        socket: ClientWebSocketResponse,
    ) -> None:
        """Use its REST API and its websocket."""
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket = socket
        self._ids = count(1)

    @classmethod
    @asynccontextmanager
    async def sign_in(
        cls, session: ClientSession, url: str, login: Login
    ) -> AsyncIterator[HomeAssistant]:
        """Wait until a Home Assistant answers, become its owner if it has none, sign in, and wait until it is up."""
        token = await _token(session, url, login)
        async with session.ws_connect(f"{url}/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json()
            home = cls(session, url, token, socket)
            await until(home._is_running, "Home Assistant starts", SECONDS_TO_START)
            yield home

    async def get(self, path: str) -> Any:
        """Return what a GET of the REST API answers."""
        async with self._session.get(
            self._url + path, headers=self._headers
        ) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Return what a POST to the REST API answers."""
        async with self._session.post(
            self._url + path, headers=self._headers, json=body
        ) as response:
            if not response.ok:
                raise WorldError(f"{path}: {response.status} {await response.text()}")
            answer: Answer = await response.json()
            return answer

    async def command(self, kind: str, **fields: object) -> Any:
        """Return the result of a command of the websocket API."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "type": kind, **fields})
        answer = await self._socket.receive_json()
        if not answer["success"]:
            raise WorldError(f"{kind}: {answer['error']['message']}")
        return answer["result"]

    async def _is_running(self) -> bool | None:
        """Return True once it is up."""
        config = await self.command("get_config")
        return config["state"] == "RUNNING" or None


async def _token(session: ClientSession, url: str, login: Login) -> str:
    """Return an access token of the owner, who is made if there is none."""
    client = f"{url}/"

    async def has_owner() -> bool | None:
        """Return whether there is an owner, once Home Assistant answers.

        It offers to log in once there is one, and only before that to become it.
        """
        try:
            async with session.get(f"{url}/auth/providers") as response:
                if response.ok:
                    return True
            async with session.get(f"{url}/api/onboarding") as response:
                return False if response.ok else None
        except ClientError:
            return None

    known = await until(has_owner, "Home Assistant answers", SECONDS_TO_START)
    code = await (_log_in if known else _become_owner)(session, url, client, login)
    grant = {"grant_type": "authorization_code", "code": code, "client_id": client}
    async with session.post(f"{url}/auth/token", data=grant) as response:
        return str((await response.json())["access_token"])


async def _become_owner(
    session: ClientSession, url: str, client: str, login: Login
) -> str:
    """Return a code for the owner's first token."""
    person = {
        "name": login.user.capitalize(),
        "username": login.user,
        "password": login.password,
        "client_id": client,
        "language": "en",
    }
    async with session.post(f"{url}/api/onboarding/users", json=person) as response:
        return str((await response.json())["auth_code"])


async def _log_in(session: ClientSession, url: str, client: str, login: Login) -> str:
    """Return a code for another token of the owner."""
    start = {
        "client_id": client,
        "handler": ["homeassistant", None],
        "redirect_uri": client,
    }
    async with session.post(f"{url}/auth/login_flow", json=start) as response:
        flow = (await response.json())["flow_id"]
    form = {
        "username": login.user,
        "password": login.password,
        "client_id": client,
    }
    async with session.post(f"{url}/auth/login_flow/{flow}", json=form) as response:
        answer = await response.json()
    if answer.get("type") != "create_entry":
        raise WorldError(
            f"Home Assistant no longer lets {login.user} in with the password {login.password}."
            " Give the user that password again, or begin anew with --fresh."
        )
    return str(answer["result"])

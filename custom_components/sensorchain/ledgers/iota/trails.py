"""The log's own trail: made once, and then nothing but added to.

    make    the trail, named after the log, and the capability of its administrator
    seal    a capability that adds records; the administrator's is destroyed

What has been done is found by the capabilities that the account owns: after a power cut the
rest is done. A trail of another log, or one that somebody else has made under this log's
name, is never taken for it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ..ledger import LedgerRejectedError, LedgerUnavailableError, Reason
from .client import IotaClient
from .history import parsed
from .nodes import IotaNodes
from .objects import Capability, TrailState
from .payer import Purse
from .programs import ROLE, Packages, Trail, make_trail, seal_trail
from .sight import prevailing
from .transaction import ObjectRef, Program

ADMINISTRATOR = "Admin"
"""The role of whoever has made a trail (audit_trails::main, INITIAL_ADMIN_ROLE_NAME)."""

_PAUSE = timedelta(seconds=0.5)
_LOOKS = 120
"""For what was executed: with pauses between them, it is given up after a minute."""


@dataclass(frozen=True, slots=True)
class OwnTrail:
    """The log's trail, and what the account may do with it."""

    trail: Trail
    role: str
    capability: ObjectRef


class TrailMaker:
    """Makes the trail of a log."""

    def __init__(
        self, nodes: IotaNodes, purse: Purse, packages: Packages, origin: str
    ) -> None:
        """Have an account make the trail of the log with this origin."""
        self._nodes = nodes
        self._purse = purse
        self._packages = packages
        self._origin = origin

    async def make(self) -> Trail:
        """Return the trail, which is made and sealed unless it is; raises LedgerError."""
        own = await self._find()
        if own is None:
            program = make_trail(self._packages, self._purse.address, self._origin)
            own = await self._run(program, lambda _: True)
        if own.role != ROLE:
            program = seal_trail(self._packages, own.trail, own.capability)
            own = await self._run(program, lambda own: own.role == ROLE)
        return own.trail

    async def _run(
        self, program: Program, is_done: Callable[[OwnTrail], bool]
    ) -> OwnTrail:
        """Run a program; return the trail once the nodes know what has become of it."""
        effects = await self._purse.send(await self._purse.sign(program))
        if effects.problem is not None:
            problem = f"The network did not make the trail: {effects.problem}"
            raise LedgerRejectedError(Reason.REJECTED, problem)
        return await self._awaited(is_done)

    async def _awaited(self, is_done: Callable[[OwnTrail], bool]) -> OwnTrail:
        """Return the trail once the nodes know it to be as it should be."""
        for _ in range(_LOOKS):
            own = await self._find()
            if own and is_done(own):
                return own
            await asyncio.sleep(_PAUSE.total_seconds())
        problem = "The nodes do not know yet what was made of the trail"
        raise LedgerUnavailableError(Reason.OUT_OF_SYNC, problem)

    async def _find(self) -> OwnTrail | None:
        """Return the log's trail as most nodes know it, None where there is none yet."""
        return prevailing(await self._nodes.agreed(self._known))

    async def _known(self, client: IotaClient) -> OwnTrail | None:
        """Return the log's trail as a node knows it: one that is sealed, if there is one."""
        kind = str(self._packages.capability)
        found = []
        for each in await client.owned(self._purse.address, kind):
            capability = parsed(client, Capability.parse, each.contents)
            trail = await self._ours(client, capability)
            if trail:
                found.append(OwnTrail(trail, capability.role, each.reference))
        return min(
            found,
            key=lambda own: (own.role != ROLE, own.trail.object_id),
            default=None,
        )

    async def _ours(self, client: IotaClient, capability: Capability) -> Trail | None:
        """Return the trail of a capability, None where that is not the log's own."""
        if capability.role not in {ADMINISTRATOR, ROLE}:
            return None
        found = await client.object(capability.trail)
        if found is None or found.kind != str(self._packages.trail):
            return None
        state = parsed(client, TrailState.parse, found.contents)
        is_ours = (state.creator, state.name) == (self._purse.address, self._origin)
        if not is_ours or found.initial_version is None:
            return None
        return Trail(capability.trail, found.initial_version)


async def recorder(
    client: IotaClient, account: bytes, packages: Packages, trail: Trail
) -> ObjectRef | None:
    """Return the capability with which an account adds records to a trail, if it has one."""
    for each in await client.owned(account, str(packages.capability)):
        capability = parsed(client, Capability.parse, each.contents)
        if (capability.trail, capability.role) == (trail.object_id, ROLE):
            return each.reference
    if await client.object(trail.object_id) is None:
        raise client.unavailable(Reason.OUT_OF_SYNC, "does not have the log's trail")
    return None

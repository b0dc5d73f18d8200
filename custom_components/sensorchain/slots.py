"""Shares the few connections that adapters and proxies can have among many sensors.

A sensor waits for a turn, connects, and gives its slot back:

    waiting, the longest first → holding a slot → gone

Whoever waits longest goes first, wherever an adapter or proxy that hears it has a slot
left. A sensor that stays connected keeps its slot only as long as nobody waits in vain:
when another one has waited for PATIENCE, the one that has been connected the longest
lets go, and joins the end of the queue. So nobody waits for ever, whatever the others do.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import math
from typing import Final

from habluetooth import BaseHaScanner, get_manager

from homeassistant.components import bluetooth
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

PATIENCE: Final = 60.0
"""Seconds that a sensor waits before one that stays connected makes room for it.

One that stays connected is left alone for as long, once it has its slot.
"""

LOOK_AGAIN: Final = 1.0
"""Seconds between two looks at who is waiting, beside the news of adapters."""

type GiveWay = Callable[[], None]


@dataclass(slots=True, eq=False)
class Turn:
    """A sensor's claim on one connection slot; times are by the event loop's clock."""

    address: str
    waiting_since: float
    granted: asyncio.Future[None]
    holding_since: float = math.inf
    sources: frozenset[str] = frozenset()
    """The adapters and proxies that heard it when it got its slot."""
    connected: bool = False
    """Whether the adapter's own count of free slots knows of it by now."""
    give_way: GiveWay | None = None
    """Called when others have waited too long; None: it will be gone soon anyway."""
    leaving: bool = False
    """Whether it has been told to give way."""


class SlotQueue:
    """Who waits for a connection slot, and who holds one."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nobody waiting."""
        self._hass = hass
        self._waiting: list[Turn] = []
        self._holding: list[Turn] = []
        self._places: dict[str, float] = {}
        """Since when those wait who have not had a turn yet, by address."""
        self._timer: asyncio.TimerHandle | None = None
        self._unsubscribe: CALLBACK_TYPE | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """The addresses of the sensors that wait, the next one first."""
        return tuple(turn.address for turn in self._in_order())

    @property
    def holding(self) -> tuple[str, ...]:
        """The addresses of the sensors that have a slot, connected or connecting."""
        return tuple(turn.address for turn in self._holding)

    async def wait(self, address: str) -> Turn:
        """Return the turn of a sensor, once it has one.

        Who gives up waiting keeps its place in the queue until it comes back.
        """
        loop = self._hass.loop
        since = self._places.setdefault(address, loop.time())
        turn = Turn(address, since, loop.create_future())
        self._waiting.append(turn)
        self._serve()
        try:
            await turn.granted
        except BaseException:
            self.release(turn, served=False)
            raise
        return turn

    @callback
    def release(self, turn: Turn, *, served: bool = True) -> None:
        """Take a turn back; who was not served keeps its place in the queue."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        if turn in self._holding:
            self._holding.remove(turn)
            if not served:
                self._places[turn.address] = turn.waiting_since
        self._serve()

    def _in_order(self) -> list[Turn]:
        """Return who waits, the longest first."""
        return sorted(self._waiting, key=lambda turn: turn.waiting_since)

    @callback
    def _serve(self, _news: object = None) -> None:
        """Give everybody a slot for whom there is one."""
        for turn in self._in_order():
            scanners = self._scanners(turn.address)
            if not scanners or any(map(self._has_room, scanners)):
                self._grant(turn, scanners)
        self._make_room()
        self._look_again()

    def _grant(self, turn: Turn, scanners: list[BaseHaScanner]) -> None:
        """Give a slot to who waits for it."""
        self._waiting.remove(turn)
        self._holding.append(turn)
        self._places.pop(turn.address, None)
        turn.holding_since = self._hass.loop.time()
        turn.sources = frozenset(scanner.source for scanner in scanners)
        if not turn.granted.done():
            turn.granted.set_result(None)

    def _scanners(self, address: str) -> list[BaseHaScanner]:
        """Return the adapters and proxies that hear a sensor."""
        heard = bluetooth.async_scanner_devices_by_address(
            self._hass, address, connectable=True
        )
        return [device.scanner for device in heard]

    def _has_room(self, scanner: BaseHaScanner) -> bool:
        """Tell whether a scanner has a slot that nobody is about to take."""
        if (allocations := scanner.get_allocations()) is None:
            return True
        coming = sum(
            scanner.source in turn.sources
            for turn in self._holding
            if not turn.connected and turn.address not in allocations.allocated
        )
        return allocations.free > coming

    def _make_room(self) -> None:
        """Have one that stays connected let go, for who has waited too long."""
        before = self._hass.loop.time() - PATIENCE
        for turn in self._in_order():
            if turn.waiting_since <= before and (held := self._rival(turn, before)):
                held.leaving = True
                assert held.give_way is not None
                held.give_way()
                return

    def _rival(self, turn: Turn, before: float) -> Turn | None:
        """Return who could let go for somebody, None when one does already."""
        sources = {scanner.source for scanner in self._scanners(turn.address)}
        rivals = [held for held in self._holding if held.sources & sources]
        lasting = [
            held for held in rivals if held.give_way and held.holding_since <= before
        ]
        if not lasting or any(held.leaving for held in rivals):
            return None
        return min(lasting, key=lambda held: held.holding_since)

    @callback
    def _look_again(self) -> None:
        """Follow the adapters and the clock, as long as somebody waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            self._timer = self._hass.loop.call_later(LOOK_AGAIN, self._serve)
            self._unsubscribe = (
                self._unsubscribe
                or get_manager().async_register_allocation_callback(self._serve)
            )
        elif self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None


DATA_SLOTS: HassKey[SlotQueue] = HassKey("sensorchain_slots")


@callback
def async_get_slots(hass: HomeAssistant) -> SlotQueue:
    """Return the one queue that all sensors wait in."""
    return hass.data.setdefault(DATA_SLOTS, SlotQueue(hass))

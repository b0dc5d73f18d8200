"""The virtual radio: the air, sensors in it, and the central that hears them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, override

from bumble import hci
from bumble.att import ATT_PDU, ATT_RESPONSES
from bumble.core import PhysicalTransport
from bumble.device import Advertisement, Connection, Device
from bumble.gatt_client import Client
from bumble.hci import Address

from .air import Air, ReportCallback
from .hci_port import open_hci_port
from .peripheral import EnvironmentalSensor, Peripheral, make_device
from .room import room
from .showroom import ShowPiece, showroom

CENTRAL: Final = "F0:00:00:00:00:01"

SLOTS: Final = 3
"""Connections at a time, as many as an ESPHome proxy has."""

COLD_ROOM: Final = "C1:00:00:00:00:01"
GREENHOUSE: Final = "C1:00:00:00:00:02"


class GattClient(Client):
    """A GATT client that lets go of an answer nobody waits for any more.

    Bumble fails when an answer arrives just after its question was cancelled.
    """

    @override
    def on_gatt_pdu(self, att_pdu: ATT_PDU) -> None:
        """Take what the peripheral sends."""
        is_answer = att_pdu.op_code in ATT_RESPONSES
        if is_answer and self.pending_response and self.pending_response.done():
            return
        super().on_gatt_pdu(att_pdu)


class NoSlotError(Exception):
    """The central has all the connections that it can have."""


class VirtualRadio:
    """A whole world of Bluetooth without hardware."""

    def __init__(self, advertising_interval: float = 1.0) -> None:
        """Have the two sensors, switched off; the interval is in seconds."""
        self._interval = advertising_interval
        self.air = Air()
        self.sensors = {
            address: EnvironmentalSensor(
                self.air, address, name, surroundings, advertising_interval
            )
            for address, name, surroundings in (
                (COLD_ROOM, "Cold room", room("Cold room", 4, 78)),
                (GREENHOUSE, "Greenhouse", room("Greenhouse", 21, 64)),
            )
        }
        self.peripherals: list[Peripheral] = list(self.sensors.values())
        """All that is in the air: the sensors, and what was added."""
        self.showroom: list[ShowPiece] = []
        self.connections: dict[str, Connection] = {}
        self.connections_changed: Callable[[], None] = lambda: None
        """Called whenever there is one connection more or less."""
        self.hci_address: tuple[str, int] | None = None
        """Where outside firmware joins, once the port is open."""
        self._controller, self._central = make_device(self.air, "central", CENTRAL)
        self._connecting = asyncio.Lock()
        self._server: asyncio.Server | None = None

    async def start(self, heard: ReportCallback) -> None:
        """Switch everything on; `heard` gets what the central hears."""

        def report(advertisement: Advertisement) -> None:
            address = advertisement.address.to_string(False)
            # With the scan response, where `data_bytes` is that alone.
            heard(address, advertisement.rssi, bytes(advertisement.data))

        self._central.on(Device.EVENT_ADVERTISEMENT, report)
        await self._central.power_on()
        await self._central.start_scanning(legacy=True, active=True)
        for peripheral in self.peripherals:
            await peripheral.power_on()

    async def add(self, peripheral: Peripheral) -> None:
        """Switch on one more peripheral; it has to be in the same air."""
        self.peripherals.append(peripheral)
        await peripheral.power_on()

    def open_showroom(self) -> None:
        """Have one more sensor for each service that measures; before the start."""
        self.showroom = list(showroom(self.air, self._interval))
        self.peripherals += self.showroom

    async def open_hci_port(self, port: int) -> None:
        """Let outside firmware join through a port of loopback; 0 takes a free one."""
        self._server = await open_hci_port(self.air, port)
        self.hci_address = self._server.sockets[0].getsockname()[:2]

    async def drift(self, interval: float) -> None:
        """Have new values of all sensors every so many seconds, for ever."""
        while True:
            await asyncio.sleep(interval)
            for sensor in self.sensors.values():
                await sensor.drift(interval)
            for exhibit in self.showroom:
                await exhibit.send()

    @property
    def connecting(self) -> bool:
        """Tell whether an attempt to connect is going on."""
        return self._connecting.locked()

    async def connect(self, address: str, within: float) -> Connection:
        """Connect to a peripheral, one at a time: Bumble can not do two at once.

        Raises TimeoutError when that takes more than `within` seconds, NoSlotError when
        there are as many connections as there can be.
        """
        async with self._connecting:
            if len(self.connections) >= SLOTS:
                raise NoSlotError("no connection slot is free")
            connection = await self._connect(Address(address), within)
            connection.gatt_client = GattClient(connection)
            self.connections[address] = connection
        self.connections_changed()
        connection.on(
            Connection.EVENT_DISCONNECTION, lambda _reason: self._hung_up(address)
        )
        return connection

    def _hung_up(self, address: str) -> None:
        """Free the slot of a connection that is over."""
        self.connections.pop(address, None)
        self.connections_changed()

    async def _connect(self, address: Address, within: float) -> Connection:
        """Connect, and take back an attempt that is cancelled or takes too long."""
        try:
            async with asyncio.timeout(within):
                # Bumble's own time-out leaves an error that nobody retrieves.
                return await self._central.connect(
                    address, PhysicalTransport.LE, timeout=None
                )
        except TimeoutError, asyncio.CancelledError:
            await self._take_back(address)
            raise

    async def _take_back(self, address: Address) -> None:
        """Cancel an attempt to connect, or hang up when it was just made.

        Bumble fails on a connection that is made while nobody waits for it any more.
        """
        self._central.connect_own_address_type = hci.OwnAddressType.RANDOM
        with suppress(hci.HCI_Error):
            await self._central.send_sync_command(
                hci.HCI_LE_Create_Connection_Cancel_Command()
            )
        if connection := self._central.find_connection_by_bd_addr(address):
            await connection.disconnect()

    async def stop(self) -> None:
        """Switch everything off and leave nothing behind."""
        if self._server is not None:
            self._server.close()
            self._server.close_clients()
            await self._server.wait_closed()
        await self._central.stop_scanning(legacy=True)
        for peripheral in self.peripherals:
            await peripheral.remove()
        self.air.leave(self._controller)
        self.air.close()

"""The air of the virtual radio, and controllers that are in it.

Bumble emulates a Bluetooth controller; the classes here make up for what its version
0.0.236 leaves out, each where a docstring says so.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
import random
from typing import Final, override

from bumble import hci, ll
from bumble.controller import Connection, Controller, LegacyAdvertiser
from bumble.core import PhysicalTransport
from bumble.hci import Address
from bumble.link import LocalLink

SUPERVISION_TIMEOUT: Final = 2.0
"""Seconds without a packet until a connection is lost."""

DEFAULT_RSSI: Final = -60

INTERVAL_UNIT: Final = 0.625e-3
"""Seconds of one step of an advertising interval (Core, Vol 4, Part E, 7.8.5)."""


@dataclass(slots=True)
class Path:
    """How well packets get through to and from one address."""

    rssi: int = DEFAULT_RSSI
    loss: float = 0.0
    """Share of the packets that is lost: 0 to 1."""
    timeout: asyncio.TimerHandle | None = None


class Air(LocalLink):
    """What all controllers share; it can be bad around an address.

    A lost data packet is sent again by the link layer, so loss takes advertisements
    only, until all is lost: then a connection dies after the supervision timeout,
    which Bumble does not have.
    """

    def __init__(self) -> None:
        """Start with clear air and nobody in it."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.paths: dict[Address, Path] = {}
        self._random = random.Random(1)

    def path(self, address: Address) -> Path:
        """Return the path to and from an address."""
        return self.paths.setdefault(address, Path())

    def set_loss(self, address: Address, loss: float) -> None:
        """Lose a share of the packets to and from an address from now on."""
        path = self.path(address)
        path.loss = loss
        if path.timeout is not None:
            path.timeout.cancel()
            path.timeout = None
        if loss >= 1:
            path.timeout = asyncio.get_running_loop().call_later(
                SUPERVISION_TIMEOUT, self.drop, address
            )

    def drop(self, address: Address) -> None:
        """Lose every connection of an address, as both of its ends see it."""
        for controller in list(self.controllers):
            for connection in list(controller.le_connections.values()):
                if address in (connection.self_address, connection.peer_address):
                    controller.on_le_disconnected(
                        connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
                    )

    def leave(self, controller: Controller) -> None:
        """Take a controller out, with what it held."""
        controller.le_legacy_advertiser.stop()
        self.drop(controller.random_address)
        self.remove_controller(controller)

    def close(self) -> None:
        """Cancel what would still happen."""
        for path in self.paths.values():
            if path.timeout is not None:
                path.timeout.cancel()

    @override
    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data, unless everything is lost at either end."""
        ends = (sender_controller.random_address, destination_address)
        if all(self.path(address).loss < 1 for address in ends):
            super().send_acl_data(
                sender_controller, destination_address, transport, data
            )

    @override
    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Carry an advertisement, unless it is lost."""
        loss = self.path(sender_controller.random_address).loss
        if not loss or self._random.random() >= loss:
            super().send_advertising_pdu(sender_controller, packet)


@dataclass
class Advertisement(ll.AdvInd):
    """An advertisement with the scan response, which Bumble does not carry."""

    scan_response: bytes = field(kw_only=True)


class Advertiser(LegacyAdvertiser):
    """Advertises at the interval that the host asked for; Bumble takes it as ms."""

    @override
    def _on_timer_fired(self) -> None:
        """Advertise, and again after the interval."""
        self.send_advertising_data()
        self.timer_handle = asyncio.get_running_loop().call_later(
            self.advertising_interval_min * INTERVAL_UNIT, self._on_timer_fired
        )

    @override
    def send_advertising_data(self) -> None:
        """Send a connectable advertisement."""
        kinds = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType
        if self.enabled and self.advertising_type == kinds.ADV_IND:
            self.controller.send_advertising_pdu(
                Advertisement(
                    advertiser_address=self.address,
                    data=self.advertising_data,
                    scan_response=self.scan_response_data,
                )
            )


class AirController(Controller):
    """A controller in the air: legacy advertising, random static addresses only.

    Bumble routes data between random addresses alone, so it has no public one.
    """

    link: Air

    def __init__(self, name: str, air: Air) -> None:
        """Join the air."""
        super().__init__(name, link=air)
        self.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        self.le_legacy_advertiser = Advertiser(self)

    @override
    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement with the signal strength of its path.

        Bumble makes up a scan response to each, with the data of the advertisement.
        """
        if self.le_scan_enable:
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            self._report(pdu.advertiser_address, kinds.ADV_IND, pdu.data)
            if isinstance(pdu, Advertisement) and pdu.scan_response:
                self._report(pdu.advertiser_address, kinds.SCAN_RSP, pdu.scan_response)
        pending = self.pending_le_connection
        if pending and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, address: Address, kind: int, data: bytes) -> None:
        """Tell the host of an advertisement or a scan response."""
        report = hci.HCI_LE_Advertising_Report_Event.Report(
            event_type=kind,
            address_type=address.address_type,
            address=address,
            data=data,
            rssi=self.link.path(address).rssi,
        )
        self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([report]))

    @override
    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """Tell the host once; both ends may hang up at the same time."""
        if connection in self.le_connections.values():
            super().on_le_disconnected(connection, reason)

    @override
    def on_hci_command(
        self, command: hci.HCI_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Refuse an unknown command; Bumble leaves some without an answer."""
        if not isinstance(command, hci.HCI_SyncCommand):
            self._send_hci_command_status(
                hci.HCI_ErrorCode.UNKNOWN_HCI_COMMAND_ERROR, command.op_code
            )
        return super().on_hci_command(command)

    def on_hci_host_number_of_completed_packets_command(
        self, _command: hci.HCI_Command
    ) -> None:
        """Take note in silence (Core, Vol 4, Part E, 7.3.40); Bumble refuses it."""

    @override
    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up the pending connection; Bumble goes on waiting for ever."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(
                hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR
            )
        asyncio.get_running_loop().call_soon(self._tell_cancelled, pending.peer_address)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def _tell_cancelled(self, address: Address) -> None:
        """End a cancelled attempt to connect (Core, Vol 4, Part E, 7.8.13)."""
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=address.address_type,
                peer_address=address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )

    def on_hci_le_set_phy_command(self, command: hci.HCI_LE_Set_PHY_Command) -> None:
        """Stay on the 1M PHY; Bumble never answers, and Zephyr waits for it."""
        known = self.find_le_connection_by_handle(command.connection_handle)
        self._send_hci_command_status(
            hci.HCI_COMMAND_STATUS_PENDING
            if known
            else hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            command.op_code,
        )
        if known:
            self.send_hci_packet(
                hci.HCI_LE_PHY_Update_Complete_Event(
                    status=hci.HCI_ErrorCode.SUCCESS,
                    connection_handle=command.connection_handle,
                    tx_phy=hci.Phy.LE_1M,
                    rx_phy=hci.Phy.LE_1M,
                )
            )


ReportCallback = Callable[[str, int, bytes], None]
"""Called with address, signal strength in dBm and raw advertising data."""

"""A port through which the host of outside firmware joins the air.

It speaks HCI with H4 framing over TCP, on loopback alone. A Zephyr sample built for
native_sim, for example, is run with `--bt-dev=127.0.0.1:PORT`. Every connection gets
a controller of its own, which leaves the air together with the connection.
"""

import asyncio
import logging
from typing import Final, override

from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser

from .air import Air, AirController

_LOGGER = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"


class HciPort(asyncio.Protocol):
    """One host at the other end of a TCP connection."""

    def __init__(self, air: Air) -> None:
        """Wait for the connection."""
        self._air = air
        self._transport: asyncio.WriteTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the host a controller."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._controller = AirController("outside", self._air)
        self._controller.host = self
        self._parser = PacketParser(self._controller)

    @override
    def data_received(self, data: bytes) -> None:
        """Pass on what the host sends; hang up when it is not HCI."""
        assert self._transport is not None
        try:
            self._parser.feed_data(data)
        except InvalidPacketError as error:
            _LOGGER.warning("Closing the HCI port to a host that sent: %s", error)
            self._transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Take the controller out of the air."""
        self._controller.host = None
        self._air.leave(self._controller)

    def on_packet(self, packet: bytes) -> None:
        """Send the host what its controller says."""
        assert self._transport is not None
        self._transport.write(packet)


async def open_hci_port(air: Air, port: int) -> asyncio.Server:
    """Listen on a port of loopback; 0 takes any that is free."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: HciPort(air), HOST, port)

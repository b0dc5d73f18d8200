"""Firmware under test joins the air of the virtual radio through its HCI port."""

import asyncio
from collections.abc import AsyncIterator
import struct

from bumble import hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.transport.tcp_client import open_tcp_client_transport
import pytest

from custom_components.virtual_radio.radio import COLD_ROOM, VirtualRadio
from homeassistant.components.bluetooth import (
    async_ble_device_from_address,
    async_last_service_info,
)
from homeassistant.core import HomeAssistant
from tests.common import eventually

from . import TEMPERATURE, add_sensor, becomes, discovered, state

FIRMWARE = "C2:00:00:00:00:01"
READ_NOTIFY = Characteristic.Properties.READ | Characteristic.Properties.NOTIFY


@pytest.fixture
async def port(radio: VirtualRadio, socket_enabled: None) -> tuple[str, int]:
    """Return where outside firmware joins."""
    await radio.open_hci_port(0)
    assert radio.hci_address is not None
    assert radio.hci_address[0] == "127.0.0.1"
    return radio.hci_address


@pytest.fixture
async def firmware(port: tuple[str, int]) -> AsyncIterator[Device]:
    """Run the host of a device behind the port; it has its name in the scan response."""
    transport = await open_tcp_client_transport("{}:{}".format(*port))
    config = DeviceConfiguration(name="Firmware", address=Address(FIRMWARE))
    device = Device.from_config_with_hci(config, transport.source, transport.sink)
    device.temperatures = [
        Characteristic(
            UUID.from_16_bits(0x2A6E), READ_NOTIFY, Characteristic.READABLE, value
        )
        for value in (bytes.fromhex("6608"), bytes.fromhex("9808"))
    ]
    device.add_service(Service(UUID.from_16_bits(0x181A), device.temperatures))
    await device.power_on()
    await device.start_advertising(
        advertising_data=bytes(
            AdvertisingData(
                [
                    (
                        AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                        struct.pack("<H", 0x181A),
                    )
                ]
            )
        ),
        scan_response_data=bytes(
            AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, b"Firmware")])
        ),
        advertising_interval_min=30,
        advertising_interval_max=30,
        auto_restart=True,
    )
    yield device
    device.emit(Device.EVENT_FLUSH)
    await transport.close()


async def test_outside_firmware_is_a_sensor(
    hass: HomeAssistant, firmware: Device
) -> None:
    """It is discovered, read and heard like any other sensor."""
    entry = await add_sensor(hass, FIRMWARE, "Firmware")
    await becomes(hass, "sensor.firmware_temperature", "21.5")
    assert state(hass, "sensor.firmware_temperature_2") == "22"
    await firmware.notify_subscribers(firmware.temperatures[1], bytes.fromhex("ca08"))
    await becomes(hass, "sensor.firmware_temperature_2", "22.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_its_name_is_in_the_scan_response(
    hass: HomeAssistant, firmware: Device
) -> None:
    """A scan response travels through the air as it is, and names the sensor."""

    def name() -> str | None:
        info = async_last_service_info(hass, FIRMWARE)
        return info and info.name

    await eventually(lambda: name() == "Firmware")
    flow_id = await discovered(hass, FIRMWARE)
    result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["title"] == "Firmware"
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_what_a_zephyr_host_asks_of_its_controller(
    hass: HomeAssistant, firmware: Device
) -> None:
    """It has no public address, sets the PHY, counts packets, hears of the unknown."""
    assert firmware.public_address in (Address.ANY, Address("00:00:00:00:00:00"))
    connected: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
    firmware.on(Device.EVENT_CONNECTION, connected.set_result)
    entry = await add_sensor(hass, FIRMWARE, "Firmware")
    connection = await connected
    updated = asyncio.Event()
    connection.on(Connection.EVENT_CONNECTION_PHY_UPDATE, lambda *_: updated.set())
    async with asyncio.timeout(10):
        await connection.set_phy([hci.Phy.LE_1M], [hci.Phy.LE_1M])
        await updated.wait()

    # Host Number Of Completed Packets: one handle, one packet; it has no answer.
    firmware.host.hci_sink.on_packet(
        b"\x01\x35\x0c\x05\x01" + struct.pack("<HH", connection.handle, 1)
    )
    # No command that exists: the answer is an error, not silence.
    unknown = hci.HCI_Command(b"", op_code=0xFC7F)
    with pytest.raises(hci.HCI_Error):
        async with asyncio.timeout(10):
            await firmware.host.send_async_command(unknown)
    assert state(hass, "sensor.firmware_temperature") == "21.5"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_firmware_that_leaves(
    hass: HomeAssistant, radio: VirtualRadio, firmware: Device, port: tuple[str, int]
) -> None:
    """A crash of the firmware is a lost connection, and nobody else notices."""
    entry = await add_sensor(hass, FIRMWARE, "Firmware")
    other = await add_sensor(hass, COLD_ROOM, "Cold room")
    firmware.host.hci_sink.transport.abort()
    await becomes(hass, "sensor.firmware_temperature", "unavailable")
    assert state(hass, TEMPERATURE) == "4"
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_unload(other.entry_id)


async def test_not_hci(
    hass: HomeAssistant, radio: VirtualRadio, port: tuple[str, int]
) -> None:
    """Whoever speaks something else is shown the door, and the radio goes on."""
    reader, writer = await asyncio.open_connection(*port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(10):
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await eventually(lambda: async_ble_device_from_address(hass, COLD_ROOM))

"""Actions that command the virtual radio."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import probatio as vol

from homeassistant.const import CONF_ADDRESS
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .peripheral import ENCODINGS, EnvironmentalSensor

CHARACTERISTIC: Final = "characteristic"
DATA: Final = "data"
LOSS: Final = "loss"
POWER: Final = "on"

type Command = Callable[[EnvironmentalSensor, ServiceCall], Awaitable[None]]


async def _set_value(sensor: EnvironmentalSensor, call: ServiceCall) -> None:
    """Have a room jump to values."""
    for key in ENCODINGS.keys() & call.data.keys():
        await sensor.set_value(key, call.data[key])


async def _set_bytes(sensor: EnvironmentalSensor, call: ServiceCall) -> None:
    """Have bytes in a characteristic that may not mean anything."""
    slot = sensor.slots[call.data[CHARACTERISTIC]]
    await sensor.set_bytes(slot, call.data[DATA])


async def _set_loss(sensor: EnvironmentalSensor, call: ServiceCall) -> None:
    """Lose a share of the packets; at 100 % everything, connections included."""
    sensor.air.set_loss(sensor.address, call.data[LOSS] / 100)


async def _set_power(sensor: EnvironmentalSensor, call: ServiceCall) -> None:
    """Put the battery in, or pull it."""
    await (sensor.power_on() if call.data[POWER] else sensor.power_off())


async def _drop_link(sensor: EnvironmentalSensor, _call: ServiceCall) -> None:
    """Lose the connection."""
    sensor.air.drop(sensor.address)


ACTIONS: Final[dict[str, tuple[Command, dict[vol.Marker, object]]]] = {
    "set_value": (
        _set_value,
        {
            vol.Optional(key): vol.All(
                vol.Coerce(float), vol.Range(encoding.minimum, encoding.maximum)
            )
            for key, encoding in ENCODINGS.items()
        },
    ),
    "set_bytes": (
        _set_bytes,
        {
            vol.Required(CHARACTERISTIC): vol.In(list(ENCODINGS)),
            vol.Required(DATA): vol.All(str, bytes.fromhex),
        },
    ),
    "set_loss": (
        _set_loss,
        {vol.Required(LOSS): vol.All(vol.Coerce(float), vol.Range(min=0, max=100))},
    ),
    "set_power": (_set_power, {vol.Required(POWER): bool}),
    "drop_link": (_drop_link, {}),
}
"""What each action does and takes, beside the address of a sensor."""


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, (command, fields) in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            partial(_run, hass, command),
            vol.Schema({vol.Required(CONF_ADDRESS): str, **fields}),
        )


async def _run(hass: HomeAssistant, command: Command, call: ServiceCall) -> None:
    """Run an action on the sensor that it names."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if sensor := entry.runtime_data.sensors.get(call.data[CONF_ADDRESS]):
            await command(sensor, call)
            return
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_such_sensor",
        translation_placeholders={"address": call.data[CONF_ADDRESS]},
    )

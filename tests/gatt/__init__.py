"""Tests of what the bytes of a characteristic mean."""

from collections.abc import Iterable, Sequence
from itertools import count

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection

from custom_components.sensorchain.gatt.characteristics import uuid16

type Kinds = Iterable[tuple[int, Sequence[int]]]


def table(
    kinds: Kinds,
    first_handle: int = 1,
    properties: list[CharacteristicPropertyName] | None = None,
) -> BleakGATTServiceCollection:
    """Return the table of a device: services with their characteristics."""
    services, handles = BleakGATTServiceCollection(), count(first_handle)
    for service_uuid, characteristics in kinds:
        service = BleakGATTService(None, next(handles), uuid16(service_uuid))
        services.add_service(service)
        for uuid in characteristics:
            next(handles)
            services.add_characteristic(
                BleakGATTCharacteristic(
                    None,
                    next(handles),
                    uuid16(uuid),
                    properties or ["read", "notify"],
                    lambda: 20,
                    service,
                )
            )
    return services

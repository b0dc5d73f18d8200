"""What a device measures, and that it is known again."""

from decimal import Decimal

from bleak.backends.service import BleakGATTServiceCollection
import pytest

from custom_components.sensorchain.gatt.channels import (
    Channel,
    channels_of,
    descriptions_of,
)
from custom_components.sensorchain.gatt.characteristics import MalformedValueError
from custom_components.sensorchain.gatt.descriptors import Description, Measurement

from . import table

ESS, BATTERY, HEART, SCALE = 0x181A, 0x180F, 0x180D, 0x181D
TEMPERATURE, HUMIDITY, LEVEL, PULSE, FLUX = 0x2A6E, 0x2A6F, 0x2A19, 0x2A37, 0x2AA1


def described(
    services: BleakGATTServiceCollection,
    *texts: str | None,
    known: dict[str, str] | None = None,
) -> tuple[Channel, ...]:
    """Return the channels of a table, whose characteristics are so described."""
    handles = sorted(services.characteristics)
    said = {
        handle: Description(text=text)
        for handle, text in zip(handles, texts, strict=True)
    }
    return channels_of(services, said, known)


def ids(channels: tuple[Channel, ...]) -> list[str]:
    """Return the ids of channels."""
    return [channel.id for channel in channels]


def labels(channels: tuple[Channel, ...]) -> list[str | None]:
    """Return what tells channels apart."""
    return [channel.label for channel in channels]


def test_ids_are_what_they_always_were() -> None:
    """The entities of earlier versions are found again by these ids."""
    services = table(
        [(ESS, [TEMPERATURE, HUMIDITY, 0x2A6D, TEMPERATURE]), (BATTERY, [LEVEL])]
    )
    assert ids(channels_of(services)) == [
        "181a-2a6e",
        "181a-2a6f",
        "181a-2a6d",
        "181a-2a6e-2",
        "180f-2a19",
    ]


def test_handles_do_not_count() -> None:
    """A new firmware may move the whole table."""
    kinds = [(ESS, [TEMPERATURE, TEMPERATURE]), (BATTERY, [LEVEL])]
    assert ids(channels_of(table(kinds))) == ids(channels_of(table(kinds, 500)))


def test_several_quantities_of_one_characteristic() -> None:
    """Each has an id of its own, and all have the place in common."""
    channels = channels_of(table([(ESS, [FLUX, FLUX]), (HEART, [PULSE])]))
    assert ids(channels)[:6] == [
        f"{place}-magnetic_flux_density_{axis}"
        for place in ("181a-2aa1", "181a-2aa1-2")
        for axis in "xyz"
    ]
    assert "180d-2a37-heart_rate" in ids(channels)
    assert {channel.place for channel in channels} == {
        "181a-2aa1",
        "181a-2aa1-2",
        "180d-2a37",
    }


def test_one_of_a_kind_needs_no_label() -> None:
    """What is the only one of its name is called just by it."""
    services = table([(ESS, [TEMPERATURE, HUMIDITY])])
    assert labels(described(services, "Fridge", "Fridge")) == [None, None]


def test_several_of_a_kind_are_told_apart() -> None:
    """By their descriptions where they have some, by a number otherwise."""
    services = table([(ESS, [TEMPERATURE] * 3), (BATTERY, [LEVEL, LEVEL])])
    assert labels(described(services, "Attic", None, "Cellar", None, None)) == [
        "Attic",
        "2",
        "Cellar",
        None,
        "2",
    ]


def test_the_same_description_twice() -> None:
    """Two that are described alike are told apart by a number."""
    services = table([(ESS, [TEMPERATURE] * 3)])
    assert labels(described(services, "Attic", "Attic", "Cellar")) == [
        "Attic",
        "Attic 2",
        "Cellar",
    ]


def test_one_name_in_several_services() -> None:
    """The same quantity of different kinds is told apart as well."""
    channels = channels_of(table([(0x1822, [0x2A5F]), (0x1810, [0x2A35])]))
    pulses = [each for each in channels if each.quantity.key == "pulse_rate"]
    assert [each.label for each in pulses] == [None, "2"]


def test_another_order_after_an_update() -> None:
    """Those whose descriptions are known keep their ids, whatever the order is now."""
    before = described(table([(ESS, [TEMPERATURE] * 2)]), "Outdoor", "Indoor")
    known = descriptions_of(before)
    assert known == {"181a-2a6e": "Outdoor", "181a-2a6e-2": "Indoor"}

    swapped = described(
        table([(ESS, [TEMPERATURE] * 2)]), "Indoor", "Outdoor", known=known
    )
    assert ids(swapped) == ["181a-2a6e-2", "181a-2a6e"]

    one_more = described(
        table([(ESS, [TEMPERATURE] * 3)]), "Cellar", "Outdoor", "Indoor", known=known
    )
    assert ids(one_more) == ["181a-2a6e-3", "181a-2a6e", "181a-2a6e-2"]

    one_less = described(table([(ESS, [TEMPERATURE])]), "Indoor", known=known)
    assert ids(one_less) == ["181a-2a6e-2"]


def test_a_new_description_is_no_new_sensor() -> None:
    """A renamed sensor keeps its place."""
    known = {"181a-2a6e": "Outdoor", "181a-2a6e-2": "Indoor"}
    services = table([(ESS, [TEMPERATURE] * 2)])
    assert ids(described(services, "Garden", "Indoor", known=known)) == [
        "181a-2a6e",
        "181a-2a6e-2",
    ]
    assert ids(described(services, None, None, known=known)) == [
        "181a-2a6e",
        "181a-2a6e-2",
    ]


@pytest.mark.parametrize(
    "known",
    [
        {"181a-2a6e": "A", "181a-2a6e-2": "A"},
        {"nonsense": "A", "": "B", "181a-2a6e-x": "A", "181a-2a6e--2": "B"},
        {"180f-2a19": "A"},
    ],
)
def test_ids_are_never_the_same(known: dict[str, str]) -> None:
    """Whatever was known before, each channel has an id of its own."""
    services = table([(ESS, [TEMPERATURE] * 4)])
    for texts in (["A"] * 4, ["A", "B", "A", None], ["B", "A", None, None]):
        found = ids(described(services, *texts, known=known))
        assert len(set(found)) == 4


def test_the_valid_range_of_the_device_counts() -> None:
    """A value outside of what the device itself calls valid is not known."""
    services = table([(ESS, [TEMPERATURE])])
    [handle] = services.characteristics
    freezer = Description(valid_range=bytes.fromhex("f0d8 0000"))
    [channel] = channels_of(services, {handle: freezer})
    assert channel.decode(bytes.fromhex("f0d8")) == Decimal(-100)
    assert channel.decode(bytes.fromhex("0000")) == 0
    assert channel.decode(bytes.fromhex("0100")) is None
    assert channel.decode(bytes.fromhex("efd8")) is None


def test_a_lying_range_does_not_count() -> None:
    """A valid range in which nothing would be is none."""
    services = table([(ESS, [TEMPERATURE])])
    [handle] = services.characteristics
    lie = Description(valid_range=bytes.fromhex("0000 f0d8"))
    [channel] = channels_of(services, {handle: lie})
    assert channel.decode(bytes.fromhex("6608")) == Decimal("21.5")


def test_what_a_message_leaves_out() -> None:
    """The energy is told now and then and stays; a weight without a size has none."""
    by_key = {
        channel.quantity.key: channel
        for channel in channels_of(table([(HEART, [PULSE]), (SCALE, [0x2A9D])]))
    }
    energy, height = by_key["energy_expended"], by_key["height"]
    assert energy.decode(bytes.fromhex("08 48 e803")) == 1000
    assert energy.decode(bytes.fromhex("00 48"), Decimal(1000)) == 1000
    assert height.decode(bytes.fromhex("00 983a"), Decimal(2)) is None
    with pytest.raises(MalformedValueError):
        energy.decode(b"", Decimal(1000))


def test_two_hundred_characteristics() -> None:
    """A large table is nothing special."""
    services = table([(ESS, [TEMPERATURE] * 200)])
    found = ids(channels_of(services))
    assert len(set(found)) == 200
    assert found[-1] == "181a-2a6e-200"


def test_what_else_is_said() -> None:
    """The description of a channel is at hand for whoever shows it."""
    services = table([(ESS, [HUMIDITY])])
    [handle] = services.characteristics
    mean = Measurement("arithmetic mean", 3600, 60, "air", Decimal("0.5"))
    [channel] = channels_of(services, {handle: Description(measurement=mean)})
    assert channel.description.measurement == mean
    assert channel.readable
    assert channel.pushes

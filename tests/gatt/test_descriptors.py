"""What descriptors say, and that none of them can do harm."""

from decimal import Decimal
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.gatt.characteristics import Range, uuid16
from custom_components.sensorchain.gatt.descriptors import (
    DESCRIBING,
    NO_DESCRIPTION,
    Description,
    Measurement,
    Trigger,
    describe,
    measurement,
    place,
    trigger,
)
from custom_components.sensorchain.gatt.table import MEASURING

TEXT, PRESENTATION, VALID_RANGE = 0x2901, 0x2904, 0x2906
CONFIGURATION, MEASUREMENT, TRIGGER = 0x290B, 0x290C, 0x290D


def said(**descriptors: str) -> Description:
    """Return what descriptors say: x2901="…" in hex."""
    return describe(
        (uuid16(int(uuid[1:5], 16)), bytes.fromhex(data))
        for uuid, data in descriptors.items()
    )


def test_measurement() -> None:
    """An ES Measurement as Zephyr's sample of the service sends it."""
    assert measurement(bytes.fromhex("0000 02 100e00 3c0000 1c 01")) == Measurement(
        sampling_function="arithmetic mean",
        measurement_period=3600,
        update_interval=60,
        application="outside",
        uncertainty=Decimal("0.5"),
    )


def test_nothing_is_specified() -> None:
    """What is not in use, not specified, not available or reserved is none."""
    nothing = Measurement(None, None, None, None, None)
    assert measurement(bytes.fromhex("0000 00 000000 000000 00 ff")) == nothing
    assert measurement(bytes.fromhex("ffff 08 000000 000000 22 ff")) == nothing


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("00", Trigger("inactive")),
        ("01 3c0000", Trigger("at a fixed interval", seconds=60)),
        ("02 100e00", Trigger("no more often than", seconds=3600)),
        ("03", Trigger("when the value changes")),
        ("06 c409", Trigger("while greater than", operand="c4 09")),
        ("09 c409", Trigger("while not equal to", operand="c4 09")),
        ("0a 00", None),
        ("01 3c00", None),
        ("04", None),
        ("", None),
    ],
)
def test_trigger(data: str, expected: Trigger | None) -> None:
    """Each condition has the operand that belongs to it."""
    assert trigger(bytes.fromhex(data)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("04 00 ad27 01 0001", "front"),
        ("04 00 ad27 01 1001", "external"),
        ("04 00 ad27 01 0200", "2"),
        ("04 00 ad27 01 0000", None),
        ("04 00 ad27 01 1101", None),
        ("04 00 ad27 02 0001", None),
        ("04 00 ad27 01 00", None),
    ],
)
def test_place(data: str, expected: str | None) -> None:
    """The SIG's names of places are known, and its numbers."""
    assert place(bytes.fromhex(data)) == expected


def test_the_label_is_the_best_that_is_said() -> None:
    """The text for people counts first, then the place, the use, the function."""
    everything = {
        "x2901": b"Attic".hex(),
        "x2904": "0e 00 2f27 01 0c01",
        "x290c": "0000 04 000000 000000 13 ff",
    }
    labels = []
    while everything:
        labels.append(said(**everything).label)
        everything.pop(next(iter(everything)))
    assert labels == ["Attic", "outside", "outdoor"]
    assert said(x290c="0000 04 000000 000000 00 ff").label == "maximum"
    assert NO_DESCRIPTION.label is None


def test_all_triggers_and_their_logic() -> None:
    """A characteristic may have several triggers."""
    description = describe(
        [
            (uuid16(TRIGGER), bytes.fromhex("01 3c0000")),
            (uuid16(TRIGGER), bytes.fromhex("03")),
            (uuid16(CONFIGURATION), bytes([1])),
        ]
    )
    assert len(description.triggers) == 2
    assert description.trigger_logic == "any"
    assert description.as_dict()["trigger_logic"] == "any"


def test_all_is_told_as_json() -> None:
    """The diagnostics hold all that is said, in numbers and words."""
    told = said(
        x2901="41", x2906="f0d8 1027", x290c="0000 02 100e00 3c0000 1c 01", x290d="03"
    ).as_dict()
    assert json.loads(json.dumps(told)) == {
        "text": "A",
        "place": None,
        "valid_range": "f0 d8 10 27",
        "measurement": {
            "sampling_function": "arithmetic mean",
            "measurement_period": 3600,
            "update_interval": 60,
            "application": "outside",
            "uncertainty": 0.5,
        },
        "triggers": [
            {"condition": "when the value changes", "seconds": None, "operand": None}
        ],
        "trigger_logic": None,
    }


@pytest.mark.parametrize(
    "data", ["ff", "41 0a 42", "41" * 101, "00", ""], ids=lambda data: data[:8]
)
def test_nonsense_for_people(data: str) -> None:
    """A text that can not be shown is none."""
    assert said(x2901=data).label is None


@pytest.mark.parametrize(
    ("number", "data", "expected"),
    [
        (0x2A6E, "f0d8 1027", Range(Decimal(-100), Decimal(100))),
        # Not known: no bound on that side.
        (0x2A6E, "0080 1027", Range(None, Decimal(100))),
        # Lies: the highest below the lowest; half a value; three values.
        (0x2A6E, "1027 f0d8", None),
        (0x2A6E, "1027 f0", None),
        (0x2A6E, "1027 1027 1027", None),
        (0x2A6E, "", None),
        (0x2A6D, "00000000 02760f00", Range(Decimal(0), Decimal("1013.25"))),
    ],
)
def test_valid_range(number: int, data: str, expected: Range | None) -> None:
    """A valid range is two values of the characteristic, or is not taken."""
    kind = MEASURING[uuid16(number)]
    [key] = [quantity.key for quantity in kind.quantities]
    assert kind.ranges(bytes.fromhex(data)).get(key) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(DESCRIBING)), st.binary(max_size=20)),
        max_size=8,
    )
)
def test_any_descriptors(descriptors: list[tuple[str, bytes]]) -> None:
    """Whatever descriptors hold, it is described, and never an error."""
    description = describe(descriptors)
    assert description.label is None or description.label.isprintable()
    json.dumps(description.as_dict())


@given(kind=st.sampled_from(sorted(MEASURING)), data=st.binary(max_size=30))
def test_any_valid_range(kind: str, data: bytes) -> None:
    """Whatever a valid range holds, it is a range with something in it, or none."""
    for valid in MEASURING[kind].ranges(data).values():
        low, high = valid.minimum, valid.maximum
        assert low is None or high is None or low <= high

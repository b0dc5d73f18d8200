"""What the descriptors of a characteristic say of it.

They are hints: one that is not as its specification has it, or that the device does not
let us read, counts as absent, and never as an error.

    290c   00 00   02   10 0e 00   3c 00 00   1c   04
           flags   │    │          │          │    └ uncertainty, steps of 0.5 %: 2 %
                   │    │          │          └ application: outside
                   │    │          └ update interval in seconds: 60
                   │    └ measurement period in seconds: 3600
                   └ sampling function: arithmetic mean
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

from .characteristics import MalformedValueError, Text, uuid16

USER_DESCRIPTION: Final = uuid16(0x2901)
PRESENTATION_FORMAT: Final = uuid16(0x2904)
VALID_RANGE: Final = uuid16(0x2906)
ES_CONFIGURATION: Final = uuid16(0x290B)
ES_MEASUREMENT: Final = uuid16(0x290C)
ES_TRIGGER_SETTING: Final = uuid16(0x290D)

DESCRIBING: Final = frozenset(
    {
        USER_DESCRIPTION,
        PRESENTATION_FORMAT,
        VALID_RANGE,
        ES_CONFIGURATION,
        ES_MEASUREMENT,
        ES_TRIGGER_SETTING,
    }
)
"""The descriptors that are read."""

USER_TEXT: Final = Text(
    key="user description", source="Bluetooth Core, Vol 3, Part G, 3.3.3.2", size=100
)

SAMPLING_FUNCTIONS: Final = {
    1: "instantaneous",
    2: "arithmetic mean",
    3: "RMS",
    4: "maximum",
    5: "minimum",
    6: "accumulated",
    7: "count",
}
"""Environmental Sensing Service 1.0, 3.1.2.1; 0 is "unspecified"."""

APPLICATIONS: Final = dict(
    enumerate(
        (
            "air",
            "water",
            "barometric",
            "soil",
            "infrared",
            "map database",
            "barometric elevation source",
            "GPS only elevation source",
            "GPS and map database elevation source",
            "vertical datum elevation source",
            "onshore",
            "onboard vessel or vehicle",
            "front",
            "back",
            "upper",
            "lower",
            "primary",
            "secondary",
            "outdoor",
            "indoor",
            "top",
            "bottom",
            "main",
            "backup",
            "auxiliary",
            "supplementary",
            "inside",
            "outside",
            "left",
            "right",
            "internal",
            "external",
            "solar",
        ),
        start=1,
    )
)
"""Environmental Sensing Service 1.0, 3.1.2.1; 0 is "unspecified"."""

TRIGGERS: Final = (
    "inactive",
    "at a fixed interval",
    "no more often than",
    "when the value changes",
    "while less than",
    "while less than or equal to",
    "while greater than",
    "while greater than or equal to",
    "while equal to",
    "while not equal to",
)
"""When a value is sent; Environmental Sensing Service 1.0, 3.1.2.2."""

SECONDS_FOLLOW: Final = frozenset({1, 2})
NOTHING_FOLLOWS: Final = frozenset({0, 3})

LOGICS: Final = {0: "all", 1: "any"}
"""How triggers go together; Environmental Sensing Service 1.0, 3.1.2.3."""

SIG_NAMESPACE: Final = 1
PLACES: Final = dict(
    enumerate(
        (
            "front",
            "back",
            "top",
            "bottom",
            "upper",
            "lower",
            "main",
            "backup",
            "auxiliary",
            "supplementary",
            "flash",
            "inside",
            "outside",
            "left",
            "right",
            "internal",
            "external",
        ),
        start=0x100,
    )
)
"""Assigned Numbers, GATT namespace; the numbers below 256 count."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """How a value comes about; None is "not specified"."""

    sampling_function: str | None
    measurement_period: int | None
    """In seconds."""
    update_interval: int | None
    """In seconds."""
    application: str | None
    uncertainty: Decimal | None
    """In percent of the value."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """When the device sends a value."""

    condition: str
    seconds: int | None = None
    operand: str | None = None
    """What the value is compared with, in hex, as the characteristic has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of a characteristic."""

    text: str | None = None
    place: str | None = None
    valid_range: bytes | None = None
    """Two values as the characteristic has them: the lowest, the highest."""
    measurement: Measurement | None = None
    triggers: tuple[Trigger, ...] = ()
    trigger_logic: str | None = None

    @property
    def label(self) -> str | None:
        """Return what tells it apart from others of its kind, None if nothing does."""
        measurement = self.measurement
        return (
            self.text
            or self.place
            or (measurement.application if measurement else None)
            or (measurement.sampling_function if measurement else None)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all that is said, as JSON has it, for diagnostics."""
        said = {
            **asdict(self),
            "triggers": [asdict(trigger) for trigger in self.triggers],
            "valid_range": self.valid_range and self.valid_range.hex(" "),
        }
        if self.measurement is not None and self.measurement.uncertainty is not None:
            said["measurement"]["uncertainty"] = float(self.measurement.uncertainty)
        return said


NO_DESCRIPTION: Final = Description()


def describe(descriptors: Iterable[tuple[str, bytes]]) -> Description:
    """Return what the descriptors of one characteristic say, by UUID and bytes."""
    first: dict[str, bytes] = {}
    triggers: list[Trigger | None] = []
    for uuid, data in descriptors:
        first.setdefault(uuid, data)
        if uuid == ES_TRIGGER_SETTING:
            triggers.append(trigger(data))
    return Description(
        text=_text(first),
        place=place(first.get(PRESENTATION_FORMAT, b"")),
        valid_range=first.get(VALID_RANGE) or None,
        measurement=measurement(first.get(ES_MEASUREMENT, b"")),
        triggers=tuple(filter(None, triggers)),
        trigger_logic=_state(LOGICS, first.get(ES_CONFIGURATION, b"")),
    )


def measurement(data: bytes) -> Measurement | None:
    """Read an ES Measurement (Environmental Sensing Service 1.0, 3.1.2.1)."""
    if len(data) != 11:
        return None
    uncertainty = data[10]
    return Measurement(
        sampling_function=SAMPLING_FUNCTIONS.get(data[2]),
        measurement_period=int.from_bytes(data[3:6], "little") or None,
        update_interval=int.from_bytes(data[6:9], "little") or None,
        application=APPLICATIONS.get(data[9]),
        uncertainty=None if uncertainty == 0xFF else Decimal(uncertainty) / 2,
    )


def trigger(data: bytes) -> Trigger | None:
    """Read an ES Trigger Setting (Environmental Sensing Service 1.0, 3.1.2.2)."""
    if not data or data[0] >= len(TRIGGERS):
        return None
    condition, operand = TRIGGERS[data[0]], data[1:]
    if data[0] in NOTHING_FOLLOWS:
        return Trigger(condition)
    if data[0] not in SECONDS_FOLLOW:
        return Trigger(condition, operand=operand.hex(" ")) if operand else None
    if len(operand) != 3:
        return None
    return Trigger(condition, seconds=int.from_bytes(operand, "little"))


def place(data: bytes) -> str | None:
    """Return the place in a Presentation Format (Bluetooth Core, Vol 3, Part G, 3.3.3.5)."""
    if len(data) != 7 or data[4] != SIG_NAMESPACE:
        return None
    number = int.from_bytes(data[5:], "little")
    return PLACES.get(number) or (str(number) if 0 < number < 0x100 else None)


def _text(descriptors: Mapping[str, bytes]) -> str | None:
    """Return the text for people, None if there is none or it makes no sense."""
    try:
        return USER_TEXT.decode(descriptors.get(USER_DESCRIPTION, b""))
    except MalformedValueError:
        return None


def _state(states: Mapping[int, str], data: bytes) -> str | None:
    """Return what a single byte stands for."""
    return states.get(data[0]) if len(data) == 1 else None

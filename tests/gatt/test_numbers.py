"""Numbers in a characteristic, over their whole range."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.gatt.numbers import (
    MEDFLOAT16,
    MEDFLOAT32,
    SINT8,
    SINT16,
    SINT24,
    UINT8,
    UINT16,
    UINT24,
    UINT32,
    Format,
    shortest,
)

# +INF, NaN, NRes, reserved, -INF.
SFLOAT_SPECIAL = (0x07FE, 0x07FF, 0x0800, 0x0801, 0x0802)
FLOAT_SPECIAL = (0x007FFFFE, 0x007FFFFF, 0x00800000, 0x00800001, 0x00800002)


def two_complement(raw: int, bits: int) -> int:
    """Return a signed number by its definition: the highest bit counts negative."""
    return sum(
        (raw >> bit & 1) * (-(2**bit) if bit == bits - 1 else 2**bit)
        for bit in range(bits)
    )


def expected(raw: int, mantissa_bits: int, exponent_bits: int) -> Fraction:
    """Return the number that a medfloat stands for, as a fraction."""
    mantissa = two_complement(raw % 2**mantissa_bits, mantissa_bits)
    exponent = two_complement(raw >> mantissa_bits, exponent_bits)
    return mantissa * Fraction(10) ** exponent


def test_every_sfloat() -> None:
    """Each of the 65536 is the very number that it stands for, or one of five none."""
    none = []
    for raw in range(0x10000):
        value = MEDFLOAT16.read(raw.to_bytes(2, "little"))
        if value is None:
            none.append(raw)
        else:
            assert Fraction(value) == expected(raw, 12, 4)
            assert MEDFLOAT16.minimum <= value <= MEDFLOAT16.maximum
    assert tuple(none) == SFLOAT_SPECIAL


@pytest.mark.parametrize("raw", FLOAT_SPECIAL)
def test_special_floats(raw: int) -> None:
    """The five special values are none; their neighbours are numbers."""
    assert MEDFLOAT32.read(raw.to_bytes(4, "little")) is None
    for near in {raw - 5, raw + 5, raw + 2**24}:
        value = MEDFLOAT32.read(near.to_bytes(4, "little"))
        assert value is not None
        assert Fraction(value) == expected(near, 24, 8)


@given(st.integers(0, 2**32 - 1))
def test_any_float(raw: int) -> None:
    """Each is the very number that it stands for."""
    value = MEDFLOAT32.read(raw.to_bytes(4, "little"))
    if raw in FLOAT_SPECIAL:
        assert value is None
    else:
        assert value is not None
        assert Fraction(value) == expected(raw, 24, 8)
        assert MEDFLOAT32.minimum <= value <= MEDFLOAT32.maximum


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ("6cf1", "36.4"),
        ("7200", "114"),
        ("fdff", "-0.3"),
        # The mantissa of NaN with another exponent is a number like any other.
        ("ff87", "0.00002047"),
        ("ff77", "20470000000"),
    ],
)
def test_known_sfloats(data: str, number: str) -> None:
    """Numbers worked out by hand."""
    value = MEDFLOAT16.read(bytes.fromhex(data))
    assert value is not None
    assert str(shortest(value)) == number


@pytest.mark.parametrize(
    ("form", "size", "minimum", "maximum"),
    [
        (UINT8, 1, 0, 255),
        (UINT16, 2, 0, 65535),
        (UINT24, 3, 0, 16777215),
        (UINT32, 4, 0, 4294967295),
        (SINT8, 1, -128, 127),
        (SINT16, 2, -32768, 32767),
        (SINT24, 3, -8388608, 8388607),
    ],
)
def test_integers(form: Format, size: int, minimum: int, maximum: int) -> None:
    """The ends of an integer are where its size puts them."""
    signed = minimum < 0
    for number in (minimum, 0, 1, maximum):
        assert form.read(number.to_bytes(size, "little", signed=signed)) == number
    assert (form.size, form.minimum, form.maximum) == (size, minimum, maximum)


@given(
    st.decimals(
        allow_nan=False,
        allow_infinity=False,
        places=9,
        min_value=-(10**15),
        max_value=10**15,
    )
)
def test_shortest(number: Decimal) -> None:
    """A number is shown with no more digits than it has, and without an exponent."""
    shown = str(shortest(number))
    assert Decimal(shown) == number
    assert shown != "-0"
    assert "." not in shown or not shown.endswith("0")
    # Python writes a number below a millionth with an exponent, as 1E-7.
    assert "E" not in shown or abs(number) < Decimal("1E-6")

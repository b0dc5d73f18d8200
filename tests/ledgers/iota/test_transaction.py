"""Transactions, keys and signatures, byte for byte as IOTA's own library makes them."""

from collections.abc import Callable

from hypothesis import given, settings, strategies as st
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.iota.base58 import (
    decode_base58,
    encode_base58,
)
from custom_components.sensorchain.ledgers.iota.bcs import Reader
from custom_components.sensorchain.ledgers.iota.bech32 import decode_bech32
from custom_components.sensorchain.ledgers.iota.key import PREFIX, Key
from custom_components.sensorchain.ledgers.iota.programs import (
    MOST_TEXT,
    Packages,
    Trail,
    add_record,
    make_trail,
    message_of,
    notarise,
    seal_trail,
)
from custom_components.sensorchain.ledgers.iota.transaction import (
    MOST_BYTES,
    Argument,
    Gas,
    MakeVector,
    MoveCall,
    ObjectRef,
    Owned,
    Program,
    Pure,
    Shared,
    Transaction,
    Transfer,
    Type,
    address,
    written,
)
from custom_components.sensorchain.ledgers.ledger import SettingsError
from custom_components.sensorchain.transparency.errors import MalformedError

from .official import official

_HASHES = st.binary(min_size=32, max_size=32)
_U64 = st.integers(0, 2**64 - 1)
_U16 = st.integers(0, 2**16 - 1)
_NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,30}", fullmatch=True)
# A version has its upper half for what was cancelled.
_VERSIONS = st.integers(0, 2**63 - 1)
_REFERENCES = st.builds(ObjectRef, _HASHES, _VERSIONS, _HASHES)
_ARGUMENTS = st.one_of(
    st.builds(Argument, st.just(1), _U16),
    st.builds(Argument, st.just(2), _U16),
    st.builds(Argument, st.just(3), _U16, _U16),
)
_TYPES = st.recursive(
    st.builds(
        Type, st.sampled_from(["bool", "u8", "u16", "u32", "u64", "u128", "address"])
    ),
    lambda inner: st.one_of(
        st.builds(lambda kind: Type("vector", parameters=(kind,)), inner),
        st.builds(
            Type, _NAMES, _HASHES, _NAMES, st.lists(inner, max_size=2).map(tuple)
        ),
    ),
    max_leaves=4,
)
_MANY = st.lists(_ARGUMENTS, max_size=4).map(tuple)
_PROGRAMS = st.builds(
    Program,
    st.lists(
        st.one_of(
            st.builds(Pure, st.binary(max_size=300)),
            st.builds(Owned, _REFERENCES),
            st.builds(Shared, _HASHES, _VERSIONS, st.booleans()),
        ),
        max_size=5,
    ).map(tuple),
    st.lists(
        st.one_of(
            st.builds(
                MoveCall,
                _HASHES,
                _NAMES,
                _NAMES,
                st.lists(_TYPES, max_size=2).map(tuple),
                _MANY,
            ),
            st.builds(Transfer, _MANY, _ARGUMENTS),
            st.builds(MakeVector, _TYPES, _MANY),
        ),
        max_size=5,
    ).map(tuple),
)
_TRANSACTIONS = st.builds(
    Transaction,
    _PROGRAMS,
    _HASHES,
    st.builds(
        Gas,
        payment=st.lists(_REFERENCES, max_size=3).map(tuple),
        owner=_HASHES,
        price=_U64,
        budget=_U64,
    ),
    st.none() | _U64,
)

PACKAGES = Packages(b"\1" * 32, b"\2" * 32, b"\3" * 32, b"\4" * 32)
TRAIL = Trail(b"\5" * 32, 77)
CAPABILITY = ObjectRef(b"\6" * 32, 78, b"\7" * 32)


@settings(deadline=None)
@given(_TRANSACTIONS)
def test_form(transaction: Transaction) -> None:
    """A transaction's form and its name are the library's, and read back."""
    ours, theirs = transaction.to_bytes(), official(transaction)
    assert ours == theirs.to_bcs()
    assert transaction.digest == theirs.digest().to_base58()
    assert Transaction.parse(ours) == transaction
    # Behind the version, which a gas station is not given.
    assert ours[1:].startswith(transaction.program.to_bytes())


@settings(deadline=None)
@given(_HASHES, _TRANSACTIONS)
def test_signature(secret: bytes, transaction: Transaction) -> None:
    """An address, a written key and a signature are the library's."""
    key, theirs = Key(secret), sdk.Ed25519PrivateKey(secret)
    assert key.address == theirs.public_key().derive_address().to_bytes()
    assert key.reveal() == theirs.to_bech32()
    assert Key.parse(key.reveal()) == Key.parse(secret.hex()) == key
    signature = theirs.sign_transaction(official(transaction))
    assert key.sign(transaction.to_bytes()) == signature.to_base64()


@settings(deadline=None)
@given(_TRANSACTIONS, st.data())
def test_no_other_form(transaction: Transaction, data: st.DataObject) -> None:
    """What was changed anywhere is another transaction, or none at all."""
    form = transaction.to_bytes()
    place = data.draw(st.integers(0, len(form) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = form[:place] + bytes([byte]) + form[place + 1 :]
    try:
        found = Transaction.parse(changed)
    except MalformedError:
        return
    assert found.to_bytes() == changed


@given(st.binary(max_size=400))
def test_not_a_transaction(data: bytes) -> None:
    """Bytes at random are refused."""
    with pytest.raises(MalformedError):
        Transaction.parse(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "0x12",
        "zz" * 32,
        PREFIX + "1",
        "suiprivkey1qzzzz",
        Key(bytes(32)).reveal()[:-1] + "q",
        Key(bytes(32)).reveal().upper(),
    ],
)
def test_not_a_key(text: str) -> None:
    """What is no key is refused, and not repeated."""
    with pytest.raises(SettingsError) as caught:
        Key.parse(text)
    assert len(text) < 20 or text not in str(caught.value)


def test_other_kinds_of_keys() -> None:
    """A key of another kind is refused: it would sign as nobody expects."""
    key = sdk.Secp256k1PrivateKey.random().to_bech32()
    assert decode_bech32(PREFIX, key)
    with pytest.raises(SettingsError, match="Ed25519"):
        Key.parse(key)


@pytest.mark.parametrize(
    "program",
    [
        make_trail(PACKAGES, b"\x08" * 32, "sensorchain/1234"),
        seal_trail(PACKAGES, TRAIL, CAPABILITY),
        add_record(PACKAGES, TRAIL, CAPABILITY, "a message"),
        notarise(PACKAGES, "a message"),
    ],
    ids=["make", "seal", "record", "notarise"],
)
def test_programs(program: Program) -> None:
    """Our programs are programs to the library; arguments point at what is before them."""
    gas = Gas(payment=(CAPABILITY,), owner=b"\x08" * 32, price=1000, budget=10**7)
    transaction = Transaction(program, b"\x08" * 32, gas)
    assert transaction.to_bytes() == official(transaction).to_bcs()
    for place, command in enumerate(program.commands):
        for argument in getattr(command, "arguments", ()):
            limit = len(program.inputs) if argument.variant == 1 else place
            assert argument.index < limit


def test_message() -> None:
    """The message of a program of ours is found; anything else has none."""
    record = add_record(PACKAGES, TRAIL, CAPABILITY, "a message")
    assert message_of(record, PACKAGES) == "a message"
    assert message_of(notarise(PACKAGES, "a message"), PACKAGES) == "a message"
    assert message_of(seal_trail(PACKAGES, TRAIL, CAPABILITY), PACKAGES) is None
    other = Program(record.inputs, record.commands[:1])
    assert message_of(other, PACKAGES) is None
    elsewhere = Packages(b"\x09" * 32, b"\2" * 32, b"\3" * 32, b"\x09" * 32)
    assert message_of(record, elsewhere) is None
    assert message_of(make_trail(PACKAGES, b"\x08" * 32, "name"), PACKAGES) is None


def test_longest_message() -> None:
    """What one input holds is taken, and not a byte more."""
    program = notarise(PACKAGES, "x" * MOST_TEXT)
    assert message_of(program, PACKAGES) == "x" * MOST_TEXT
    with pytest.raises(MalformedError, match="An input of"):
        notarise(PACKAGES, "x" * (MOST_TEXT + 1))


def test_names_of_types() -> None:
    """They are written as Move writes them, which is how nodes are asked for objects."""
    origin, components = "0x" + "02" * 32, "0x" + "03" * 32
    assert str(PACKAGES.trail) == (
        f"{origin}::main::AuditTrail<{origin}::record::Data>"
    )
    assert str(PACKAGES.capability) == f"{components}::capability::Capability"
    assert str(Type("vector", parameters=(Type("u8"),))) == "vector<u8>"


@given(_HASHES)
def test_address(value: bytes) -> None:
    """An address has one spelling."""
    assert address(written(value)) == value
    for other in (
        value.hex(),
        written(value[:-1]),
        written(value) + "0",
        "0x" + "G" * 64,
    ):
        with pytest.raises(MalformedError, match="Not an address"):
            address(other)


@given(_HASHES)
def test_digest(value: bytes) -> None:
    """A digest is written as the library writes it, and has no other spelling."""
    text = sdk.Digest.from_bytes(value).to_base58()
    assert encode_base58(value) == text
    assert decode_base58(text, 32) == value
    for other in (text[:-1] + "0", "1" + text, text[:30], "1" * 33, "z" * 44, ""):
        assert decode_base58(other, 32) is None


def test_digest_that_begins_with_zeros() -> None:
    """Each byte of zero at the beginning is a 1."""
    assert encode_base58(bytes(32)) == "1" * 32
    assert decode_base58("1" * 31 + "2", 32) == bytes(31) + b"\1"


def test_new_key() -> None:
    """No two are alike, and each comes back from what a wallet would show."""
    one, other = Key.generate(), Key.generate()
    assert one != other
    assert Key.parse(one.reveal()) == one


@pytest.mark.parametrize(
    ("data", "read", "problem"),
    [
        (b"\xff\xff\xff\xff\xff\1", Reader.length, "more than 32 bits"),
        (b"\xff\xff\xff\xff\x0f", Reader.length, "more than 31 bits"),
        (b"\x80\0", Reader.length, "shortest form"),
        (b"\2\xff\xff", Reader.text, "UTF-8"),
        (b"\2", Reader.truth, "Neither yes nor no"),
        (b"\2\1", Reader.blob, "ends too early"),
        (b"\2\1", lambda reader: reader.sequence(Reader.truth), "ends too early"),
        (b"\1", Reader.finish, "1 bytes too many"),
        (b"\1", Program.read, "of the system"),
        (b"\0\1\5\0", Program.read, "An input of another kind"),
        (b"\0\1\1\2\0", Program.read, "An input of another kind"),
        (b"\0\0\1\2\0", Program.read, "A command of another kind"),
        (b"\0\0\1\5\0\0", Program.read, "A vector of no type"),
        (b"\0\0\1\5\1\x0b\0", Program.read, "A type of another kind"),
        (b"\0\0\1\1\1\0\0\0", Program.read, "An argument of another kind"),
        (bytes(40) + b"\1\0", ObjectRef.read, "not 32 bytes"),
        (b"\1", lambda reader: Transaction.parse(b"\1"), "another version"),
        (
            b"",
            lambda reader: Transaction.parse(bytes(MOST_BYTES + 1)),
            "of 131073 bytes",
        ),
    ],
)
def test_refusals(data: bytes, read: Callable[[Reader], object], problem: str) -> None:
    """What a node or a person gives is refused for a reason that can be told."""
    with pytest.raises(MalformedError, match=problem):
        read(Reader(data))

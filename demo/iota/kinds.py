"""Types of Move, and what values of them look like: in BCS, and in JSON as nodes show them.

A type is written as in Move; a package has a short name in place of its address, which differs from network to
network:

    trails::main::AuditTrail<trails::record::Data>

Values are plain Python: numbers, text, bytes, lists, None or a value for an option, a dictionary for a struct, and for an
enum the name of the variant with a dictionary of its fields.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Any

ADDRESS_SIZE = 32

_NUMBERS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "u128": 16, "u256": 32}
_TOKEN = re.compile(r"[\w:]+|[<>,]")
_ALL = frozenset({"copy", "drop", "store"})


class UnknownKindError(Exception):
    """A type that no package here has."""


class MalformedValueError(Exception):
    """Bytes that are not a value of the type."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its name, and the types that it is made with."""

    name: str
    parameters: tuple[Kind, ...] = ()

    def __str__(self) -> str:
        """Return it as Move writes it."""
        inner = ", ".join(map(str, self.parameters))
        return self.name + (f"<{inner}>" if inner else "")

    def bind(self, types: Mapping[str, Kind]) -> Kind:
        """Return it with types in place of their letters."""
        if self.name in types:
            return types[self.name]
        return Kind(self.name, tuple(each.bind(types) for each in self.parameters))


def kind(text: str) -> Kind:
    """Return the type of a text; short names are those of SHORT."""
    tokens = iter(_TOKEN.findall(text))
    return _read_kinds(next(tokens), tokens)[0]


def _read_kinds(name: str, tokens: Iterator[str]) -> tuple[Kind, str]:
    """Read a type, whose name has been read; return it with the token behind it."""
    after = next(tokens, "")
    parameters: list[Kind] = []
    if after == "<":
        while after != ">":
            inner, after = _read_kinds(next(tokens), tokens)
            parameters.append(inner)
        after = next(tokens, "")
    return Kind(SHORT.get(name, name), tuple(parameters)), after


SHORT = {
    name.rpartition("::")[2]: name
    for name in (
        "std::string::String",
        "std::option::Option",
        "iota::object::UID",
        "iota::object::ID",
        "iota::vec_set::VecSet",
        "iota::vec_map::VecMap",
        "iota::vec_map::Entry",
        "iota::linked_table::LinkedTable",
        "iota::linked_table::Node",
        "iota::dynamic_field::Field",
        "iota::balance::Balance",
        "iota::coin::Coin",
        "iota::iota::IOTA",
        "iota::clock::Clock",
        "components::capability::Capability",
        "components::role_map::RoleMap",
        "components::role_map::Role",
        "components::role_map::RoleAdminPermissions",
        "components::role_map::CapabilityAdminPermissions",
        "trails::main::AuditTrail",
        "trails::main::RecordAdded",
        "trails::main::CapabilityIssuedReceipt",
        "trails::locking::LockingWindow",
        "trails::locking::LockingConfig",
        "trails::permission::Permission",
        "trails::record::Data",
        "trails::record::Record",
        "trails::record::InitialRecord",
        "trails::record::RecordCorrection",
        "trails::record_tags::RoleTags",
        "trails::record_tags::TagRegistry",
        "notarization::notarization::Notarization",
        "notarization::notarization::State",
        "notarization::notarization::LockMetadata",
        "notarization::method::NotarizationMethod",
    )
}


@dataclass(frozen=True, slots=True)
class Struct:
    """A struct's fields in order, by the letters of its types."""

    letters: tuple[str, ...]
    fields: Mapping[str, Kind]
    abilities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum's variants in order, each with its fields."""

    variants: Mapping[str, Mapping[str, Kind]]
    abilities: frozenset[str]


_STRUCTS: dict[str, Struct] = {}
_ENUMS: dict[str, Enum] = {}


def _struct(head: str, abilities: str, /, **fields: str) -> None:
    """Declare a struct."""
    declared = kind(head)
    letters = tuple(each.name for each in declared.parameters)
    kinds = {name: kind(text) for name, text in fields.items()}
    _STRUCTS[declared.name] = Struct(letters, kinds, frozenset(abilities.split()))


def _enum(head: str, abilities: str, variants: Mapping[str, Mapping[str, str]]) -> None:
    """Declare an enum."""
    kinds = {
        variant: {name: kind(text) for name, text in fields.items()}
        for variant, fields in variants.items()
    }
    _ENUMS[kind(head).name] = Enum(kinds, frozenset(abilities.split()))


# The standard library and the framework (repository iotaledger/iota, crates/iota-framework/packages).
_struct("IOTA", "drop")
_struct("VecSet<K>", "copy drop store", contents="vector<K>")
_struct("Entry<K, V>", "copy drop store", key="K", value="V")
_struct("VecMap<K, V>", "copy drop store", contents="vector<Entry<K, V>>")
_struct(
    "LinkedTable<K, V>",
    "key store",
    id="UID",
    size="u64",
    head="Option<K>",
    tail="Option<K>",
)
_struct("Node<K, V>", "store", prev="Option<K>", next="Option<K>", value="V")
_struct("Field<K, V>", "key", id="UID", name="K", value="V")
_struct("Balance<T>", "store", value="u64")
_struct("Coin<T>", "key store", id="UID", balance="Balance<T>")
_struct("Clock", "key", id="UID", timestamp_ms="u64")

# Time locks, capabilities and roles (repository iotaledger/product-core, components_move).
_enum(
    "components::timelock::TimeLock",
    "drop store",
    {
        "UnlockAt": {"0": "u32"},
        "UnlockAtMs": {"0": "u64"},
        "UntilDestroyed": {},
        "Infinite": {},
        "None": {},
    },
)
_struct(
    "Capability",
    "key store",
    id="UID",
    target_key="ID",
    role="String",
    issued_to="Option<address>",
    valid_from="Option<u64>",
    valid_until="Option<u64>",
)
_struct("RoleAdminPermissions<P>", "copy drop store", add="P", delete="P", update="P")
_struct("CapabilityAdminPermissions<P>", "copy drop store", add="P", revoke="P")
_struct("Role<P, D>", "copy drop store", permissions="VecSet<P>", data="Option<D>")
_struct(
    "RoleMap<P, D>",
    "store",
    target_key="ID",
    roles="VecMap<String, Role<P, D>>",
    initial_admin_role_name="String",
    revoked_capabilities="LinkedTable<ID, u64>",
    initial_admin_cap_ids="VecSet<ID>",
    role_admin_permissions="RoleAdminPermissions<P>",
    capability_admin_permissions="CapabilityAdminPermissions<P>",
)

# Audit trails (repository iotaledger/notarization, audit-trail-move).
_enum(
    "LockingWindow",
    "copy drop store",
    {"None": {}, "TimeBased": {"seconds": "u64"}, "CountBased": {"count": "u64"}},
)
_struct(
    "LockingConfig",
    "drop store",
    delete_record_window="LockingWindow",
    delete_trail_lock="components::timelock::TimeLock",
    write_lock="components::timelock::TimeLock",
)
_enum(
    "Permission",
    "copy drop store",
    {
        name: {}
        for name in (
            *("DeleteAuditTrail", "DeleteAllRecords"),
            *("AddRecord", "DeleteRecord", "CorrectRecord"),
            *("UpdateLockingConfig", "UpdateLockingConfigForDeleteRecord"),
            *("UpdateLockingConfigForDeleteTrail", "UpdateLockingConfigForWrite"),
            *("AddRoles", "UpdateRoles", "DeleteRoles"),
            *("AddCapabilities", "RevokeCapabilities"),
            *("UpdateMetadata", "DeleteMetadata", "Migrate"),
            *("AddRecordTags", "DeleteRecordTags"),
        )
    },
)
_enum(
    "Data",
    "copy drop store",
    {"Bytes": {"0": "vector<u8>"}, "Text": {"0": "String"}},
)
_struct("RoleTags", "copy drop store", tags="VecSet<String>")
_struct("TagRegistry", "copy drop store", tag_map="VecMap<String, u64>")
_struct(
    "RecordCorrection",
    "copy drop store",
    replaces="VecSet<u64>",
    is_replaced_by="Option<u64>",
)
_struct(
    "Record<D>",
    "store",
    data="D",
    metadata="Option<String>",
    tag="Option<String>",
    sequence_number="u64",
    added_by="address",
    added_at="u64",
    correction="RecordCorrection",
)
_struct(
    "InitialRecord<D>",
    "copy drop store",
    data="D",
    metadata="Option<String>",
    tag="Option<String>",
)
_struct(
    "trails::main::ImmutableMetadata",
    "copy drop store",
    name="String",
    description="Option<String>",
)
_struct(
    "AuditTrail<D>",
    "key",
    id="UID",
    creator="address",
    created_at="u64",
    sequence_number="u64",
    records="LinkedTable<u64, Record<D>>",
    tags="TagRegistry",
    locking_config="LockingConfig",
    roles="RoleMap<Permission, RoleTags>",
    immutable_metadata="Option<trails::main::ImmutableMetadata>",
    updatable_metadata="Option<String>",
    version="u64",
)
_struct(
    "RecordAdded",
    "copy drop",
    trail_id="ID",
    sequence_number="u64",
    added_by="address",
    timestamp="u64",
)
_struct(
    "CapabilityIssuedReceipt",
    "copy drop",
    target_key="ID",
    capability_id="ID",
    role="String",
    issued_to="Option<address>",
    valid_from="Option<u64>",
    valid_until="Option<u64>",
)

# Notarizations (the same repository, notarization-move).
_enum(
    "notarization::timelock::TimeLock",
    "store",
    {"UnlockAt": {"0": "u32"}, "UntilDestroyed": {}, "None": {}},
)
_enum("NotarizationMethod", "copy drop store", {"Dynamic": {}, "Locked": {}})
_struct("State<D>", "copy drop store", data="D", metadata="Option<String>")
_struct(
    "LockMetadata",
    "store",
    update_lock="notarization::timelock::TimeLock",
    delete_lock="notarization::timelock::TimeLock",
    transfer_lock="notarization::timelock::TimeLock",
)
_struct(
    "notarization::notarization::ImmutableMetadata",
    "store",
    created_at="u64",
    description="Option<String>",
    locking="Option<LockMetadata>",
)
_struct(
    "Notarization<D>",
    "key",
    id="UID",
    state="State<D>",
    immutable_metadata="notarization::notarization::ImmutableMetadata",
    updatable_metadata="Option<String>",
    last_state_change_at="u64",
    state_version_count="u64",
    method="NotarizationMethod",
)

STRING, OPTION, UID, ID = map(kind, ("String", "Option", "UID", "ID"))
ADDRESSES = frozenset({"address", UID.name, ID.name})
GAS_COIN = kind("Coin<IOTA>")

_PURE = frozenset({*_NUMBERS, "bool", "address", STRING.name, ID.name})


def is_pure(wanted: Kind) -> bool:
    """Tell whether a value can be given as bytes: what is not an object, nor made by a package."""
    if wanted.name in {"vector", OPTION.name}:
        return is_pure(wanted.parameters[0])
    return wanted.name in _PURE


def abilities(of: Kind) -> frozenset[str]:
    """Return what may be done with a value: copy, drop, store, key; raises UnknownKindError."""
    if of.name in {"vector", OPTION.name}:
        return abilities(of.parameters[0]) & _ALL
    if of.name == UID.name:
        return frozenset({"store"})
    if of.name in _PURE:
        return _ALL
    if declared := _ENUMS.get(of.name):
        return declared.abilities
    found = _declared(of).abilities
    inner = [abilities(each) for each in of.parameters]
    return frozenset(
        ability
        for ability in found
        if ability == "key" or "key" in found or all(ability in each for each in inner)
    )


def _declared(of: Kind) -> Struct:
    """Return the declaration of a struct."""
    found = _STRUCTS.get(of.name)
    if found is None or len(found.letters) != len(of.parameters):
        raise UnknownKindError(str(of))
    return found


def _fields(of: Kind) -> Iterator[tuple[str, Kind]]:
    """Return the fields of a struct."""
    declared = _declared(of)
    types = dict(zip(declared.letters, of.parameters, strict=True))
    for name, inner in declared.fields.items():
        yield name, inner.bind(types)


# BCS


def encode(of: Kind, value: Any) -> bytes:
    """Return a value in BCS."""
    written = bytearray()
    _write(of, value, written)
    return bytes(written)


def _write_length(length: int, to: bytearray) -> None:
    """Write a length, or the number of a variant: ULEB128."""
    while length > 0x7F:
        to.append(length & 0x7F | 0x80)
        length >>= 7
    to.append(length)


def _write(of: Kind, value: Any, to: bytearray) -> None:
    """Write a value."""
    if of.name in _NUMBERS:
        to += value.to_bytes(_NUMBERS[of.name], "little")
    elif of.name == "bool":
        to.append(value)
    elif of.name in ADDRESSES:
        to += bytes.fromhex(value[2:])
    elif of.name == STRING.name:
        _write_length(len(value.encode()), to)
        to += value.encode()
    elif of == Kind("vector", (Kind("u8"),)):
        _write_length(len(value), to)
        to += value
    elif of.name in {"vector", OPTION.name}:
        items = value if of.name == "vector" else [] if value is None else [value]
        _write_length(len(items), to)
        for item in items:
            _write(of.parameters[0], item, to)
    elif declared := _ENUMS.get(of.name):
        variant, inner = value
        _write_length(list(declared.variants).index(variant), to)
        for name, each in declared.variants[variant].items():
            _write(each, inner[name], to)
    else:
        for name, each in _fields(of):
            _write(each, value[name], to)


def decode(of: Kind, data: bytes) -> Any:
    """Return the value of bytes in BCS; raises MalformedValueError."""
    reader = _Reader(data)
    try:
        value = reader.value(of)
    except (UnicodeDecodeError, IndexError) as error:
        raise MalformedValueError(str(of)) from error
    if reader.at != len(data):
        raise MalformedValueError(f"{of} and more")
    return value


@dataclass(slots=True)
class _Reader:
    """Bytes that are being read."""

    data: bytes
    at: int = field(default=0)

    def fixed(self, size: int) -> bytes:
        """Return so many bytes."""
        self.at += size
        if self.at > len(self.data):
            raise MalformedValueError("It ends too early")
        return self.data[self.at - size : self.at]

    def length(self) -> int:
        """Return a length."""
        length = shift = 0
        while (byte := self.fixed(1)[0]) > 0x7F:
            length |= (byte & 0x7F) << shift
            shift += 7
        if (shift and not byte) or shift > 28:
            raise MalformedValueError("A length in another form")
        return length | byte << shift

    def value(self, of: Kind) -> Any:
        """Return a value."""
        if of.name in _NUMBERS:
            return int.from_bytes(self.fixed(_NUMBERS[of.name]), "little")
        if of.name == "bool":
            if (truth := self.fixed(1)[0]) > 1:
                raise MalformedValueError("Neither true nor false")
            return bool(truth)
        if of.name in ADDRESSES:
            return f"0x{self.fixed(ADDRESS_SIZE).hex()}"
        if of.name == STRING.name:
            return self.fixed(self.length()).decode()
        if of == Kind("vector", (Kind("u8"),)):
            return self.fixed(self.length())
        if of.name == "vector":
            return [self.value(of.parameters[0]) for _ in range(self.length())]
        if of.name == OPTION.name:
            if (count := self.length()) > 1:
                raise MalformedValueError("An option of several")
            return self.value(of.parameters[0]) if count else None
        if declared := _ENUMS.get(of.name):
            variant, inner = list(declared.variants.items())[self.length()]
            return variant, {name: self.value(each) for name, each in inner.items()}
        return {name: self.value(each) for name, each in _fields(of)}


# JSON


def to_json(of: Kind, value: Any) -> Any:
    """Return a value as GraphQL shows it: whole numbers above 32 bits as text."""
    if of.name in {"u64", "u128", "u256"}:
        return str(value)
    if of == Kind("vector", (Kind("u8"),)):
        return b64encode(value).decode()
    if of.name == "vector":
        return [to_json(of.parameters[0], item) for item in value]
    if of.name == OPTION.name:
        return None if value is None else to_json(of.parameters[0], value)
    if declared := _ENUMS.get(of.name):
        variant, inner = value
        kinds = declared.variants[variant]
        shown = {name: to_json(kinds[name], each) for name, each in inner.items()}
        return {"@variant": variant, **shown}
    if isinstance(value, dict):
        return {name: to_json(each, value[name]) for name, each in _fields(of)}
    return value

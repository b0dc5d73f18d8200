"""Objects: what an address, another object or everybody has, in its present version."""

from base64 import b64encode
from dataclasses import dataclass
import json
from typing import Any, ClassVar, Self

import iota_sdk as sdk

from .identity import Identity, written
from .kinds import GAS_COIN, Kind, decode, encode, kind

CLOCK = written(6)
"""The network's clock, a shared object of everybody's (iota-types, IOTA_CLOCK_OBJECT_ID)."""

NANOS_PER_BYTE = 7_600
"""Of storage: 100 units a byte at 76 NANOS (iota-protocol-config, obj_data_cost_refundable, storage_gas_price)."""

_BESIDE_DATA = 80
"""Bytes that storage counts for owner, transaction and rebate (iota-types, object_size_for_gas_metering)."""

GENESIS = sdk.TransactionDigest.from_bytes(bytes(32)).to_base58()
"""Of the transaction that made what was there at the beginning."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has an object: an address, an object, or everybody since a version."""

    form: str
    """Address, Object or Shared, as the library writes it."""
    value: str
    """An address, an id, or the version in which it began to be shared."""

    @classmethod
    def address(cls, address: str) -> Self:
        """Return the owner that is an address."""
        return cls("Address", address)

    @classmethod
    def object(cls, object_id: str) -> Self:
        """Return the owner that is an object."""
        return cls("Object", object_id)

    @classmethod
    def shared(cls, version: int) -> Self:
        """Return that everybody has it."""
        return cls("Shared", str(version))

    @property
    def is_shared(self) -> bool:
        """Whether everybody has it."""
        return self.form == "Shared"

    _FORMS: ClassVar = {"Address": "AddressOwner", "Object": "ObjectOwner"}

    def to_rpc(self) -> Any:
        """Return it as JSON-RPC shows it."""
        if self.is_shared:
            return {"Shared": {"initial_shared_version": int(self.value)}}
        return {self._FORMS[self.form]: self.value}

    def to_sdk(self) -> Any:
        """Return it as the library writes it in JSON."""
        return {self.form: self.value}


@dataclass(frozen=True, slots=True)
class Thing:
    """An object that has no version yet: what a program leaves behind."""

    kind: Kind
    value: Any
    owner: Owner


@dataclass(frozen=True, slots=True)
class LiveObject:
    """An object in its present version."""

    object_id: str
    version: int
    kind: Kind
    contents: bytes
    """Its fields in BCS."""
    owner: Owner
    previous: str
    """Digest of the transaction that made this version."""
    digest: str
    bcs: bytes
    """All of it, as it is hashed."""
    rebate: int
    """NANOS that are given back when it changes or goes: what its storage cost."""

    @property
    def value(self) -> Any:
        """Its fields."""
        return decode(self.kind, self.contents)

    @property
    def reference(self) -> dict[str, Any]:
        """What names this version, as JSON-RPC shows it."""
        return {
            "objectId": self.object_id,
            "version": self.version,
            "digest": self.digest,
        }

    @property
    def balance(self) -> int:
        """What a coin holds, in NANOS; 0 for anything else."""
        return int(self.value["balance"]["value"]) if self.kind == GAS_COIN else 0


def live(identity: Identity, thing: Thing, version: int, previous: str) -> LiveObject:
    """Return an object in a version."""
    contents = encode(thing.kind, thing.value)
    struct = {
        "object_type": identity.written(thing.kind),
        "version": str(version),
        "contents": b64encode(contents).decode(),
    }
    rebate = NANOS_PER_BYTE * _size(identity, thing.kind, contents)
    made = sdk.Object.from_json(
        json.dumps(
            {
                "data": {"Struct": struct},
                "owner": thing.owner.to_sdk(),
                "previous_transaction": previous,
                "storage_rebate": str(rebate),
            }
        )
    )
    return LiveObject(
        object_id=str(thing.value["id"]),
        version=version,
        kind=thing.kind,
        contents=contents,
        owner=thing.owner,
        previous=previous,
        digest=made.digest().to_base58(),
        bcs=made.to_bcs(),
        rebate=rebate,
    )


def _size(identity: Identity, of: Kind, contents: bytes) -> int:
    """Return the bytes that storage counts for an object."""
    # A coin of IOTA is so frequent that its type is a number.
    tag = 1 if of == GAS_COIN else len(identity.tag(of).to_bcs())
    return _BESIDE_DATA + len(contents) + 8 + tag


def storage_cost(identity: Identity, thing: Thing) -> int:
    """Return what an object's storage costs, in NANOS."""
    contents = encode(thing.kind, thing.value)
    return NANOS_PER_BYTE * _size(identity, thing.kind, contents)


def coin(object_id: str, nanos: int, owner: str) -> Thing:
    """Return a coin of IOTA."""
    value = {"id": object_id, "balance": {"value": nanos}}
    return Thing(GAS_COIN, value, Owner.address(owner))


def clock(milliseconds: int) -> Thing:
    """Return the clock."""
    value = {"id": CLOCK, "timestamp_ms": milliseconds}
    return Thing(kind("Clock"), value, Owner.shared(1))

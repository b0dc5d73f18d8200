"""What a person chooses for IOTA."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
import re

from ...transparency.errors import MalformedError
from ...transparency.jcs import JsonValue
from ..given import (
    check_explorer,
    check_nodes,
    check_range,
    check_url,
    choice,
    number,
    optional_text,
    text,
    urls,
    without_tokens,
)
from ..ledger import SettingsError
from .key import Key
from .networks import Network, known
from .programs import MOST_TEXT, Packages, Trail
from .transaction import address

UNIT = "IOTA"

DECIMALS = 9
"""One IOTA is 10 to the power of this in NANOS."""

LEAST_BYTES, MOST_BYTES = 512, MOST_TEXT
"""Of a message: a checkpoint alone has some 270."""

LEAST_BUDGET, MOST_BUDGET = 1_000_000, 50_000_000_000
"""NANOS of a transaction (iota-protocol-config: base_tx_cost_fixed × price, max_tx_gas)."""

MOST_VERSION = 2**53 - 1
"""What JSON keeps exactly; versions of objects grow by one with each transaction."""

PACKAGES = ("trails", "trails_origin", "components", "notarization")
"""The settings that say where a network of one's own has the packages."""

_CHAIN = re.compile(r"[0-9a-f]{8}")
_MOST_AMOUNT = 10**10


class Wire(StrEnum):
    """How a node is spoken to."""

    GRAPHQL = "graphql"
    JSON_RPC = "json_rpc"


class AnchorForm(StrEnum):
    """What an anchor is on the chain."""

    AUDIT_TRAIL = "audit_trail"
    """A record in the log's own trail."""
    NOTARIZATION = "notarization"
    """A locked object of its own."""


@dataclass(frozen=True, slots=True)
class IotaSettings:
    """The nodes of a network and how it is used; raises SettingsError for what cannot be.

    `private_key` is None where there is nothing to sign: in a verifier. `trail` and the
    version in which it began to be shared are None until it is made. Where the packages are
    is given, all four, for a network that is not known, and for no other. `most_fee` is the
    largest gas budget of an anchor in IOTA; `most_bytes` is how long a message may be.
    """

    nodes: tuple[str, ...]
    chain: str
    wire: Wire = Wire.GRAPHQL
    private_key: str | None = field(default=None, repr=False)
    form: AnchorForm = AnchorForm.AUDIT_TRAIL
    trail: str | None = None
    trail_version: int | None = None
    trails: str | None = None
    trails_origin: str | None = None
    components: str | None = None
    notarization: str | None = None
    most_fee: str = "0.05"
    most_bytes: int = 4096
    gas_station: str | None = None
    gas_station_token: str | None = field(default=None, repr=False)
    explorer: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_nodes(self.nodes)
        if not _CHAIN.fullmatch(self.chain):
            raise SettingsError("chain", "A chain is named by 8 hexadecimal digits")
        if self.private_key is not None:
            Key.parse(self.private_key)
        self._check_trail()
        self._check_packages()
        if not LEAST_BUDGET <= nanos(self.most_fee) <= MOST_BUDGET:
            least, most = in_unit(LEAST_BUDGET), in_unit(MOST_BUDGET)
            raise SettingsError(
                "most_fee", f"A transaction costs from {least:f} to {most:.0f} {UNIT}"
            )
        check_range("most_bytes", self.most_bytes, LEAST_BYTES, MOST_BYTES)
        if self.gas_station is not None:
            check_url("gas_station", self.gas_station)
        check_explorer(self.explorer)

    @property
    def key(self) -> Key | None:
        """The account's key, where there is one."""
        return None if self.private_key is None else Key.parse(self.private_key)

    @property
    def packages(self) -> Packages:
        """Where the network has the packages."""
        network = known(self.chain)
        return network.packages if network else Packages(*self._own_packages)

    @property
    def trail_object(self) -> Trail | None:
        """The log's trail, where it has been made."""
        if self.trail is None or self.trail_version is None:
            return None
        return Trail(_address("trail", self.trail), self.trail_version)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the settings as they are stored."""
        return {
            "nodes": list(self.nodes),
            "chain": self.chain,
            "wire": self.wire.value,
            "private_key": self.private_key,
            "form": self.form.value,
            "trail": self.trail,
            "trail_version": self.trail_version,
            **{name: getattr(self, name) for name in PACKAGES},
            "most_fee": self.most_fee,
            "most_bytes": self.most_bytes,
            "gas_station": self.gas_station,
            "gas_station_token": self.gas_station_token,
            "explorer": self.explorer,
        }

    def public(self, known_nodes: tuple[str, ...] = ()) -> "IotaSettings":
        """Return the settings without what lets somebody in: for strangers to see.

        `known_nodes` are the public ones of the network.
        """
        return replace(
            self,
            nodes=without_tokens(self.nodes, known_nodes, {"graphql"}),
            private_key=None,
            gas_station=None,
            gas_station_token=None,
        )

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "IotaSettings":
        """Return the settings of a JSON object; what is missing is as by default."""
        given = {each.name: each.default for each in fields(cls)} | dict(value)
        version = given["trail_version"]
        return cls(
            nodes=urls(given, "nodes"),
            chain=text(given, "chain"),
            wire=choice(given, "wire", Wire),
            private_key=optional_text(given, "private_key"),
            form=choice(given, "form", AnchorForm),
            trail=optional_text(given, "trail"),
            trail_version=None if version is None else number(given, "trail_version"),
            **{name: optional_text(given, name) for name in PACKAGES},
            most_fee=text(given, "most_fee"),
            most_bytes=number(given, "most_bytes"),
            gas_station=optional_text(given, "gas_station"),
            gas_station_token=optional_text(given, "gas_station_token"),
            explorer=optional_text(given, "explorer"),
        )

    @property
    def _own_packages(self) -> list[bytes]:
        """Where a network of one's own has the packages; raises SettingsError."""
        return [_address(name, getattr(self, name)) for name in PACKAGES]

    def _check_packages(self) -> None:
        """Refuse packages that are not given, and others than a known network's.

        Whoever could choose them there could have times of his own in the objects.
        """
        if not known(self.chain):
            _ = self._own_packages
            return
        for name in PACKAGES:
            if getattr(self, name) is not None:
                raise SettingsError(name, "The packages of this network are known")

    def _check_trail(self) -> None:
        """Refuse half a trail, and what is none."""
        if (self.trail is None) is not (self.trail_version is None):
            raise SettingsError("trail", "A trail is an address and a version")
        if self.trail is not None and self.trail_version is not None:
            _address("trail", self.trail)
            check_range("trail_version", self.trail_version, 1, MOST_VERSION)


def usual(network: Network, wire: Wire = Wire.GRAPHQL) -> IotaSettings:
    """Return how a network is used unless a person says otherwise, with no account yet."""
    return IotaSettings(
        nodes=public_nodes(network, wire),
        chain=network.chain,
        wire=wire,
        explorer=network.explorer,
    )


def public_nodes(network: Network, wire: Wire) -> tuple[str, ...]:
    """Return the nodes of a network that anybody may ask."""
    return (network.graphql if wire is Wire.GRAPHQL else network.json_rpc,)


def nanos(amount: str) -> int:
    """Return an amount of IOTA in NANOS; raises SettingsError."""
    try:
        given = Decimal(amount)
    except InvalidOperation as error:
        raise SettingsError("most_fee", "Not an amount") from error
    if not given.is_finite() or not 0 <= given < _MOST_AMOUNT:
        raise SettingsError("most_fee", "Not an amount")
    return int(given.scaleb(DECIMALS))


def in_unit(amount: int) -> Decimal:
    """Return an amount of NANOS in IOTA."""
    return Decimal(amount).scaleb(-DECIMALS)


def _address(setting: str, value: str | None) -> bytes:
    """Return the address in a setting."""
    try:
        return address(value or "")
    except MalformedError as error:
        raise SettingsError(
            setting, "An address is 0x and 64 small hexadecimal digits"
        ) from error

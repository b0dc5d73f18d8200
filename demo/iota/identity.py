"""Which network it is: its genesis, and where it has its packages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
import json
import re

import iota_sdk as sdk

from custom_components.sensorchain.ledgers.iota.programs import Packages

from .kinds import Kind, kind


def _address(name: str) -> bytes:
    """Return an address that nobody else has."""
    return blake2b(f"private IOTA: {name}".encode(), digest_size=32).digest()


OWN_PACKAGES = Packages(
    trails=_address("audit trails, second version"),
    trails_origin=_address("audit trails"),
    components=_address("components"),
    notarization=_address("notarization"),
)

OWN_CHAIN = "50524956"
"""No public network's."""

_ADDRESS = re.compile(r"0x([0-9a-f]{1,64})::")


def written(address: int | bytes) -> str:
    """Return an address with all its digits."""
    number = address if isinstance(address, int) else int.from_bytes(address, "big")
    return f"0x{number:064x}"


@dataclass(frozen=True)
class Identity:
    """A network's chain identifier and packages."""

    chain: str = OWN_CHAIN
    packages: Packages = field(default=OWN_PACKAGES)

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Where the types are of what has a short name here."""
        return {
            "std": written(1),
            "iota": written(2),
            "trails": written(self.packages.trails_origin),
            "components": written(self.packages.components),
            "notarization": written(self.packages.notarization),
        }

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The short names of addresses."""
        return {address: name for name, address in self.types.items()}

    @cached_property
    def functions(self) -> Mapping[str, str]:
        """The short names of packages whose functions can be called: trails in any version."""
        return {**self._names, written(self.packages.trails): "trails"}

    def read(self, text: str) -> Kind:
        """Return the type of a text with addresses; those of no package here stay."""

        def name(found: re.Match[str]) -> str:
            address = written(int(found[1], 16))
            return f"{self._names.get(address, address)}::"

        return kind(_ADDRESS.sub(name, text))

    def written(self, of: Kind) -> str:
        """Return a type with addresses, all digits of each."""
        package, colons, rest = of.name.partition("::")
        inner = ",".join(self.written(each) for each in of.parameters)
        own = self.types.get(package, package) + colons + rest
        return own + (f"<{inner}>" if inner else "")

    def tag(self, of: Kind) -> sdk.TypeTag:
        """Return a type as the library has it."""
        return sdk.TypeTag.from_json(json.dumps(self.written(of)))

    def short(self, of: Kind) -> str:
        """Return a type as JSON-RPC shows it: 0x2::coin::Coin<0x2::iota::IOTA>."""
        return str(self.tag(of).to_display_string())

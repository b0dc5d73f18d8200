"""The networks that the IOTA Foundation runs, one row each.

A network is known by its chain identifier: the first four bytes of its genesis checkpoint's
digest. (docs.iota.org, "Network overview"; the packages are those of the `Move.history.json`
in iotaledger/notarization and iotaledger/product-core.)

Whoever puts newer packages here must have `programs.message_of` go on knowing the earlier ones:
anchors were made with them, and are verified for years.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...transparency.jcs import JsonValue
from ..given import PLACEHOLDER
from .programs import Packages
from .transaction import address


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network, and where it is found."""

    key: str
    """Its name in what is stored and translated."""
    name: str
    chain: str
    """Its identifier, eight hexadecimal digits."""
    packages: Packages
    is_test: bool = True
    """Whether its coins are given away, and its history may be wiped."""

    @property
    def graphql(self) -> str:
        """The URL of its public node that speaks GraphQL."""
        return f"https://graphql.{self.key}.iota.cafe"

    @property
    def json_rpc(self) -> str:
        """The URL of its public node that speaks JSON-RPC."""
        return f"https://api.{self.key}.iota.cafe"

    @property
    def faucet(self) -> str | None:
        """The URL of what gives coins away, without a path; None where nothing does."""
        return f"https://faucet.{self.key}.iota.cafe" if self.is_test else None

    @property
    def explorer(self) -> str:
        """The URL of a page on which a person sees a transaction."""
        return f"https://explorer.iota.org/txblock/{PLACEHOLDER}?network={self.key}"


def _packages(
    trails: str, trails_origin: str, components: str, notarization: str
) -> Packages:
    """Return packages of their addresses."""
    return Packages(
        address(trails),
        address(trails_origin),
        address(components),
        address(notarization),
    )


NETWORKS: Mapping[str, Network] = {
    network.key: network
    for network in (
        Network(
            key="mainnet",
            name="IOTA",
            chain="6364aad5",
            packages=_packages(
                "0x5439fccfc27e98ddd3f1163f2d1f22ed8384fe109177514093f020a5c0280b1a",
                "0x960d8a375af7bd09d19f08a9648940caf7e76289de90aa258b9e8e30a84f1b8a",
                "0x715d1661b457e96d508ee2108624d04dd4263ce496f3223ba36a7627edd75211",
                "0x909ce9dcd9a5e97b7b8884fac8e018fad9dece348bf73837379b8694ff684cf3",
            ),
            is_test=False,
        ),
        Network(
            key="testnet",
            name="IOTA Testnet",
            chain="2304aa97",
            packages=_packages(
                "0x385307a0da2859851d5820646efe617e1a957a3ea172a0f2a63487c987c93d88",
                "0x51368931f28620c7f65b4ae2c5167b42390e69729357a6347be378755b46e7df",
                "0xd45732966e800d52b28044cf3758088bfc4606618dfc96d1ec9b21587379b3d9",
                "0x00412bd469b7f980227c6c574090348239852e43aa07818b315854fdd8a2d25f",
            ),
        ),
        Network(
            key="devnet",
            name="IOTA Devnet",
            chain="daf90477",
            packages=_packages(
                "0xf5d2b3140f54e959fb656fb73593867b8dd36bb972e2bd83db7956d4e2a1d989",
                "0x42550eab2785cca0f825289176fd92074d92b2ad8bf2f226d24f4f3e16720f84",
                "0xa0dc5f54b757b6ebc53b4ffc85df975c7552297d04c91107a85a17acebbe5088",
                "0x72c8433b88e6bdee0eb02a257fdebd0ec2b6c990043f35b155cb4c5cf727fdca",
            ),
        ),
    )
}

_BY_CHAIN = {network.chain: network for network in NETWORKS.values()}


def known(chain: str) -> Network | None:
    """Return the network of a chain identifier, if it is one of these."""
    return _BY_CHAIN.get(chain)


def is_trial(chain: JsonValue) -> bool:
    """Whether this is a network for tests, or one that is not known here."""
    network = known(chain) if isinstance(chain, str) else None
    return network is None or network.is_test

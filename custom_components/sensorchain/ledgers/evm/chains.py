"""Chains that people know, one row each.

The nodes are public ones, of several operators where there are: they must agree. The
explorers follow EIP-3091. (ethereum-lists/chains; docs.base.org, docs.iota.org.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...transparency.jcs import JsonValue
from ..given import PLACEHOLDER
from .settings import EvmSettings, FeeStyle, Finality


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain, and how it is used unless a person says otherwise."""

    key: str
    """Its name in what is stored and translated."""
    name: str
    chain_id: int
    nodes: tuple[str, ...]
    explorer: str
    """Without what follows it: /tx/ and the transaction."""
    unit: str = "ETH"
    fees: FeeStyle = FeeStyle.EIP1559
    finality: Finality = Finality.FINALIZED
    blocks: int = 12
    """Counts with Finality.BLOCKS alone."""
    most_fee: str = "0.001"
    """In the unit, for an anchor; many times what one costs on a quiet day."""
    is_test: bool = False
    """Whether what it is paid with is given away."""

    @property
    def usual(self) -> EvmSettings:
        """How it is used as a rule, with no account yet."""
        return EvmSettings(
            nodes=self.nodes,
            chain_id=self.chain_id,
            fees=self.fees,
            most_fee=self.most_fee,
            unit=self.unit,
            finality=self.finality,
            blocks=self.blocks,
            explorer=f"{self.explorer}/tx/{PLACEHOLDER}",
        )


CHAINS: Mapping[str, Chain] = {
    chain.key: chain
    for chain in (
        Chain(
            key="base",
            name="Base",
            chain_id=8453,
            nodes=(
                "https://mainnet.base.org",
                "https://base-rpc.publicnode.com",
                "https://base.gateway.tenderly.co",
            ),
            explorer="https://basescan.org",
            most_fee="0.0001",
        ),
        Chain(
            key="gnosis",
            name="Gnosis",
            chain_id=100,
            nodes=(
                "https://rpc.gnosischain.com",
                "https://gnosis-rpc.publicnode.com",
                "https://rpc.gnosis.gateway.fm",
            ),
            explorer="https://gnosisscan.io",
            unit="xDAI",
            most_fee="0.02",
        ),
        Chain(
            key="polygon",
            name="Polygon",
            chain_id=137,
            nodes=(
                "https://polygon-bor-rpc.publicnode.com",
                "https://polygon.drpc.org",
                "https://polygon.gateway.tenderly.co",
            ),
            explorer="https://polygonscan.com",
            unit="POL",
            most_fee="0.1",
        ),
        # Its blocks are final as they come, and come only with transactions; its nodes
        # refuse every other price than the one they tell.
        Chain(
            key="iota_evm",
            name="IOTA EVM",
            chain_id=8822,
            nodes=("https://json-rpc.evm.iotaledger.net",),
            explorer="https://explorer.evm.iota.org",
            unit="IOTA",
            fees=FeeStyle.FIXED,
            finality=Finality.BLOCKS,
            blocks=1,
            most_fee="0.05",
        ),
        Chain(
            key="ethereum",
            name="Ethereum",
            chain_id=1,
            nodes=(
                "https://ethereum-rpc.publicnode.com",
                "https://eth.drpc.org",
                "https://mainnet.gateway.tenderly.co",
            ),
            explorer="https://etherscan.io",
        ),
        Chain(
            key="sepolia",
            name="Sepolia (test)",
            chain_id=11155111,
            nodes=(
                "https://ethereum-sepolia-rpc.publicnode.com",
                "https://sepolia.drpc.org",
                "https://sepolia.gateway.tenderly.co",
            ),
            explorer="https://sepolia.etherscan.io",
            most_fee="0.01",
            is_test=True,
        ),
        Chain(
            key="iota_evm_testnet",
            name="IOTA EVM (test)",
            chain_id=1076,
            nodes=("https://json-rpc.evm.testnet.iota.cafe",),
            explorer="https://explorer.evm.testnet.iota.cafe",
            unit="IOTA",
            fees=FeeStyle.FIXED,
            finality=Finality.BLOCKS,
            blocks=1,
            most_fee="0.05",
            is_test=True,
        ),
    )
}

_BY_ID = {chain.chain_id: chain for chain in CHAINS.values()}

# OP Mainnet, BNB Smart Chain, Ethereum Classic, zkSync Era, Mantle, Arbitrum One, Celo,
# Avalanche, Linea and Scroll: not in the table, and yet everybody's.
_OTHERS = (10, 56, 61, 324, 5000, 42161, 42220, 43114, 59144, 534352)

_PUBLIC = {*_OTHERS, *(each.chain_id for each in CHAINS.values() if not each.is_test)}


def known(chain_id: int) -> Chain | None:
    """Return the row of a chain, if it has one."""
    return _BY_ID.get(chain_id)


def is_trial(chain_id: JsonValue) -> bool:
    """Whether this is a chain for tests, or one that is not known to be everybody's."""
    return type(chain_id) is not int or chain_id not in _PUBLIC

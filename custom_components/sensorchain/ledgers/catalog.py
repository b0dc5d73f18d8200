"""Every kind of ledger, one row each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..transparency.jcs import JsonValue
from ..transparency.note import VerifierKey
from .evm.chains import is_trial as is_trial_chain, known
from .evm.ledger import EvmLedger
from .evm.settings import EvmSettings
from .http import Transport
from .iota.ledger import IotaLedger
from .iota.networks import is_trial as is_trial_network, known as known_network
from .iota.settings import IotaSettings, Wire, public_nodes
from .ledger import Ledger
from .opentimestamps.bitcoin import is_trial as is_trial_genesis
from .opentimestamps.ledger import OpenTimestampsLedger
from .opentimestamps.settings import OpenTimestampsSettings
from .tangle.ledger import TangleLedger
from .tangle.settings import TangleSettings


@dataclass(frozen=True, slots=True)
class LedgerKind:
    """A kind of ledger, and how it is used unless a person says otherwise."""

    key: str
    name: str
    create: Callable[[Transport, Mapping[str, JsonValue], VerifierKey], Ledger]
    """Over a transport, from its settings as JSON, for the log of a key; raises SettingsError."""
    public: Callable[[Mapping[str, JsonValue]], Mapping[str, JsonValue]]
    """Its settings without what is nobody else's business: as they go into a bundle."""
    cadence: timedelta
    """Between two anchors."""
    poll: timedelta
    """Between two questions for confirmation."""
    expected: timedelta
    """From preparation to confirmation, before there is experience."""
    settles: timedelta = timedelta()
    """After confirmation: so long a reorganisation may still take it back."""
    is_trial: Callable[[Mapping[str, JsonValue]], bool] = lambda _: True
    """Whether settings name a trial network (see Verification), as far as they tell."""
    dialects: Sequence[Mapping[str, JsonValue]] = ({},)
    """Settings that go with other nodes than those that were chosen: each is tried."""


def _tangle(
    transport: Transport, settings: Mapping[str, JsonValue], verifier_key: VerifierKey
) -> Ledger:
    """Return a Tangle."""
    return TangleLedger(transport, TangleSettings.from_json(settings), verifier_key)


def _opentimestamps(
    transport: Transport, settings: Mapping[str, JsonValue], verifier_key: VerifierKey
) -> Ledger:
    """Return Bitcoin through OpenTimestamps."""
    chosen = OpenTimestampsSettings.from_json(settings)
    return OpenTimestampsLedger(transport, chosen, verifier_key)


def _is_other_than_bitcoin(settings: Mapping[str, JsonValue]) -> bool:
    """Whether settings name another chain; without one, the nodes tell which it is."""
    network = settings.get("network")
    return network is not None and is_trial_genesis(network)


def _iota(
    transport: Transport, settings: Mapping[str, JsonValue], verifier_key: VerifierKey
) -> Ledger:
    """Return a network of IOTA."""
    return IotaLedger(transport, IotaSettings.from_json(settings), verifier_key)


def _public_iota(settings: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return the settings of such a network for strangers: no key, no token of anybody."""
    given = IotaSettings.from_json(settings)
    network = known_network(given.chain)
    nodes = public_nodes(network, given.wire) if network else ()
    return given.public(nodes).to_json()


def _evm(
    transport: Transport, settings: Mapping[str, JsonValue], verifier_key: VerifierKey
) -> Ledger:
    """Return a chain of the Ethereum kind."""
    return EvmLedger(transport, EvmSettings.from_json(settings), verifier_key)


def _public_evm(settings: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return the settings of such a chain for strangers: no key, no token of a provider."""
    given = EvmSettings.from_json(settings)
    chain = known(given.chain_id)
    return given.public(chain.nodes if chain else ()).to_json()


CATALOG: Mapping[str, LedgerKind] = {
    kind.key: kind
    for kind in (
        LedgerKind(
            key="opentimestamps",
            name="OpenTimestamps",
            create=_opentimestamps,
            public=lambda settings: (
                OpenTimestampsSettings.from_json(settings).public().to_json()
            ),
            cadence=timedelta(hours=1),
            poll=timedelta(minutes=10),
            expected=timedelta(hours=6),
            settles=timedelta(days=1),
            is_trial=_is_other_than_bitcoin,
        ),
        LedgerKind(
            key="iota",
            name="IOTA",
            create=_iota,
            public=_public_iota,
            cadence=timedelta(minutes=5),
            poll=timedelta(seconds=2),
            expected=timedelta(seconds=5),
            is_trial=lambda settings: is_trial_network(settings.get("chain")),
            dialects=tuple({"wire": wire.value} for wire in Wire),
        ),
        LedgerKind(
            key="evm",
            name="EVM chain",
            create=_evm,
            public=_public_evm,
            cadence=timedelta(hours=1),
            poll=timedelta(seconds=5),
            expected=timedelta(minutes=20),
            settles=timedelta(hours=1),
            is_trial=lambda settings: is_trial_chain(settings.get("chain_id")),
        ),
        LedgerKind(
            key="tangle",
            name="Tangle",
            create=_tangle,
            public=lambda settings: (
                TangleSettings.from_json(settings).public().to_json()
            ),
            cadence=timedelta(minutes=1),
            poll=timedelta(seconds=2),
            expected=timedelta(minutes=2),
        ),
    )
}

"""Every kind of ledger, one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ..transparency.jcs import JsonValue
from ..transparency.note import VerifierKey
from .http import Transport
from .ledger import Ledger
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

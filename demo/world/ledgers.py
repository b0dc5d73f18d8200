"""What the demo's log is anchored on beside the Tangle: one row each, a program and the form that a person fills in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from demo.evm.anvil import CHAIN_ID, RICH_KEY

from .ports import HOST
from .program import Program, module

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLedger:
    """A ledger that runs on this machine."""

    kind: str
    """Its row in the catalog."""
    name: str
    """What is told of it, at the beginning of a sentence."""
    explorer: str
    """What a person sees of it in a browser, in a word or two."""
    beside: int
    """Its port is the Tangle's and so many."""
    command: Callable[[int, Path], Sequence[str | Path]]
    """What is run, from its port and a folder of its own."""
    pages: Callable[[str], Sequence[Mapping[str, object]]]
    """What is filled in, page by page, from its URL."""

    def port(self, tangle_port: int) -> int:
        """Return where it listens."""
        return tangle_port + self.beside

    def url(self, tangle_port: int) -> str:
        """Return where it is, without a slash at the end."""
        return f"http://{HOST}:{self.port(tangle_port)}"

    def program(self, tangle_port: int, folder: Path, log: Path) -> Program:
        """Return its program, which keeps its data in a folder."""
        command = self.command(self.port(tangle_port), folder)
        return Program(self.name, command, REPOSITORY, log)


LEDGERS = (
    LocalLedger(
        kind="opentimestamps",
        name="The calendars of OpenTimestamps",
        explorer="Block explorer",
        beside=1,
        command=lambda port, folder: module(
            "demo.calendar", {"--port": port, "--database": folder / "calendar.db"}
        ),
        pages=lambda url: [
            {
                "cadence": {"seconds": 30},
                "more": {
                    "calendars": [f"{url}/alice/", f"{url}/bob/"],
                    "quorum": 2,
                    "nodes": [f"{url}/api"],
                    "confirmations": 2,
                },
            }
        ],
    ),
)
"""Those that always run."""

EVM = LocalLedger(
    kind="evm",
    name="A private EVM chain",
    explorer="EVM explorer",
    beside=2,
    command=lambda port, folder: module(
        "demo.evm", {"--port": port, "--state": folder / "chain.json"}
    ),
    pages=lambda url: [
        {"network": "own", "cadence": {"seconds": 30}, "key": "imported"},
        {
            "nodes": [url],
            "chain_id": CHAIN_ID,
            "private_key": RICH_KEY,
            "most_fee": "0.01",
            "more": {
                "finality": "finalized",
                "blocks": 1,
                "most_bytes": 4096,
                "explorer": f"{url}/tx/{{transaction}}",
                "unit": "ETH",
                "fees": "eip1559",
            },
        },
        {},
    ],
)
"""Runs when it is asked for: its node is a program of 43 MB."""


def _iota_pages(url: str) -> Sequence[Mapping[str, object]]:
    """Return what is filled in for the private IOTA network, whose faucet pays for all of it."""
    # Loads IOTA's own library, which takes a second.
    from demo.iota.identity import OWN_PACKAGES, written

    packages = {key: written(each) for key, each in asdict(OWN_PACKAGES).items()}
    choice = {"network": "own", "form": "audit_trail", "key": "new"}
    return [
        {**choice, "cadence": {"seconds": 30}},
        {
            "nodes": [f"{url}/graphql"],
            **packages,
            "most_fee": "0.1",
            "more": {
                "wire": "graphql",
                "most_bytes": 4096,
                "explorer": f"{url}/txblock/{{transaction}}",
                "faucet": url,
            },
        },
        {"ask_faucet": True},
    ]


IOTA = LocalLedger(
    kind="iota",
    name="A private IOTA network",
    explorer="IOTA explorer",
    beside=3,
    command=lambda port, folder: module(
        "demo.iota", {"--port": port, "--state": folder / "network.db"}
    ),
    pages=_iota_pages,
)
"""Runs when it is asked for: its node checks with IOTA's own library, which has 26 MB."""

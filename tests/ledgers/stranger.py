"""Checks an anchor as somebody who has nothing but Python: no packages, no Home Assistant.

Started as `python3.11 -I -S stranger.py`, it reads from standard input

    {"verifier_key": …, "checkpoint": …, "settings": …, "receipt": …, "trytes": […]}

and writes what it found. It runs on Python 3.11.
"""

import asyncio
from importlib import import_module
from importlib.util import find_spec
import json
from pathlib import Path
from pkgutil import walk_packages
import sys
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from custom_components.standalone import leave_out_home_assistant

leave_out_home_assistant()

from custom_components.sensorchain import ledgers, transparency  # noqa: E402
from custom_components.sensorchain.ledgers.catalog import CATALOG  # noqa: E402
from custom_components.sensorchain.ledgers.http import UrllibTransport  # noqa: E402
from custom_components.sensorchain.ledgers.ledger import Receipt  # noqa: E402
from custom_components.sensorchain.ledgers.tangle.bundle import bundle_hash, validate  # noqa: E402
from custom_components.sensorchain.ledgers.tangle.transaction import Transaction  # noqa: E402
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint  # noqa: E402
from custom_components.sensorchain.transparency.note import VerifierKey  # noqa: E402

PACKAGES = ("aiohttp", "cryptography", "homeassistant", "numpy", "yarl")


def not_imported() -> list[str]:
    """Import every module of both rooms; return those that cannot be."""
    missing = []
    for room in (ledgers, transparency):
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            try:
                import_module(module.name)
            except ImportError:
                missing.append(module.name.removeprefix(f"{room.__name__}."))
    return missing


async def found(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the log's key, the bundle and the node say."""
    key = VerifierKey.parse(given["verifier_key"])
    checkpoint = SignedCheckpoint.open(given["checkpoint"], key)
    bundle = [Transaction.from_trytes(trytes) for trytes in given["trytes"]]
    validate(bundle)
    ledger = CATALOG["tangle"].create(UrllibTransport(), given["settings"], key)
    receipt = Receipt.from_json(given["receipt"])
    verification = await ledger.verify(receipt, checkpoint)
    return {
        "size": checkpoint.checkpoint.size,
        "bundle": bundle_hash(bundle),
        "network": await ledger.check(),
        "status": verification.status,
        "place": verification.place,
        "problem": verification.problem,
    }


if __name__ == "__main__":
    answer = asyncio.run(found(json.load(sys.stdin)))
    answer["version"] = sys.version_info[:2]
    answer["packages"] = [name for name in PACKAGES if find_spec(name)]
    answer["not imported"] = not_imported()
    json.dump(answer, sys.stdout)

"""Drives PyOTA 2.1.0, unmodified: `python pyota.py publish|read URL …`, with one line of JSON as the answer.

    publish URL ADDRESS TAG TEXT MAGNITUDE    prepares a bundle with this text, lets the node attach it, and sends it
                                              {"bundle": hash, "hashes": [transactions, tail first]}
    read URL ADDRESS                          finds and validates each bundle at the address
                                              [{"tail": hash, "transactions": n, "message": text, "confirmed": bool}, …]

iota_core.mjs does the same with @iota/core. PyOTA blocks and needs the module pkg_resources, which stands beside this
file: hence a program of its own.
"""

import json
import sys
from typing import Any

from iota import Address, Iota, ProposedTransaction, Tag, TryteString


def publish(
    url: str, address: str, tag: str, text: str, magnitude: str
) -> dict[str, Any]:
    """Publish a text at an address."""
    transaction = ProposedTransaction(
        address=Address(address),
        value=0,
        tag=Tag(tag),
        message=TryteString.from_unicode(text),
    )
    bundle = Iota(url).send_transfer(
        depth=3, transfers=[transaction], min_weight_magnitude=int(magnitude)
    )["bundle"]
    return {
        "bundle": str(bundle.hash),
        "hashes": [str(each.hash) for each in bundle],
    }


def read(url: str, address: str) -> list[dict[str, Any]]:
    """Read all bundles at an address."""
    api = Iota(url)
    found = api.find_transaction_objects(addresses=[Address(address)])
    tails = [each.hash for each in found["transactions"] if each.is_tail]
    states = api.get_latest_inclusion(tails)["states"] if tails else {}
    return [_bundle(api, tail, states[tail]) for tail in tails]


def _bundle(api: Iota, tail: Any, confirmed: bool) -> dict[str, Any]:
    """Read one bundle; PyOTA raises an error when it is not valid."""
    bundle = api.get_bundles(tail)["bundles"][0]
    return {
        "tail": str(tail),
        "transactions": len(bundle),
        "message": "".join(bundle.get_messages()),
        "confirmed": confirmed,
    }


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    print(json.dumps({"publish": publish, "read": read}[command](*arguments)))

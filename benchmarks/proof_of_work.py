"""Measures the proof of work: nonces a second, alone or as a ratio to another search.

    python -m benchmarks.proof_of_work
    python -m benchmarks.proof_of_work --peer other.py --weight 9 --searches 400

The peer is any Python file with `search(trytes, weight)`. Both search the same transactions in
turns, since a machine's speed changes from one second to the next. What is compared is the
processor time of whole searches, set-up included. How many nonces a search needs is chance
(3**weight on average), so that the ratio of n searches is uncertain by about sqrt(2 / n).
"""

import argparse
from collections.abc import Callable
from contextlib import suppress
import importlib.util
from math import sqrt
from pathlib import Path
import random
import statistics
import time

from custom_components.sensorchain.ledgers.tangle.curl import curl_hash
from custom_components.sensorchain.ledgers.tangle.proof_of_work import (
    SearchStoppedError,
    search,
)
from custom_components.sensorchain.ledgers.tangle.transaction import (
    TRANSACTION_TRYTES,
    weight_magnitude,
)
from custom_components.sensorchain.ledgers.tangle.trytes import ALPHABET

type Search = Callable[[str, int], str | None]

BATCH = 1536
"""Nonces between two questions of whether to stop."""


def transaction(seed: int) -> str:
    """Return the trytes of some transaction."""
    return "".join(random.Random(seed).choices(ALPHABET, k=TRANSACTION_TRYTES))


def load(path: Path) -> Search:
    """Return the search of a Python file."""
    spec = importlib.util.spec_from_file_location("peer", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"not a Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Search = module.search
    return found


def seconds(find: Search, trytes: str, weight: int) -> float:
    """Return the processor time of a search, once its nonce has been checked."""
    start = time.thread_time()
    nonce = find(trytes, weight)
    taken = time.thread_time() - start
    if nonce is None or weight_magnitude(curl_hash(trytes[:-27] + nonce)) < weight:
        raise SystemExit("a search gave a wrong nonce")
    return taken


def rate(duration: float) -> float:
    """Return how many nonces a second are tried in a search of this many seconds."""
    batches = 0
    end = time.perf_counter() + duration

    def stop() -> bool:
        nonlocal batches
        batches += 1
        return time.perf_counter() > end

    start = time.thread_time()
    with suppress(SearchStoppedError):
        search(transaction(0), 81, stop)
    return (batches - 1) * BATCH / (time.thread_time() - start)


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description="Measure the proof of work.")
    parser.add_argument(
        "--peer", type=Path, help="a Python file with search(trytes, weight)"
    )
    parser.add_argument("--weight", type=int, default=9)
    parser.add_argument("--searches", type=int, default=400)
    options = parser.parse_args()
    rates = [rate(1) for _ in range(3)]
    print(f"{statistics.median(rates) / 1e6:.2f} million nonces a second")
    if options.peer is None:
        return
    peer = load(options.peer)
    ours: list[float] = []
    theirs: list[float] = []
    for seed in range(options.searches):
        trytes = transaction(seed)
        turns = [(search, ours), (peer, theirs)]
        for find, times in turns if seed % 2 else turns[::-1]:
            times.append(seconds(find, trytes, options.weight))
    for name, times in ("ours", ours), ("peer", theirs):
        mean = statistics.mean(times) * 1000
        print(f"{name}: {mean:.1f} ms a search of weight {options.weight}")
    ratio = sum(theirs) / sum(ours)
    uncertain = ratio * sqrt(2 / options.searches)
    print(f"{ratio:.2f} ± {uncertain:.2f} times as fast as the peer")


if __name__ == "__main__":
    main()

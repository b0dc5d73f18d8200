"""The search for a proof of work."""

import random
import threading

import numpy as np
import pytest

from custom_components.sensorchain.ledgers.tangle.proof_of_work import (
    SearchStoppedError,
    search,
)
from custom_components.sensorchain.ledgers.tangle.transaction import weight_magnitude
from custom_components.sensorchain.ledgers.tangle.trytes import ALPHABET

from .pyota import Curl, hash_with


def transaction(seed: int) -> str:
    """Return the trytes of some transaction."""
    return "".join(random.Random(seed).choices(ALPHABET, k=2673))


@pytest.mark.parametrize("weight", [1, 2, 3, 5, 8, 9, 10, 11])
def test_nonce_has_enough_weight(weight: int) -> None:
    """PyOTA's Curl agrees about the hash."""
    trytes = transaction(weight)
    nonce = search(trytes, weight)
    assert len(nonce) == 27
    assert weight_magnitude(hash_with(Curl(), trytes[:-27] + nonce)) >= weight


def test_nonces_of_one_transaction_differ() -> None:
    """A search begins anywhere, so that two never do the same work."""
    assert search(transaction(0), 3) != search(transaction(0), 3)


def test_every_nonce_tried_has_the_same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of batches is what a weight of 9 should take: 3**9 / 1536 = 12.8."""
    # The same random numbers every time: it is not a matter of luck whether this holds.
    numbers = np.random.default_rng(0)
    monkeypatch.setattr(np.random, "default_rng", lambda: numbers)
    batches = 0

    def count() -> bool:
        nonlocal batches
        batches += 1
        return False

    for seed in range(40):
        search(transaction(seed), 9, count)
    # Five standard deviations of the mean of 40 searches.
    assert 12.8 - 10.2 < batches / 40 < 12.8 + 10.2


@pytest.mark.parametrize("batches", [0, 2, 81, 200])
def test_stops_when_told(batches: int) -> None:
    """It asks before every batch, and begins anew when all 81 of a beginning were tried."""
    answers = iter([*[False] * batches, True])
    with pytest.raises(SearchStoppedError):
        search(transaction(0), 81, lambda: next(answers))
    assert not list(answers)


def test_stops_from_another_thread() -> None:
    """An event that is set elsewhere ends it."""
    stop, begun = threading.Event(), threading.Event()
    outcome: list[BaseException] = []

    def is_stopped() -> bool:
        begun.set()
        return stop.is_set()

    def run() -> None:
        try:
            search(transaction(0), 81, is_stopped)
        except SearchStoppedError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert outcome

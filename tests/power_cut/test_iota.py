"""A power cut at any step of an anchor on IOTA loses none of them, and none stands twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.sensorchain.ledgers.iota.programs import message_of
from custom_components.sensorchain.ledgers.iota.settings import (
    AnchorForm,
    Wire as Language,
)
from custom_components.sensorchain.ledgers.iota.transaction import Transaction, written
from custom_components.sensorchain.ledgers.message import Message
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.note import VerifierKey
from demo.iota.private_iota import PrivateIota
from tests.iota.conftest import iota
from tests.iota.forms import ACCOUNT_KEY, choice_page, network_page, node_of
from tests.ledgers.iota.conftest import question_of

from .fridge import live_through_cut
from .house import House, Wire

__all__ = ["iota"]

# Two starts of Home Assistant.
pytestmark = pytest.mark.timeout(240)

PLENTY = 10**11
"""NANOS: 100 IOTA."""


@dataclass
class IotaWire(Wire):
    """A wire whose commands are named alike, however the node is spoken to."""

    language: Language = Language.GRAPHQL

    @override
    def command(self, question: dict[str, Any]) -> str:
        """Return what is asked."""
        return question_of(self.language, question)


@pytest.fixture
async def wire(language: Language, iota: PrivateIota) -> AsyncIterator[IotaWire]:
    """Lay the wire to the node, to be used in a way."""
    await iota.fund(ACCOUNT_KEY.address, PLENTY)

    def is_answer(answer: dict[str, Any]) -> bool:
        return any((answer.get("data") or {}).values()) or bool(answer.get("result"))

    wire = IotaWire(
        lambda: node_of(iota, language), is_answer=is_answer, language=language
    )
    async with wire.laid():
        yield wire


def anchored(iota: PrivateIota, key: VerifierKey) -> list[int]:
    """Return the sizes of all checkpoints that the account has paid for, oldest first."""
    sizes = []
    for each in iota.network.history(sender=written(ACCOUNT_KEY.address)):
        program = Transaction.parse(each.data).program
        if message := message_of(program, iota.packages):
            note = Message.parse(message).checkpoint
            sizes.append(SignedCheckpoint.open(note, key).checkpoint.size)
    return sizes[::-1]


RECORD = (Language.GRAPHQL, AnchorForm.AUDIT_TRAIL)
NOTARIZATION = (Language.JSON_RPC, AnchorForm.NOTARIZATION)


@pytest.mark.parametrize(
    ("at", "language", "form"),
    [
        (("dry_run", "before"), *RECORD),  # nothing is prepared yet
        (("execute", "before"), *RECORD),  # prepared and stored, not sent
        (("execute", "after"), *RECORD),  # executed, without an answer
        (("executed", "before"), *RECORD),  # submitted, not asked for
        (("executed", "after"), *RECORD),  # in a checkpoint, which is not stored
        (("execute", "before"), *NOTARIZATION),
        (("execute", "after"), *NOTARIZATION),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else each.value,
)
async def test_power_cut_at(
    house: House,
    wire: IotaWire,
    iota: PrivateIota,
    at: tuple[str, str],
    form: AnchorForm,
) -> None:
    """Home Assistant is killed at a step, started again, and confirms what was recorded."""
    network = network_page(iota, wire.language, nodes=[wire.url])
    pages = (choice_page(form=form.value), network, {})
    key = await live_through_cut(house, wire, at, "iota", *pages)
    assert anchored(iota, key.verifier) == [1, 2], "something was paid for twice"

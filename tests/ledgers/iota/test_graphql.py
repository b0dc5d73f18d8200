"""What is peculiar to GraphQL: nulls, answers in part, and limits."""

import json
from typing import Any

from graphql import parse
from graphql.language import SelectionSetNode
import pytest

from custom_components.sensorchain.ledgers.iota.client import Effects, IotaClient, Sent
from custom_components.sensorchain.ledgers.iota.programs import MOST_TEXT
from custom_components.sensorchain.ledgers.iota.settings import Wire
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)

from .wires import (
    ASKS,
    EXPECTED,
    FIRST,
    KEY,
    KIND,
    OBJECT,
    Always,
    asking,
    at_once,
    client,
    node,
    said,
    transaction,
)

GRAPHQL = Wire.GRAPHQL


def answering(answer: Any) -> IotaClient:
    """Return a client of a node that always answers the same."""
    return client(GRAPHQL, Always(json.dumps(answer).encode()))


@pytest.mark.parametrize("name", ASKS)
def test_part_of_an_answer_is_none(name: str) -> None:
    """What came in spite of an error is not used."""
    field, value = "chainIdentifier", "2304aa97"
    errors = [{"message": "timed out", "path": ["epoch"]}, {"message": "and more"}]
    asked = answering({"data": {field: value}, "errors": errors})
    with pytest.raises(LedgerUnavailableError, match="timed out and more") as raised:
        at_once(ASKS[name](asked))
    assert raised.value.reason is Reason.NODE_ERROR


@pytest.mark.parametrize(
    "errors",
    [["no"], "no", {"message": "no"}, [{"message": "no"}], [7], [{"extensions": 7}]],
)
def test_errors_of_any_form(errors: Any) -> None:
    """They are errors."""
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(answering({"errors": errors}).chain())
    assert raised.value.reason is Reason.NODE_ERROR


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("BAD_USER_INPUT", LedgerRejectedError),
        ("GRAPHQL_VALIDATION_FAILED", LedgerRejectedError),
        ("INTERNAL_SERVER_ERROR", LedgerUnavailableError),
        ("REQUEST_TIMEOUT", LedgerUnavailableError),
        (7, LedgerUnavailableError),
    ],
)
def test_codes(code: Any, kind: type[LedgerError]) -> None:
    """The same question again is of no use where the node does not understand it."""
    error = {"message": "no", "extensions": {"code": code}}
    with pytest.raises(LedgerError) as raised:
        at_once(answering({"errors": [error]}).epoch())
    assert type(raised.value) is kind


def test_address_that_is_not_known() -> None:
    """It has nothing, and has sent nothing."""
    asked = answering({"data": {"address": None}})
    assert at_once(asked.balance(KEY.address)) == 0
    assert at_once(asked.coins(KEY.address)) == []
    assert at_once(asked.owned(KEY.address, KIND)) == []
    assert at_once(asked.sent(KEY.address)) == Sent((), None)


@pytest.mark.parametrize("balance", [None, {"totalBalance": None}])
def test_no_balance(balance: Any) -> None:
    """An address without coins has none."""
    asked = answering({"data": {"address": {"balance": balance}}})
    assert at_once(asked.balance(KEY.address)) == 0


def test_what_is_not_there() -> None:
    """A node says null."""
    asked = answering({"data": {"object": None, "transactionBlock": None}})
    assert at_once(asked.object(OBJECT.object_id)) is None
    assert at_once(asked.entry(OBJECT.object_id, 7)) is None
    assert at_once(asked.executed(FIRST.digest)) is None


@pytest.mark.parametrize("move", [None, {"contents": None}])
def test_what_is_no_object_any_more(move: Any) -> None:
    """A package is none; an object that was deleted has no contents."""
    given = said(GRAPHQL)
    given["object"] |= {"asMoveObject": move, "digest": None, "owner": None}
    assert at_once(node(GRAPHQL, given).object(OBJECT.object_id)) is None


@pytest.mark.parametrize(
    "owner", [None, {"__typename": "Immutable"}, {"__typename": "AddressOwner"}]
)
def test_what_is_not_shared(owner: Any) -> None:
    """It has no first version as a shared object."""
    given = said(GRAPHQL)
    given["object"]["owner"] = owner
    found = at_once(node(GRAPHQL, given).object(OBJECT.object_id))
    assert found
    assert found.initial_version is None


@pytest.mark.parametrize(
    ("errors", "beside", "problem"),
    [
        ("MoveAbort", "aborted", "MoveAbort"),
        (None, "aborted\nat 5", "aborted at 5"),
        (None, None, "no reason is given"),
    ],
)
def test_dry_run_of_what_would_fail(
    errors: str | None, beside: str | None, problem: str
) -> None:
    """Why is told in one of two places."""
    given = said(GRAPHQL)
    run = given["dryRunTransactionBlock"]
    run["error"] = beside
    run["transaction"]["effects"] |= {"status": "FAILURE", "errors": errors}
    found = at_once(node(GRAPHQL, given).dry_run(FIRST.to_bytes()))
    expected = EXPECTED["dry_run"]
    assert found == Effects(problem, expected.fee, expected.gas)


def test_dry_run_without_a_result() -> None:
    """Then there is an error, which is a complaint like others."""
    result = {"error": "Gas budget: 1 is lower than min: 2", "transaction": None}
    asked = answering({"data": {"dryRunTransactionBlock": result}})
    with pytest.raises(LedgerRejectedError) as raised:
        at_once(asked.dry_run(FIRST.to_bytes()))
    assert raised.value.reason is Reason.FEES_TOO_HIGH


@pytest.mark.parametrize(
    ("block", "is_taken"),
    [(None, True), ({"digest": FIRST.digest}, True), ({"digest": "11"}, False)],
)
def test_effects_are_those_of_what_was_sent(block: Any, is_taken: bool) -> None:
    """Those of another transaction say nothing of this one."""
    given = said(GRAPHQL)
    given["executeTransactionBlock"]["effects"]["transactionBlock"] = block
    sending = node(GRAPHQL, given).execute(FIRST.to_bytes(), [])
    if is_taken:
        assert at_once(sending) == EXPECTED["execute"]
    else:
        with pytest.raises(LedgerUnavailableError):
            at_once(sending)


def test_last_part() -> None:
    """There is no cursor for what is not there."""
    given = said(GRAPHQL)
    page = given["address.transactionBlocks"]["pageInfo"]
    page |= {"hasPreviousPage": False}
    assert at_once(node(GRAPHQL, given).sent(KEY.address)).cursor is None
    page |= {"hasPreviousPage": True, "startCursor": None}
    with pytest.raises(LedgerUnavailableError):
        at_once(node(GRAPHQL, given).sent(KEY.address))


def _depth(selection: SelectionSetNode | None) -> int:
    """Return how deep a question goes."""
    if selection is None:
        return 0
    return 1 + max(
        _depth(getattr(each, "selection_set", None)) for each in selection.selections
    )


@pytest.mark.parametrize("name", ASKS)
def test_limits_of_nodes(name: str) -> None:
    """5000 bytes without a transaction, which goes into a variable; 20 floors; 50 items."""
    asked, questions = asking(GRAPHQL)
    at_once(ASKS[name](asked))
    for question in questions:
        variables = {**question["variables"], "t": "", "s": []}
        assert len(json.dumps({**question, "variables": variables})) < 1000
        (definition,) = parse(question["query"]).definitions
        assert _depth(getattr(definition, "selection_set", None)) <= 20
        assert variables.get("n", 0) <= 50


def test_longest_transaction() -> None:
    """It is sent whole."""
    longest = transaction("x" * MOST_TEXT)
    given = said(GRAPHQL)
    effects = given["executeTransactionBlock"]["effects"]
    effects["transactionBlock"] = {"digest": longest.digest}
    sending = node(GRAPHQL, given).execute(longest.to_bytes(), [])
    assert at_once(sending) == EXPECTED["execute"]

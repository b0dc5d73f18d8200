"""Milestones confirm what they reference, and nothing else."""

from pathlib import Path
import tempfile

from hypothesis import given, settings, strategies as st

from custom_components.sensorchain.ledgers.tangle.transaction import (
    NULL_HASH,
    NULL_NONCE,
    Transaction,
)
from custom_components.sensorchain.ledgers.tangle.trytes import trytes_to_integer
from demo.tangle.coordinator import COORDINATOR, milestone
from demo.tangle.private_tangle import PrivateTangle
from demo.tangle.store import Store

from .conftest import Call
from .transactions import attached, trytes_of

# What is attached next: a bundle of so many transactions, or (0) a milestone; and on which two of the tails there are.
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 99), st.integers(0, 99)), max_size=12
)


def _past_cone(hashes: set[str], known: dict[str, Transaction]) -> set[str]:
    """Return all that these transactions approve, themselves included: written as simply as it can be."""
    cone: set[str] = set()
    while hashes:
        cone |= hashes
        parents = {
            parent
            for each in hashes
            for parent in (known[each].trunk, known[each].branch)
        }
        hashes = (parents & known.keys()) - cone
    return cone


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_confirmed_is_exactly_the_past_cone_of_milestones(
    steps: list[tuple[int, int, int]],
) -> None:
    """On any DAG, getInclusionStates is true for what a milestone references and for nothing else."""
    known: dict[str, Transaction] = {}
    tails = [NULL_HASH]
    milestones: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "tangle.db")
        for length, first, second in steps:
            trunk, branch = (tails[pick % len(tails)] for pick in (first, second))
            if length:
                bundle = attached(trunk, branch, length, magnitude=0)
                store.add(bundle)
            else:
                number = len(milestones) + 1
                bundle = (
                    milestone(lambda _: NULL_NONCE, number, COORDINATOR, trunk, branch),
                )
                store.add_milestone(number, bundle[0])
                milestones.add(bundle[0].hash)
            known |= {each.hash: each for each in bundle}
            tails.append(bundle[0].hash)
            confirmed = dict(zip(known, store.confirmed(known), strict=True))
            cone = _past_cone(milestones, known)
            assert confirmed == {each: each in cone for each in known}
        store.close()


async def _add(call: Call, *bundles: tuple[Transaction, ...]) -> None:
    """Store bundles."""
    for bundle in bundles:
        assert await call("storeTransactions", trytes=trytes_of(bundle)) == (200, {})


async def test_milestone_is_a_bundle_of_the_coordinator(
    tangle: PrivateTangle, call: Call
) -> None:
    """Address, number in the obsolete tag, and the chain of milestones are as clients look for them."""
    first, second = await tangle.issue_milestone(), await tangle.issue_milestone()
    _, answer = await call("getTrytes", hashes=[second.transaction])
    transaction = Transaction.from_trytes(answer["trytes"][0])
    _, info = await call("getNodeInfo")

    assert transaction.address == info["coordinatorAddress"]
    assert trytes_to_integer(transaction.obsolete_tag[:5]) == second.number == 3
    assert transaction.trunk == first.transaction
    assert transaction.weight >= tangle.minimum_weight_magnitude
    assert info["latestSolidSubtangleMilestone"] == second.transaction
    assert (
        info["latestMilestoneIndex"] == info["latestSolidSubtangleMilestoneIndex"] == 3
    )


async def test_milestone_gathers_all_tips(tangle: PrivateTangle, call: Call) -> None:
    """Bundles that know nothing of each other are confirmed by one milestone, and one tip is left."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    bundles = [
        attached(tips["trunkTransaction"], tips["branchTransaction"], 2)
        for _ in range(5)
    ]
    await _add(call, *bundles)
    issued = await tangle.issue_milestone()

    hashes = [each.hash for bundle in bundles for each in bundle]
    assert (await call("getInclusionStates", transactions=hashes, tips=[]))[1] == {
        "states": [True] * 10
    }
    assert (await call("getTips"))[1] == {"hashes": [issued.transaction]}


async def test_incomplete_bundle_is_not_confirmed(
    tangle: PrivateTangle, call: Call
) -> None:
    """The head of a bundle without its tail is stored, and approved by nobody."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    bundle = attached(tips["trunkTransaction"], tips["branchTransaction"], 2)
    await _add(call, bundle[1:])
    await tangle.issue_milestone()
    assert (await call("getInclusionStates", transactions=[bundle[1].hash]))[1] == {
        "states": [False]
    }
    status, answer = await call("checkConsistency", tails=[bundle[1].hash])
    assert (status, answer["error"]) == (
        400,
        f"Invalid transaction, not a tail: {bundle[1].hash}",
    )


async def test_tips_are_drawn_from_the_dag(tangle: PrivateTangle, call: Call) -> None:
    """Every tip is drawn sooner or later, none that is approved, and with a reference one that approves it."""
    _, before = await call("getTransactionsToApprove", depth=3)
    trunk = before["trunkTransaction"]
    left, right = attached(trunk, trunk), attached(trunk, trunk)
    above = attached(left[0].hash, left[0].hash)
    await _add(call, left, right, above)
    tips = {above[0].hash, right[0].hash}

    for _ in range(20):
        _, drawn = await call("getTransactionsToApprove", depth=0)
        assert {drawn["trunkTransaction"], drawn["branchTransaction"]} == tips
        _, drawn = await call(
            "getTransactionsToApprove", depth=3, reference=left[0].hash
        )
        assert drawn["trunkTransaction"] in tips
        assert drawn["branchTransaction"] == above[0].hash


async def test_what_stands_on_old_ground_is_left_behind(
    tangle: PrivateTangle, call: Call
) -> None:
    """A bundle attached more than 15 milestones back is not consistent, not drawn, and not confirmed."""
    old = await tangle.issue_milestone()
    for _ in range(16):
        await tangle.issue_milestone()
    lazy = attached(old.transaction, old.transaction)
    await _add(call, lazy)

    _, answer = await call("checkConsistency", tails=[lazy[0].hash])
    assert answer["state"] is False
    assert "below max depth" in answer["info"]
    _, drawn = await call("getTransactionsToApprove", depth=15)
    assert lazy[0].hash not in drawn.values()
    await tangle.issue_milestone()
    assert (await call("getInclusionStates", transactions=[lazy[0].hash]))[1] == {
        "states": [False]
    }


async def test_forged_milestone_confirms_nothing(
    tangle: PrivateTangle, call: Call
) -> None:
    """A stranger's transaction at the coordinator's address is a transaction like any other."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    forged = milestone(
        lambda _: NULL_NONCE,
        2,
        COORDINATOR,
        tips["trunkTransaction"],
        tips["branchTransaction"],
    )
    status, _ = await call("storeTransactions", trytes=[forged.to_trytes()])
    if status == 200:
        assert (await call("getInclusionStates", transactions=[forged.hash]))[1] == {
            "states": [False]
        }
    assert (await call("getNodeInfo"))[1]["latestMilestoneIndex"] == 1


async def test_node_that_lags_says_so(tangle: PrivateTangle, call: Call) -> None:
    """A node out of sync refuses what it can not know."""
    tangle.unsolid_milestones = 5
    _, info = await call("getNodeInfo")
    assert (
        info["latestMilestoneIndex"] - info["latestSolidSubtangleMilestoneIndex"] == 5
    )
    for command, parameters in (
        ("getInclusionStates", {"transactions": []}),
        ("checkConsistency", {"tails": []}),
        ("getTransactionsToApprove", {"depth": 3}),
    ):
        status, answer = await call(command, **parameters)
        assert status == 400
        assert answer["error"].endswith("The subtangle has not been updated yet.")

"""Milestones: what the coordinator publishes to confirm transactions.

A milestone is a bundle of one transaction at the coordinator's address. Its number stands in the first 15 trits (5 trytes)
of the obsolete tag (IRI: MilestoneServiceImpl.getMilestoneIndex). It confirms all that its trunk and branch approve,
directly or not, and itself. The rest of the tag and the message are empty:

    trunk: the milestone before it    branch: a tip    address: the coordinator's    obsolete tag: DA9999999… (number 31)

On the public network a milestone is signed with one key of a Merkle tree whose root is the coordinator's address, so that
nobody else can make one. Here the address has no key: the node knows its own milestones because it made them (its table
`milestones`), and takes nothing that is sent to it for one. A client that checks such signatures would refuse them.
"""

from dataclasses import replace
import time

from custom_components.sensorchain.ledgers.tangle.bundle import (
    Bundle,
    NonceSearch,
    attach,
    bundle_hash,
)
from custom_components.sensorchain.ledgers.tangle.kerl import kerl_hash
from custom_components.sensorchain.ledgers.tangle.transaction import (
    MESSAGE_TRYTES,
    NULL_HASH,
    NULL_TAG,
    TAG_TRYTES,
    Transaction,
)
from custom_components.sensorchain.ledgers.tangle.trytes import (
    integer_to_trytes,
    text_to_trytes,
)

# The address of a private Tangle's coordinator, by which clients tell networks apart.
COORDINATOR = kerl_hash(text_to_trytes("SensorChain: a private Tangle").ljust(81, "9"))

# A milestone has one branch. Should there be several tips, up to this many are first tied together, two by two.
MAX_GATHERED = 16

_NUMBER_TRYTES = 5


def milestone(
    search: NonceSearch, number: int, address: str, trunk: str, branch: str
) -> Transaction:
    """Make the milestone with this number on two tips."""
    number_trytes = integer_to_trytes(number, _NUMBER_TRYTES)
    tag = number_trytes.ljust(TAG_TRYTES, "9")
    return _attached(search, address, tag, trunk, branch)


def knot(search: NonceSearch, trunk: str, branch: str) -> Transaction:
    """Make a transaction without content that ties two tips to one."""
    return _attached(search, NULL_HASH, NULL_TAG, trunk, branch)


def _attached(
    search: NonceSearch, address: str, tag: str, trunk: str, branch: str
) -> Transaction:
    """Make a bundle of one transaction without a message, on two tips."""
    now = time.time_ns() // 1_000_000
    unfinished = Transaction(
        message="9" * MESSAGE_TRYTES,
        address=address,
        value=0,
        obsolete_tag=tag,
        timestamp=now // 1000,
        current_index=0,
        last_index=0,
    )
    # The hash is not counted up away from 13 as bundle.make does it, which would change the number: nothing is signed.
    bundle: Bundle = (replace(unfinished, bundle=bundle_hash((unfinished,))),)
    return attach(bundle, trunk, branch, now, search)[0]

"""Bundles without value: the transactions that carry one message together.

A bundle is a tuple of transactions in the order of their index. All name the same bundle
hash: Kerl of their essences. Once attached they form a chain, each approving the next one as
its trunk:

    index 0 ──trunk──► index 1 ──trunk──► index 2 ──trunk──► a tip
        └──branch──────────┴──branch──► that same tip, and index 2 ──branch──► another tip

(IOTA Reference Implementation, attachToTangle and BundleValidator.)
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from .kerl import kerl_hash
from .transaction import (
    LAST_ATTACHMENT_TIMESTAMP,
    MESSAGE_TRYTES,
    NULL_TAG,
    TAG_TRYTES,
    Transaction,
)
from .trytes import integer_to_trytes, trytes_to_integer

Bundle = tuple[Transaction, ...]
# Trytes of a transaction, and the nonce found for them.
NonceSearch = Callable[[str], str]

_SECTION_TRYTES = 27
_TAG_MODULUS = 3 ** (3 * TAG_TRYTES)
_TAG_HALF = _TAG_MODULUS // 2


class MalformedBundleError(ValueError):
    """Transactions that do not form a complete, correctly chained bundle without value."""


def bundle_hash(transactions: Sequence[Transaction]) -> str:
    """Kerl of the transactions' essences: 81 trytes."""
    return kerl_hash("".join(transaction.essence for transaction in transactions))


def normalized_hash(hash_trytes: str) -> list[int]:
    """Return the hash as 81 numbers from -13 to 13, those of each third adding up to 0.

    Signatures are made on this form (IOTA Reference Implementation, ISS.normalizedBundle).
    A third's surplus is taken from its first numbers, each down (or up) to the limit before
    the next one is touched.
    """
    numbers = [trytes_to_integer(tryte) for tryte in hash_trytes]
    for start in range(0, len(numbers), _SECTION_TRYTES):
        section = range(start, start + _SECTION_TRYTES)
        surplus = sum(numbers[place] for place in section)
        for place in section:
            balanced = max(-13, min(13, numbers[place] - surplus))
            surplus -= numbers[place] - balanced
            numbers[place] = balanced
    return numbers


def _incremented(tag: str) -> str:
    """Return the tag as a number, plus one, round to the most negative."""
    value = trytes_to_integer(tag) + 1
    return integer_to_trytes((value + _TAG_HALF) % _TAG_MODULUS - _TAG_HALF, TAG_TRYTES)


def _finalized(transactions: Bundle) -> Bundle:
    """Return the transactions with their bundle's hash.

    A hash whose normalised form contains 13 would give away part of a key when signed, so
    libraries never make one: the first obsolete tag is counted up until it does not.
    """
    while 13 in normalized_hash(hash_trytes := bundle_hash(transactions)):
        first = transactions[0]
        transactions = (
            replace(first, obsolete_tag=_incremented(first.obsolete_tag)),
            *transactions[1:],
        )
    return tuple(
        replace(transaction, bundle=hash_trytes) for transaction in transactions
    )


def make(address: str, tag: str, message: str, timestamp: int) -> Bundle:
    """Return a bundle, not yet attached, of as many transactions as its message needs.

    Address (81), tag (27) and message (any number) are trytes, the timestamp is in seconds
    since 1970.
    """
    count = max(1, -(-len(message) // MESSAGE_TRYTES))
    padded = message.ljust(count * MESSAGE_TRYTES, "9")
    return _finalized(
        tuple(
            Transaction(
                message=padded[index * MESSAGE_TRYTES : (index + 1) * MESSAGE_TRYTES],
                address=address,
                value=0,
                obsolete_tag=tag,
                timestamp=timestamp,
                current_index=index,
                last_index=count - 1,
                tag=tag,
            )
            for index in range(count)
        )
    )


def attach(
    bundle: Bundle,
    trunk: str,
    branch: str,
    attachment_timestamp: int,
    search: NonceSearch,
) -> Bundle:
    """Return the bundle attached to two tips: chained, with a nonce for each transaction.

    The last transaction comes first, since the others name the hash of the one after them.
    The attachment timestamp is in milliseconds since 1970. An empty tag becomes the obsolete
    tag, as nodes do it.
    """
    attached: list[Transaction] = []
    for transaction in reversed(bundle):
        unfinished = replace(
            transaction,
            trunk=attached[-1].hash if attached else trunk,
            branch=trunk if attached else branch,
            tag=transaction.obsolete_tag
            if transaction.tag == NULL_TAG
            else transaction.tag,
            attachment_timestamp=attachment_timestamp,
            attachment_timestamp_lower=0,
            attachment_timestamp_upper=LAST_ATTACHMENT_TIMESTAMP,
        )
        attached.append(replace(unfinished, nonce=search(unfinished.to_trytes())))
    return tuple(reversed(attached))


def validate_essence(bundle: Sequence[Transaction]) -> None:
    """Check a bundle's order, values and hash, attached or not.

    Raises MalformedBundleError.
    """
    if not bundle:
        raise MalformedBundleError("a bundle has at least one transaction")
    last = len(bundle) - 1
    if any(
        (each.current_index, each.last_index) != (index, last)
        for index, each in enumerate(bundle)
    ):
        raise MalformedBundleError("the indexes of the bundle's transactions are wrong")
    if any(each.value for each in bundle):
        raise MalformedBundleError(
            "the bundle moves tokens; only bundles without value are taken"
        )
    expected = bundle_hash(bundle)
    if any(each.bundle != expected for each in bundle):
        raise MalformedBundleError(
            "the bundle hash does not match the bundle's transactions"
        )


def validate(bundle: Sequence[Transaction]) -> None:
    """Check an attached bundle: its essence and how it is chained; raises MalformedBundleError.

    Weights are not checked here: what is enough depends on the network.
    """
    validate_essence(bundle)
    if any(each.trunk != following.hash for each, following in pairwise(bundle)):
        raise MalformedBundleError(
            "the bundle's transactions are not chained by their trunks"
        )
    if any(each.branch != bundle[-1].trunk for each in bundle[:-1]):
        raise MalformedBundleError("the bundle's transactions do not share one branch")


def message_trytes(bundle: Sequence[Transaction]) -> str:
    """Return the message of all transactions without the 9s that fill it up.

    It is cut after a whole character of two trytes.
    """
    message = "".join(transaction.message for transaction in bundle).rstrip("9")
    return message + "9" * (len(message) % 2)

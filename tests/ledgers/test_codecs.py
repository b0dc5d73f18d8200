"""Trytes, hashes, transactions and bundles, against known answers and against PyOTA."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sensorchain.ledgers.tangle.bundle import (
    MalformedBundleError,
    attach,
    bundle_hash,
    make,
    message_trytes,
    normalized_hash,
    validate,
    validate_essence,
)
from custom_components.sensorchain.ledgers.tangle.curl import curl_hash
from custom_components.sensorchain.ledgers.tangle.kerl import kerl_hash
from custom_components.sensorchain.ledgers.tangle.transaction import (
    NULL_HASH,
    NULL_NONCE,
    NULL_TAG,
    TRANSACTION_TRYTES,
    Transaction,
    weight_magnitude,
)
from custom_components.sensorchain.ledgers.tangle.trytes import (
    ALPHABET,
    MalformedTrytesError,
    integer_to_trytes,
    text_to_trytes,
    trytes_to_integer,
    trytes_to_text,
    trytes_to_trits,
)

from .pyota import Curl, Kerl, hash_with, iota, normalize

TAG = "SENSORCHAIN".ljust(27, "9")
ADDRESS = "SENSORCHAIN".ljust(81, "9")
ASCII = st.characters(max_codepoint=127)


def trytes(length: int) -> st.SearchStrategy[str]:
    """Return all trytes of a length."""
    return st.text(ALPHABET, min_size=length, max_size=length)


def blocks(most: int) -> st.SearchStrategy[str]:
    """Return up to so many blocks of 81 trytes."""
    return st.integers(1, most).flatmap(lambda count: trytes(81 * count))


def attached(count: int) -> tuple[Transaction, ...]:
    """Return an attached bundle without proof of work."""
    bundle = make(ADDRESS, TAG, "A" * (2187 * count), 1_700_000_000)
    return attach(bundle, "A" * 81, "B" * 81, 1_700_000_000_000, lambda _: NULL_NONCE)


@pytest.mark.parametrize(
    ("tryte", "trits"),
    [
        ("9", [0, 0, 0]),
        ("A", [1, 0, 0]),
        ("M", [1, 1, 1]),
        ("N", [-1, -1, -1]),
        ("Z", [-1, 0, 0]),
    ],
)
def test_tryte_has_three_trits(tryte: str, trits: list[int]) -> None:
    """The least significant trit comes first."""
    assert trytes_to_trits(tryte) == trits


@given(st.text(ALPHABET))
def test_trits_are_those_of_pyota(text: str) -> None:
    """Trits are the same."""
    assert trytes_to_trits(text) == iota.TryteString(text).as_trits()


@given(st.text(ASCII))
def test_text_is_that_of_pyota(text: str) -> None:
    """Text is encoded as PyOTA does it, and comes back."""
    assert text_to_trytes(text) == str(iota.TryteString.from_unicode(text))
    assert trytes_to_text(text_to_trytes(text)) == text


@given(st.integers(-(27**9) // 2 + 1, 27**9 // 2))
def test_integers_come_back(value: int) -> None:
    """Nine trytes hold every integer of their range."""
    assert trytes_to_integer(integer_to_trytes(value, 9)) == value


def test_integers_have_a_range() -> None:
    """The largest is all M, the next one does not fit."""
    assert integer_to_trytes((27**9 - 1) // 2, 9) == "M" * 9
    with pytest.raises(OverflowError):
        integer_to_trytes((27**9 + 1) // 2, 9)


@pytest.mark.parametrize("text", ["a", "0", "8", "Ä", "AB\n", " A", "A-B", "\ud800"])
def test_what_is_not_trytes_is_refused(text: str) -> None:
    """Only 9 and A to Z are trytes."""
    for read in (trytes_to_trits, trytes_to_integer, trytes_to_text):
        with pytest.raises(MalformedTrytesError):
            read(text)


@pytest.mark.parametrize("text", ["A", "ZZ", "9I"])
def test_what_is_not_text_is_refused(text: str) -> None:
    """A character has two trytes and a code up to 127."""
    with pytest.raises(MalformedTrytesError):
        trytes_to_text(text)


def test_only_ascii_is_written() -> None:
    """PyOTA and @iota/converter would not agree on anything else."""
    with pytest.raises(MalformedTrytesError):
        text_to_trytes("21 °C")


@pytest.mark.parametrize(
    ("block", "count", "expected"),
    [
        ("9" * 27, 3, "9" * 81),
        (
            ALPHABET,
            3,
            "FPKKJZREHPYHNIBWAPYEXHXEAFZCI99UWZNKBOCCECFTDUXG9YGYDAGRLUBJVKMYNWPRCPYENACHOYSHJ",
        ),
        (
            ALPHABET,
            99,
            "AHZJBPRUKRJJHSPELBUDHFBESKIAMBYXVRAKBXVTM9HNTEYIEXUJEBC9XSOFKEKAZWQQWQXXXCLQWMIIV",
        ),
    ],
)
def test_curl_known_answers(block: str, count: int, expected: str) -> None:
    """Answers of PyOTA's Curl."""
    assert curl_hash(block * count) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            # From the specification of Kerl.
            "GYOMKVTSNHVJNCNFBBAH9AAMXLPLLLROQY99QN9DLSJUHDPBLCFFAIQXZA9BKMBJCYSFHFPXAHDWZFEIZ",
            "OXJCNFHUNAHWDLKKPELTBFUCVW9KLXKOGWERKTJXQMXTKFKNWNNXYD9DMJJABSEIONOSJTTEVKVDQEWTW",
        ),
        (
            "9" * 81,
            "9NGBYIGJTUTYPACOHYWUGLWO9OASWBNWCIADXRWRSZPOSRYJTHDANSCVG9KULYERRBPBPLZHA9BEONKZW",
        ),
        (
            ALPHABET * 3,
            "ZFFAPJSFZ99PKEDEYOGQGQOOCRLWGSFRPHURJ9FMMOWZVEIIWULWGUMOAGVQCKOGQRJOOBBTSWFZRDSKW",
        ),
        (
            ALPHABET * 6,
            "A9YMLFISSNDMV9GZTEBJKLV9PNOTHFRKEVILIDMAGEUFAHEP9BKFPOWFLLVEFWYCGUNT9CDRFOBBYRRBD",
        ),
    ],
)
def test_kerl_known_answers(text: str, expected: str) -> None:
    """Answers of the specification and of PyOTA's Kerl."""
    assert kerl_hash(text) == expected


@settings(max_examples=10, deadline=None)
@given(blocks(2))
def test_hashes_are_those_of_pyota(text: str) -> None:
    """Both sponges give PyOTA's answers."""
    assert curl_hash(text) == hash_with(Curl(), text)
    assert kerl_hash(text) == hash_with(Kerl(), text)


@pytest.mark.parametrize("length", [1, 80, 82])
def test_hashes_are_of_whole_blocks(length: int) -> None:
    """A part of a block is refused."""
    for hash_of in (curl_hash, kerl_hash):
        with pytest.raises(MalformedTrytesError):
            hash_of("A" * length)


def test_weight_counts_zeros_at_the_end() -> None:
    """N ends in -1, I in 0, 9 is three zeros."""
    assert weight_magnitude("N" * 81) == 0
    assert weight_magnitude("N" * 80 + "A") == 2
    assert weight_magnitude("N" * 78 + "I99") == 6
    assert weight_magnitude(NULL_HASH) == 243


@given(trytes(TRANSACTION_TRYTES))
@settings(max_examples=20)
def test_any_trytes_are_one_transaction(text: str) -> None:
    """Fields and trytes stand for each other, one to one."""
    assert Transaction.from_trytes(text).to_trytes() == text


@given(trytes(TRANSACTION_TRYTES))
@settings(max_examples=5, deadline=None)
def test_fields_are_those_of_pyota(text: str) -> None:
    """Every field is where PyOTA finds it."""
    ours, theirs = (
        Transaction.from_trytes(text),
        iota.Transaction.from_tryte_string(text),
    )
    assert ours.hash == theirs.hash
    assert ours.message == theirs.signature_message_fragment
    assert (ours.address, ours.value, ours.timestamp) == (
        theirs.address,
        theirs.value,
        theirs.timestamp,
    )
    assert (ours.obsolete_tag, ours.tag, ours.nonce) == (
        theirs.legacy_tag,
        theirs.tag,
        theirs.nonce,
    )
    assert (ours.current_index, ours.last_index) == (
        theirs.current_index,
        theirs.last_index,
    )
    assert (ours.bundle, ours.trunk, ours.branch) == (
        theirs.bundle_hash,
        theirs.trunk_transaction_hash,
        theirs.branch_transaction_hash,
    )
    assert (
        ours.attachment_timestamp,
        ours.attachment_timestamp_lower,
        ours.attachment_timestamp_upper,
    ) == (
        theirs.attachment_timestamp,
        theirs.attachment_timestamp_lower_bound,
        theirs.attachment_timestamp_upper_bound,
    )


@pytest.mark.parametrize("text", ["", "9" * 2672, "9" * 2674, "8" * 2673])
def test_what_is_not_a_transaction_is_refused(text: str) -> None:
    """A transaction is 2673 trytes."""
    with pytest.raises(MalformedTrytesError):
        Transaction.from_trytes(text)


@pytest.mark.parametrize(
    "change",
    [
        {"message": "A" * 2186},
        {"address": "a" * 81},
        {"address": ADDRESS + "9"},
        {"trunk": ""},
        {"nonce": "8" * 27},
    ],
)
def test_field_of_another_length_is_refused(change: dict[str, str]) -> None:
    """A transaction is never written shifted."""
    (transaction,) = attached(1)
    with pytest.raises(MalformedTrytesError, match=next(iter(change))):
        replace(transaction, **change)


def test_bundle_known_answer() -> None:
    """The bundle that PyOTA 2.1.0 makes of this message, its first obsolete tag counted up."""
    bundle = make(ADDRESS, TAG, text_to_trytes("x" * 1500), 1_700_000_000)
    assert bundle[0].bundle == (
        "ZDKAYJL9SQRYUYNDEJYTJYBLLHLCFYCEACKAJLNAJVFLLIQIHGYVCEEQVJIA9OOUOYUCBUOJKJCWGGGCD"
    )
    assert [each.obsolete_tag.rstrip("9") for each in bundle] == [
        "CINSORCHAIN",
        "SENSORCHAIN",
    ]
    assert all(each.tag == TAG for each in bundle)


@given(trytes(81), trytes(27), st.text(ALPHABET, max_size=2500), st.integers(1, 2**40))
@settings(max_examples=4, deadline=None)
def test_bundles_are_those_of_pyota(
    address: str, tag: str, message: str, timestamp: int
) -> None:
    """The same message at the same time gives the same bundle."""
    theirs = iota.ProposedBundle()
    theirs.add_transaction(
        iota.ProposedTransaction(
            address=iota.Address(address),
            value=0,
            tag=iota.Tag(tag),
            message=iota.TryteString(message),
            timestamp=timestamp,
        )
    )
    theirs.finalize()
    ours = make(address, tag, message, timestamp)
    assert [each.to_trytes() for each in ours] == [
        str(each.as_tryte_string()) for each in theirs
    ]
    assert 13 not in normalized_hash(ours[0].bundle)


@given(trytes(81))
def test_normalized_hash_is_that_of_pyota(hash_trytes: str) -> None:
    """Each third adds up to zero, in the way that signatures need."""
    parts = normalize(iota.Hash(hash_trytes))
    assert normalized_hash(hash_trytes) == [value for part in parts for value in part]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_attached_bundle_is_valid(count: int) -> None:
    """The last approves both tips; the others the next one and the trunk. PyOTA agrees."""
    bundle = attached(count)
    validate(bundle)
    assert (bundle[-1].trunk, bundle[-1].branch) == ("A" * 81, "B" * 81)
    assert all(each.branch == "A" * 81 for each in bundle[:-1])
    assert bundle_hash(bundle) == bundle[0].bundle
    theirs = iota.Bundle(
        iota.Transaction.from_tryte_string(each.to_trytes()) for each in bundle
    )
    assert iota.BundleValidator(theirs).errors == []


def test_empty_tag_becomes_the_obsolete_one() -> None:
    """As nodes do it when they attach."""
    (unattached,) = make(ADDRESS, TAG, "", 1)
    (transaction,) = attach(
        (replace(unattached, tag=NULL_TAG),),
        "A" * 81,
        "B" * 81,
        1,
        lambda _: NULL_NONCE,
    )
    assert transaction.tag == transaction.obsolete_tag != NULL_TAG


def test_message_is_read_back() -> None:
    """The message goes over the borders of transactions, and the filling is left out."""
    text = "a message " * 200
    bundle = make(ADDRESS, TAG, text_to_trytes(text), 1)
    assert len(bundle) == 2
    assert trytes_to_text(message_trytes(bundle)) == text


@pytest.mark.parametrize(
    "change",
    [
        {"value": 1},
        {"current_index": 1},
        {"last_index": 2},
        {"timestamp": 5},
        {"address": "Z" * 81},
        {"obsolete_tag": "Z" * 27},
        {"bundle": "Z" * 81},
    ],
)
def test_changed_essence_is_refused(change: dict[str, object]) -> None:
    """The bundle hash covers the essence."""
    first, *others = attached(2)
    with pytest.raises(MalformedBundleError):
        validate_essence((replace(first, **change), *others))


@pytest.mark.parametrize("change", [{"trunk": "Z" * 81}, {"branch": "Z" * 81}])
def test_broken_chain_is_refused(change: dict[str, str]) -> None:
    """What is not chained is not a bundle."""
    first, *others = attached(2)
    with pytest.raises(MalformedBundleError):
        validate((replace(first, **change), *others))


def test_incomplete_bundles_are_refused() -> None:
    """So is one without transactions, in another order, or with one too few."""
    bundle = attached(3)
    for wrong in ((), bundle[:2], bundle[1:], bundle[::-1], (*bundle, bundle[0])):
        with pytest.raises(MalformedBundleError):
            validate(wrong)

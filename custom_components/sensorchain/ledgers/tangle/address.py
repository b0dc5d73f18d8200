"""Where a log's anchors are found on the Tangle."""

from ...transparency.note import VerifierKey
from .kerl import kerl_hash
from .transaction import HASH_TRYTES
from .trytes import text_to_trytes


def address_of(verifier_key: VerifierKey) -> str:
    """Return the address, 81 trytes, of all anchors of a log.

    It is Kerl of the verifier key's text (C2SP vkey) in trytes, filled up with 9 to blocks
    of 81 trytes, so that whoever has the verifier key finds every anchor.
    """
    trytes = text_to_trytes(str(verifier_key))
    return kerl_hash(trytes + "9" * (-len(trytes) % HASH_TRYTES))

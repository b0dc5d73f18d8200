"""What is not as it must be."""

from ...transparency.errors import MalformedError


class MalformedTransactionError(MalformedError):
    """Bytes that are not a transaction of the one form that is used here."""

"""What is not as it must be."""


class MalformedTransactionError(ValueError):
    """Bytes, or fields, that are not a transaction of the one form that is used here."""

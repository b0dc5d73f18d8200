"""IOTA as a ledger."""

"""Ledgers: where checkpoints are published, confirmed and found again.

Nothing here knows Home Assistant, and all of it runs on the standard library alone, but
the search for a proof of work (numpy) and the transport over aiohttp. A ledger is handed a
Transport.
"""

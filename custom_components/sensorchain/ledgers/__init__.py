"""Ledgers: where checkpoints are published, confirmed and found again.

Nothing here knows Home Assistant; a ledger is handed an aiohttp.ClientSession.
"""

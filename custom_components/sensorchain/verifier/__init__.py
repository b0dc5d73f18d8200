"""The verifier: what a proof bundle proves, in words and for machines.

bundle ─► examination (offline) ─► anchors (each ledger is asked) ─► verdict ─► words or JSON

It runs on Python 3.11 or newer with nothing installed.
"""

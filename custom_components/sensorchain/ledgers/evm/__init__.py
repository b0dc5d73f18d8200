"""Any chain of the Ethereum kind: an anchor is a transaction to oneself, with the checkpoint as its data."""

"""The log: readings, their leaves, signed checkpoints and proofs."""

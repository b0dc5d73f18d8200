"""Rules, and the loops that carry the log's checkpoints to ledgers."""

"""Tests of rules, and of the loops that carry checkpoints to ledgers."""

"""Tests of chains of the Ethereum kind."""

"""Tests of the private Tangle."""

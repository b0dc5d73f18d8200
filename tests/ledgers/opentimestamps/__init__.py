"""Tests of Bitcoin through OpenTimestamps."""

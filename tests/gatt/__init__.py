"""Tests of what the bytes of a characteristic mean."""

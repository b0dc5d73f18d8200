"""Tests of the measurements, not of how fast anything is."""

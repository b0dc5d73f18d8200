"""Tests that kill a real Home Assistant between any two steps, and start it again."""

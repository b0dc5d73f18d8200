"""Tests of what happens to a log when its disk, its file or its clock fail."""

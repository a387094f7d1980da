"""Tests of the rotation's pure core and of its command."""

"""Tests of what no single addon owns."""

"""Sources that tests of several folders use."""

from pathlib import Path

ATTACKS = Path(__file__).resolve().parent / "attacks"
SLOW_TO_COMPILE = (ATTACKS / "compile" / "time_bomb.c").read_text()
"""Compiles until its time limit; it does not come near the memory limit first."""

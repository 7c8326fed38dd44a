"""A program that uses the library and ends without closing it."""

import subprocess
import sys

import pytest

from ideproject.settings import BASE_DIR

pytestmark = pytest.mark.docker

PROGRAM = """
import atexit, time
from concurrent.futures import ThreadPoolExecutor
from executor import CodeExecutor

executor = CodeExecutor(pool_size=1)
hello = '#include <stdio.h>\\nint main(void) { puts("hello"); }'
for _ in range(2):
    print(executor.execute_code(hello)["stdout"], end="")
    while not executor.pool.warm:
        time.sleep(0.01)
print(executor.execute_code(hello)["stdout"], end="")
"""
SLOW_ENDS = ["atexit.register(time.sleep, 0.5)", "ThreadPoolExecutor().submit(time.sleep, 0.5)"]


@pytest.mark.parametrize("end", SLOW_ENDS)
def test_it_ends_in_silence(end):
    """Its last sandbox was a warm one, and the pool is about to make the next."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM + end], cwd=BASE_DIR, capture_output=True, text=True
    )
    assert (told.stdout, told.stderr, told.returncode) == ("hello\n" * 3, "", 0)

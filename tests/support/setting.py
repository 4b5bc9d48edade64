"""What every test of a suite shares: where the program is, the random seed, waiting for something."""

import os
import pathlib
import time

SUPPORT = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ.get("PG2DUCK", SUPPORT.parents[1] / "build/release/pg2duck"))
# Shown in the header of each pytest run; set it to repeat one.
SEED = int(os.environ.get("PG2DUCK_TEST_SEED", "20240601"))


def eventually(condition, what: str, seconds: float = 30, meanwhile=None) -> None:
    """Waits until `condition()` is true. `meanwhile` may raise when that has become pointless."""
    end = time.monotonic() + seconds
    while not condition():
        if meanwhile:
            meanwhile()
        assert time.monotonic() < end, f"waited {seconds} seconds for {what}"
        time.sleep(0.02)


def driver(name: str) -> pathlib.Path:
    """A helper program made of tests/support/drivers/NAME.cpp, built as the program is."""
    path = PROGRAM.parent / "drivers" / name
    assert os.access(path, os.X_OK), f"{path} is not there; build the target test_programs"
    return path

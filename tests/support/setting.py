"""What every test of a suite shares: where things are, the random seed, waiting for something."""

import os
import pathlib
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPS = pathlib.Path(os.environ.get("PG2DUCK_DEPS", ROOT / "build/deps"))
# DuckDB's extensions, signed.
EXTENSIONS = DEPS / "extensions"
PROGRAM = pathlib.Path(os.environ.get("PG2DUCK", ROOT / "build/release/pg2duck"))
# Shown in the header of each pytest run; set it to repeat one.
SEED = int(os.environ.get("PG2DUCK_TEST_SEED", "20240601"))


# So long, and the test hangs: far longer than anything takes on the busiest machine.
PATIENCE = 300


def eventually(condition, what: str, seconds: float = PATIENCE, meanwhile=None) -> None:
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

import signal
import sys

sys.dont_write_bytecode = True
# A shell ignores SIGINT in what it runs in the background, and a program that a test is to interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

from support.fixtures import *  # noqa: E402,F403

import sys

sys.dont_write_bytecode = True

from fixtures import *  # noqa: E402,F403

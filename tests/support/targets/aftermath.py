"""What must hold after any failure: the old copy is whole, the next run succeeds, nothing is left over."""

import shutil

from support.program import copy_well
from support.targets import duckdb_file as duck


class OldCopy:
    """A finished copy, taken before something goes wrong."""

    def __init__(self, db, target, *options):
        self.db = db
        self.target = target
        self.options = options
        if db.finished_copy and not options:
            shutil.copyfile(db.finished_copy, target)
            duck.take_over(target, db)
        else:
            copy_well(db, target, *options)
        self.fingerprint = duck.fingerprint(target)

    def expect_whole(self) -> None:
        assert duck.fingerprint(self.target) == self.fingerprint, "the old copy was changed"

    def expect_recovery(self, source=None) -> None:
        """The old copy is whole, the next run succeeds and is newer, no staged table and no stray file remains."""
        self.expect_whole()
        before = duck.last_sync_time(self.target)
        copy_well(source or self.db, self.target, *self.options)
        assert duck.last_sync_time(self.target) > before
        expect_nothing_left(self.target)


def expect_nothing_left(target) -> None:
    assert duck.leftovers(target) == []
    stray = [path.name for path in target.parent.iterdir()
             if path.name.startswith(target.name) and path.name != target.name]
    assert stray == [], stray

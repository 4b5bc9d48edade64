"""Merges by keys that Postgres calls equal although they look different, on every kind of target that takes changes."""

import pytest

from support.program import configure, sync
from support.targets.kinds import Lake, Quack, QuackLikeMotherduck, made
from support.values.equal_keys import SETUP, change, check, make, project, tables_of

KINDS = [Quack, QuackLikeMotherduck, Lake]
# Those of which the statements differ most, and the types whose keys are compared in a form of their own.
STRATEGIES = ("upsert", "wider", "versions", "newest")
TYPES = ("citext", "pair", "jsonb", "numeric", "interval", "float8", "timetz")


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_key_in_another_form_is_the_same_key(kind, cluster):
    database = cluster.create_database("TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    database.run(SETUP)
    tables = {table: forms for strategy in STRATEGIES[:: 1 + (kind is Lake)] for table, forms in tables_of(strategy).items() if forms[0] in TYPES}
    make(database, tables)
    with made(kind, cluster) as place:
        configure(place.directory, database, project(tables))
        run = lambda *options: sync(place.directory, "--target", place.argument, *place.options, *options, env=place.env)
        run()
        change(database, tables)
        for options in ([], ["--reconcile"]):
            run(*options)
            check(place.rows, tables, "new")
    database.drop()

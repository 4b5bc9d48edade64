"""What a run of 24 tables writes for its ledger where rows are in files: few files, few snapshots, and not more each time."""

import pytest

from support.program import copy_well
from support.targets.duckdb_file import LEDGER
from support.targets.kinds import Lake, LakeInPostgres, Parquet, made

TABLES = 24


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    for number in range(TABLES):
        database.run(f"CREATE TABLE t{number} (id int PRIMARY KEY, note text); "
                     f"INSERT INTO t{number} SELECT i, 'note ' || i FROM generate_series(1, 20) i")
    yield database
    database.drop()


def run(shop, place, *options):
    return copy_well(shop, place.argument, *place.options, *options, env=place.env)


@pytest.mark.parametrize("kind", [Lake, LakeInPostgres], ids=lambda kind: kind.name)
def test_in_a_lake_the_ledger_stands_in_the_catalog(shop, cluster, kind):
    with made(kind, cluster) as place:
        def ledger_files() -> set:
            return {path for path in place.directory.rglob("*.parquet") if LEDGER in path.parts}

        def changes() -> list[str]:
            # The ledger's tables by their numbers; a CREATE of one names it.
            numbers = {str(number) for number, in place.rows(
                "SELECT table_id FROM ducklake_table_info('copy') JOIN duckdb_tables() USING (table_name) WHERE database_name = "
                f"'copy' AND schema_name = '{LEDGER}'")}
            found = place.rows("SELECT changes::VARCHAR FROM ducklake_snapshots('copy') ORDER BY snapshot_id")
            return [text for text, in found if LEDGER + "." in text or numbers & set(text.translate(str.maketrans("{}[]=,", " " * 6)).split())]

        for number, mode in enumerate(("replace", "replace", "merge")):
            before = len(changes()) if number else 0
            run(shop, place, "--mode", mode)
            # To create it; to publish; and what the publication took.
            assert len(changes()) - before <= (3 if number == 0 else 2)
            assert ledger_files() == set()
        rows = f"SELECT count(*) FROM {LEDGER}.table_runs"
        assert place.rows(rows) == [(3 * TABLES,)]
        run(shop, place, "--keep-runs", "1")
        # The first one has gone; the second has made the tables that are there, the third has published them.
        assert place.rows(rows) == [(3 * TABLES,)] and ledger_files() == set()


def test_a_parquet_ledger_is_written_where_it_has_changed(shop, cluster):
    with made(Parquet, cluster) as place:
        def ledger_files() -> dict:
            return {table["table"]: table["files"] for table in place.manifest()["tables"] if table["schema"] == LEDGER}

        run(shop, place, "--keep-runs", "3")
        sizes = []
        for _ in range(8):
            before, on_disk = ledger_files(), place.data_files()
            run(shop, place, "--keep-runs", "3")
            after = ledger_files()
            assert {table for table in after if after[table] != before[table]} == {"runs", "table_runs", "run_metrics", "tables"}
            # run_metrics twice: what has expired goes with the publication, the figures of the run come after it.
            assert len({file for file in place.data_files() - on_disk if file.startswith(LEDGER)}) <= 5
            sizes.append((len(place.read("manifest.json")), sum(file["rows"] for files in after.values() for file in files)))
        assert len(set(sizes[3:])) == 1, sizes

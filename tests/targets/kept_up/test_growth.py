"""A target that is brought up to date fifty times is not much larger than one that was filled once."""

import pytest

from support.program import pg2duck
from support.targets.kinds import File, Lake, Parquet, Quack, made

RUNS = 50
ROWS = 10_000
ROW = "md5(i::text || random()) || md5(random()::text) || md5(random()::text) || md5(random()::text)"

CONFIGURATION = """
[table."public.replaced"]
mode = "replace"
[table."public.merged"]
mode = "merge"
cursor = "at"
[table."public.appended"]
mode = "append"
cursor = "id"
"""


@pytest.fixture
def shop(cluster):
    database = cluster.create_database()
    for table in ("replaced", "merged", "appended"):
        database.run(f"CREATE TABLE {table} (id int PRIMARY KEY, at int NOT NULL DEFAULT 0, note text NOT NULL); "
                     f"INSERT INTO {table} (id, note) SELECT i, {ROW} FROM generate_series(1, {ROWS}) i; ANALYZE {table}")
    yield database
    database.drop()


def change(shop, number: int) -> None:
    """What a day brings: 5 % of the merged rows are other ones, and 1 % more are appended."""
    shop.run(f"UPDATE merged SET at = {number}, note = {ROW.replace('i::text', 'id::text')} WHERE id % 20 = {number % 20}; "
             f"INSERT INTO appended (id, note) SELECT i, {ROW} FROM "
             f"generate_series({ROWS + 150 * number + 1}, {ROWS + 150 * (number + 1)}) i")


def size(place) -> int:
    return sum(file.stat().st_size for file in place.directory.rglob("*") if file.is_file())


def copy(place, shop, directory, mode: str) -> None:
    text = f'source = "{shop.uri()}"\ntarget = "{place.argument}"\n{CONFIGURATION if mode == "kept up" else ""}'
    if isinstance(place, Lake):
        text = 'expire_after = "1 second"\n' + text
    (directory / "pg2duck.toml").write_text(text)
    pg2duck("sync", cwd=directory, env=place.env).expect(0)


# Rows that changed are new Parquet files in a lake, beside those that they were in; nothing of that is rewritten unasked.
@pytest.mark.parametrize("kind", [File, Quack, Lake, Parquet], ids=lambda kind: kind.name)
def test_fifty_runs_grow_nothing(shop, cluster, tmp_path, kind):
    mode = "replaced" if kind is Parquet else "kept up"
    with made(kind, cluster) as place, made(kind, cluster) as once:
        sizes = []
        for number in range(RUNS):
            copy(place, shop, tmp_path, mode)
            sizes.append(size(place))
            change(shop, number)
        copy(place, shop, tmp_path, mode)
        copy(once, shop, tmp_path, "replaced")
        kept_up, fresh = place.content(), once.content()
        for table in ("replaced", "merged", "appended"):
            assert kept_up[f"main.{table}"][1] == fresh[f"main.{table}"][1], table
        assert max(sizes[RUNS // 2:] + [size(place)]) < 2.5 * size(once), (sizes, size(once))

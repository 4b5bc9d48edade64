"""Targets as an earlier pg2duck left them: how tests/golden/ledger was recorded, and how a target is made of it again."""

import datetime
import hashlib
import json
import pathlib
import re

import duckdb

from support.program import Result, pg2duck
from support.setting import ROOT
from support.targets.duckdb_file import LEDGER
from support.targets.kinds import File, Lake, Parquet, Quack
from support.targets.place import attached

GOLDEN = ROOT / "tests/golden/ledger"
KINDS = (File, Quack, Lake, Parquet)
KEPT_UP = "# kept up\n"


def steps() -> dict[str, str]:
    """What happened at the source, by the name of the step."""
    parts = re.split(r"^-- step (\w+)\n", (GOLDEN / "source.sql").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def configuration(kind) -> str:
    text = (GOLDEN / "pg2duck.toml").read_text()
    return text.split(KEPT_UP)[0] if issubclass(kind, Parquet) else text


def sync(place, source, directory: pathlib.Path, *options) -> Result:
    """`pg2duck sync` from `source` into `place` by the recorded configuration."""
    (directory / "pg2duck.toml").write_text(f'source = "{source.uri()}"\ntarget = "{place.argument}"\n'
                                            + configuration(type(place)))
    return pg2duck("sync", "--json", *place.options, *options, cwd=directory, env=place.env)


def record_runs(place, source, other, directory: pathlib.Path) -> None:
    """The runs whose ledger is recorded: limited, failed, first, other source, changed, altered, unchanged."""
    happened = steps()
    source.run(happened["begin"])
    other.run((GOLDEN / "other.sql").read_text())
    place.copy(source, "--tables", "sales.regions,moods", "--limit", "1").expect(0)
    place.copy(source, "--tables", "prices,moods").expect(1)
    sync(place, source, directory, "--force").expect(0)
    place.copy(other, "--dataset", "other").expect(0)
    source.run(happened["change"])
    sync(place, source, directory).expect(0)
    source.run(happened["alter"])
    sync(place, source, directory).expect(3)
    sync(place, source, directory).expect(3)


def make_sources(source, other) -> None:
    """Both databases as the last recorded run saw them."""
    source.run("".join(steps().values()))
    other.run((GOLDEN / "other.sql").read_text())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def dump(place, source, other) -> str:
    """All tables of a target as SQL, the ledger's among them. What differs from server to server has a name of its own:
    @SOURCE@ and @OTHER@ for the connections, @OID SOURCE public.orders@, @TRANSACTION@."""
    markers = {source.uri(): "@SOURCE@", other.uri(): "@OTHER@"}
    lines = []
    with place.opened() as ask:
        tables = ask("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND "
                     "database_name = current_database() ORDER BY ALL")
        for schema in sorted({schema for schema, _ in tables} - {"main"}):
            lines.append(f"CREATE SCHEMA {_quoted(schema)};")
        sources = {(schema, table): (source_schema, source_table, origin)
                   for schema, table, source_schema, source_table, origin in
                   ask(f'SELECT schema, "table", source_schema, source_table, source FROM {LEDGER}.tables '
                       f"JOIN {LEDGER}.runs USING (run_id)")}
        for schema, table in tables:
            where = f"database_name = current_database() AND schema_name = {_literal(schema)} AND table_name = {_literal(table)}"
            columns = ask(f"SELECT column_name, data_type, is_nullable::VARCHAR FROM duckdb_columns() WHERE {where} "
                          "ORDER BY column_index")
            name = f"{_quoted(schema)}.{_quoted(table)}"
            shape = ", ".join(f"{_quoted(column)} {kind}{'' if nullable == 'true' else ' NOT NULL'}"
                              for column, kind, nullable in columns)
            lines.append(f"CREATE TABLE {name} ({shape});")
            texts = ", ".join(f"{_quoted(column)}::VARCHAR" for column, _, _ in columns)
            for row in ask(f"SELECT {texts} FROM {name} ORDER BY ALL"):
                values = [_literal(value) for value in row]
                if (schema, table) == (LEDGER, "source_columns"):
                    *table_name, origin = sources[row[0], row[1]]
                    values[3] = f"@OID {markers[origin].strip('@')} {'.'.join(table_name)}@"
                if (schema, table) == (LEDGER, "cursors") and row[2] == "xmin":
                    values[3] = "'@TRANSACTION@'"
                lines.append(f"INSERT INTO {name} VALUES ({', '.join(values)});")
    text = "\n".join(lines) + "\n"
    for uri, marker in markers.items():
        text = text.replace(uri, marker)
    return text


def _shifted(text: str) -> str:
    """With the time of the runs moved, so that they ended an hour ago."""
    stamp = re.compile(r"'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00)'")
    run = re.compile(rf'^INSERT INTO "{LEDGER}"\."runs" VALUES \(\'[^\']*\', {stamp.pattern}, {stamp.pattern}', re.MULTILINE)
    times = [datetime.datetime.fromisoformat(time) for found in run.findall(text) for time in found]
    hour = datetime.timedelta(hours=1)
    later = datetime.datetime.now(datetime.timezone.utc) - hour - max(times)

    def moved(found: re.Match) -> str:
        time = datetime.datetime.fromisoformat(found[1])
        return found[0] if not min(times) - hour <= time <= max(times) else f"'{time + later}'"

    return stamp.sub(moved, text)


def script(version: str, kind, source, other) -> str:
    """What `dump` wrote, for these sources, which `make_sources` has made."""
    text = _shifted((GOLDEN / version / folder(kind) / "target.sql").read_text())
    oids = {}
    for marker, database in (("SOURCE", source), ("OTHER", other)):
        text = text.replace(f"@{marker}@", database.uri())
        oids |= {f"@OID {marker} {schema}.{table}@": str(oid) for schema, table, oid in
                 database.run("SELECT nspname, relname, c.oid::int8 FROM pg_class c JOIN pg_namespace n "
                              "ON n.oid = relnamespace WHERE relkind IN ('r', 'p')")}
    text = text.replace("@TRANSACTION@", source.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    # A table that is gone has a number that nothing has.
    return re.sub(r"@OID [^@]*@", lambda found: oids.get(found[0], "1"), text)


def folder(kind) -> str:
    return kind.name.split()[0]


def make_target(version: str, place, source, other) -> None:
    """Fills `place`, which is empty, with what the recorded runs left in a target of its kind."""
    sql = script(version, type(place), source, other)
    if isinstance(place, Parquet):
        _make_parquet(version, place, sql)
    elif isinstance(place, Quack):
        place.server.kill()
        _make_file(place.server.file, sql)
        place.server.start()
    elif isinstance(place, Lake):
        # A catalog in Postgres has to be told where its files are.
        where = f"(DATA_PATH '{place.options[1]}')" if place.options else ""
        with attached(place.extensions, place.argument, where) as connection:
            connection.execute("BEGIN; USE copy.main; " + sql + "COMMIT")
    else:
        _make_file(place.argument, sql)


def _make_file(path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'; " + sql)


def _make_parquet(version: str, place, sql: str) -> None:
    """The files that the recorded manifest names, of the rows in `sql`; those of before are not made again."""
    manifest = json.loads((GOLDEN / version / folder(type(place)) / "manifest.json").read_text())
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; " + sql)
        for table in manifest["tables"]:
            file, = table["files"]
            path = place.on_disk / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"COPY {_quoted(table['schema'])}.{_quoted(table['table'])} TO {_literal(str(path))} "
                               "(FORMAT parquet, COMPRESSION zstd)")
            content = path.read_bytes()
            file.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    (place.on_disk / "manifest.json").write_text(json.dumps(manifest, indent=1))


def ledger_rows(place) -> dict[str, list[dict]]:
    """All rows of the ledger's tables as text, by table; NULL is None."""
    found = {}
    with place.opened() as ask:
        tables = ask(f"SELECT table_name FROM duckdb_tables() WHERE schema_name = '{LEDGER}' AND database_name = "
                     "current_database()")
        for table, in tables:
            names = [name for name, in ask("SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() "
                                           f"AND schema_name = '{LEDGER}' AND table_name = '{table}' ORDER BY column_index")]
            texts = ", ".join(f"{_quoted(name)}::VARCHAR" for name in names)
            found[table] = [dict(zip(names, row, strict=True))
                            for row in ask(f'SELECT {texts} FROM {LEDGER}."{table}" ORDER BY ALL')]
    return found


def write_version(place, version: int, program: str) -> None:
    """Makes the ledger one that a later program has written."""
    sql = f"UPDATE {LEDGER}.schema_version SET version = {version}, program = '{program}'"
    if isinstance(place, Parquet):
        manifest = place.manifest()
        table, = [table for table in manifest["tables"] if (table["schema"], table["table"]) == (LEDGER, "schema_version")]
        file, = table["files"]
        path = str(place.on_disk / file["path"])
        with duckdb.connect() as connection:
            connection.execute(f"CREATE SCHEMA {LEDGER}; CREATE TABLE {LEDGER}.schema_version AS FROM read_parquet({_literal(path)}); "
                               f"{sql}; COPY {LEDGER}.schema_version TO {_literal(path)} (FORMAT parquet)")
        content = pathlib.Path(path).read_bytes()
        file.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        place.write("manifest.json", json.dumps(manifest).encode())
    elif isinstance(place, Quack):
        with attached(("httpfs", "quack"), place.argument, f"(TOKEN '{place.server.token}')") as connection:
            connection.execute("FROM copy.query($1)", [sql]).fetchall()
    elif isinstance(place, Lake):
        with attached(place.extensions, place.argument) as connection:
            connection.execute(f"USE copy.main; {sql}")
    else:
        with duckdb.connect(str(place.argument)) as connection:
            connection.execute(sql)

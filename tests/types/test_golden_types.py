"""Every case of tests/golden/types, from a live server, read by COPY and as pages: type, texts, refusals."""

import contextlib
import pathlib

import duckdb
import pytest

from support.golden import cases as golden
from support.program import copy

CASES = {case.name: case for case in golden.load()}
OPTIONS = sorted({case.one("options") for case in CASES.values()})
METHODS = ("copy", "pages")
FIRST_VERSION_WITH_PAGES = 14


def schema_of(case) -> str:
    return "golden_" + case.name


@contextlib.contextmanager
def own_instance(target):
    """Several targets are open at once, and DuckDB's tables of tables show those of all attached files."""
    connection = duckdb.connect(str(target), read_only=True)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


class Copied:
    """All cases that the server can show, each in a schema of its own, copied by one run for each method and set of
    options."""

    def __init__(self, database, directory: pathlib.Path):
        self.unmet = {}
        connection = database.connect()
        for case in CASES.values():
            reason = case.unmet(connection)
            if reason:
                self.unmet[case.name] = reason
                continue
            case.prepare(connection, schema_of(case))
            case.fill(connection, "accepted", case.accepted)
            for number, row in enumerate(case.refused):
                case.fill(connection, f"refused{number}", [*case.accepted, row])
            case.finish(connection)
        self.no_pages = self._make_pages_readable(connection)
        connection.close()
        self.results, self.targets = {}, {}
        self.open = contextlib.ExitStack()
        for method in METHODS[:1] if self.no_pages else METHODS:
            for number, options in enumerate(OPTIONS):
                target = directory / f"{method}{number}.duckdb"
                result = self._copy(database, target, f"{options} --read {method}", options)
                self.results[method, options] = result
                if result.code in (0, 3):
                    self.targets[method, options] = self.open.enter_context(own_instance(target))

    @staticmethod
    def _make_pages_readable(connection) -> str | None:
        """Why that is not possible, if so."""
        if connection.server_version // 10000 < FIRST_VERSION_WITH_PAGES:
            return f"pages are read from Postgres {FIRST_VERSION_WITH_PAGES} on"
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_available_extensions WHERE name = 'pageinspect'")
            if not cursor.rowcount:
                return "the server has no pageinspect"
            cursor.execute("CREATE EXTENSION pageinspect")
        return None

    def _copy(self, database, target, arguments: str, options: str):
        shown = [case for case in CASES.values() if case.one("options") == options and case.name not in self.unmet]
        tables = [f"{schema_of(case)}.{table}" for case in shown
                  for table in ("accepted", *(f"refused{number}" for number in range(len(case.refused))))]
        return copy(database, target, *arguments.split(), "--on-error", "skip", "--json", "--tables",
                    ",".join(tables), seconds=300)


@pytest.fixture(scope="module")
def copied(cluster, tmp_path_factory):
    database = cluster.create_database()
    everything = Copied(database, tmp_path_factory.mktemp("golden"))
    with everything.open:
        yield everything
    database.drop()


@pytest.fixture
def shown(copied, request):
    """The case, the run's result, the opened target."""
    method, name = request.param
    case = CASES[name]
    if case.name in copied.unmet:
        pytest.skip(f"{case.name}: {copied.unmet[case.name]}")
    if method == "pages" and copied.no_pages:
        pytest.skip(copied.no_pages)
    key = method, case.one("options")
    result = copied.results[key]
    assert result.code in (0, 3), result
    return case, result, copied.targets[key]


def shown_by_each_method(names):
    """One test for each case and method."""
    keys = [(method, name) for name in names for method in METHODS]
    return pytest.mark.parametrize("shown", keys, indirect=True, ids=["-".join(key) for key in keys])


def report_of(result, case, table: str) -> dict:
    found, = [t for t in result.report["tables"] if (t["schema"], t["table"]) == (schema_of(case), table)]
    return found


def expect_published(result, case) -> None:
    report = report_of(result, case, "accepted")
    assert report["status"] == "published", report


@shown_by_each_method(CASES)
def test_type(shown):
    case, result, target = shown
    expect_published(result, case)
    found = target.execute("SELECT data_type FROM duckdb_columns() WHERE schema_name = $1 AND table_name = 'accepted' "
                           "AND column_name = 'v'", [schema_of(case)]).fetchall()
    assert found == [(case.one("becomes"),)]


@shown_by_each_method(CASES)
def test_texts(shown):
    case, result, target = shown
    expect_published(result, case)
    text = case.one("show", "v::VARCHAR")
    found = target.execute(f"SELECT id, ({text})::VARCHAR FROM {schema_of(case)}.accepted ORDER BY id").fetchall()
    assert found == [(number, row.text) for number, row in enumerate(case.accepted)]


@shown_by_each_method([case.name for case in CASES.values() if case.refused])
def test_refusals(shown):
    case, result, _ = shown
    for number, row in enumerate(case.refused):
        report = report_of(result, case, f"refused{number}")
        assert report["status"] == "failed", (row, report)
        refused, = [r for r in result.report["refused"]
                    if (r["schema"], r["table"], r["column"]) == (schema_of(case), f"refused{number}", "v")]
        assert refused["ctid"] == f"(0,{len(case.accepted) + 1})", (row, refused)
        assert row.error.casefold() in refused["reason"].casefold(), (row, refused)

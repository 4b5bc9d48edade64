"""How fast are a dataset's queries on each copy, and do they give the same answers?"""
import dataclasses
import os
import time

import duckdb


@dataclasses.dataclass
class QueryTimes:
    seconds: dict = dataclasses.field(default_factory=dict)  # {query: seconds of its fastest run}
    other_answers: list = dataclasses.field(default_factory=list)  # queries whose answer is not the reference's,
    other_values: list = dataclasses.field(default_factory=list)  # and those of them where it is not only blanks at the end
    problem: str = ""  # why it has no times

    @property
    def total(self):
        return sum(self.seconds.values())


def _timed(duck, query):
    start = time.perf_counter()
    answer = duck.execute(query).fetchall()
    return time.perf_counter() - start, answer


def _compare(query, answer, expected, times):
    if sorted(map(repr, answer)) == sorted(map(repr, expected)):
        return
    times.other_answers.append(query)
    trimmed = ([tuple(value.rstrip(" ") if isinstance(value, str) else value for value in row) for row in rows]
               for rows in (answer, expected))
    ours, theirs = (sorted(map(repr, rows)) for rows in trimmed)
    if ours != theirs:
        times.other_values.append(query)


def _run_on_all(query, text, open_files, times, warm_up):
    expected = None
    for name, duck in open_files.items():
        if times[name].problem:
            continue
        try:
            seconds, answer = _timed(duck, text)
        except duckdb.Error as error:
            times[name].problem = f"{query}: {error}"
            continue
        if warm_up:
            expected = answer if expected is None else expected
            _compare(query, answer, expected, times[name])
        else:
            times[name].seconds[query] = min(seconds, times[name].seconds.get(query, seconds))


def _opened(dataset, file, share):
    # All files are open at once; together they must not ask for more memory than there is.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 6 // 10 // share
    duck = duckdb.connect(str(file), read_only=True, config={"memory_limit": f"{memory // 2**20}MiB"})
    dataset.prepare_queries(duck)
    return duck


def measure(dataset, files, runs):
    """{name: QueryTimes} of `files`, {name: DuckDB file}, the first of which is the reference. Query after query, each is run
    on all files in turn: once to warm up, then `runs` times, of which the fastest counts."""
    times = {name: QueryTimes() for name in files}
    open_files = {}
    for name, file in files.items():
        try:
            open_files[name] = _opened(dataset, file, len(files))
        except duckdb.Error as error:
            times[name].problem = str(error)
    for query, text in dataset.queries().items():
        for run in range(runs + 1):
            _run_on_all(query, text, open_files, times, warm_up=run == 0)
    for duck in open_files.values():
        duck.close()
    return times

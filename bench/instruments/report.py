"""Comparisons as Markdown tables for people and as one JSON document for programs."""
import dataclasses

NOT_KNOWN = "-"
DISTURBED = 0.05  # share of the machine


def table(header, lines):
    """A Markdown table that is aligned for a terminal too."""
    widths = [max(len(line[i]) for line in (header, *lines)) for i in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    cells = [[header[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(header[1:], widths[1:]))], rule]
    for line in lines:
        cells.append([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def _query_cells(times, reference):
    """Seconds, ratio to the reference."""
    if times is None or times.problem or not times.seconds:
        return NOT_KNOWN, NOT_KNOWN
    ratio = f"{times.total / reference.total:.2f}" if reference and reference.total else NOT_KNOWN
    return f"{times.total:.2f}", ratio


def _line(result, rows, first, reference):
    walls = [cost.wall for cost in result.costs]
    wall = result.median("wall")
    return (
        result.contender.title, str(len(walls)), f"{wall:.2f}",
        f"{min(walls):.2f}-{max(walls):.2f}" if len(walls) > 1 else NOT_KNOWN,
        f"{wall / first.median('wall'):.2f}", f"{rows / wall:,.0f}",
        f"{result.median('client_cpu'):.1f}", f"{result.median('server_cpu'):.1f}", f"{result.cpu / first.cpu:.2f}",
        f"{result.median('peak_rss') / 1e6:,.0f}", f"{result.file_bytes / 1e6:,.0f}",
        *_query_cells(result.queries, reference),
    )


def comparison_table(comparison):
    header = ("", "runs", "wall s", "range", "ratio", "rows/s", "client CPU s", "server CPU s", "CPU ratio", "peak MB",
              "file MB", "queries s", "query ratio")
    measured = [result for result in comparison.results if result.measured]
    if not measured:
        return ""
    reference = comparison.reference_queries
    lines = [_line(result, comparison.rows, measured[0], reference) for result in measured]
    if comparison.reference_bytes:
        lines.append(("reference: DuckDB alone", *[NOT_KNOWN] * 9, f"{comparison.reference_bytes / 1e6:,.0f}",
                      *_query_cells(reference, reference)))
    return table(header, lines)


def remarks(comparison):
    """What a table does not show: who was not measured and why, and whose result is not the source's."""
    for result in comparison.results:
        title = result.contender.title
        if result.left_out:
            yield f"{title}: not measured: {result.left_out}"
        if result.failure:
            yield f"{title}: FAILED: {result.failure}"
        if result.measured and result.disturbance > DISTURBED:
            yield f"{title}: others used {result.disturbance:.0%} of the machine during its runs: its wall time says little"
        for line in result.differences:
            yield f"{title}: NOT EQUAL: {line}"
        if result.queries and result.queries.problem:
            yield f"{title}: no query times: {result.queries.problem}"
        if result.queries and result.queries.other_answers:
            others, values = result.queries.other_answers, result.queries.other_values
            yield (f"{title}: {len(others)} of {len(result.queries.seconds)} queries have another answer than the reference, "
                   f"{len(values)} of them by more than blanks at the end of texts: {', '.join(values)}").rstrip(": ")


def growth_table(comparisons):
    """Each contender over the sizes of one dataset: time of a row and memory must not grow with the size."""
    header = ("", "size", "rows", "wall s", "µs a row", "CPU µs a row", "peak MB")
    lines = []
    for name in dict.fromkeys(result.contender.name for comparison in comparisons for result in comparison.results):
        for comparison in comparisons:
            for result in comparison.results:
                if result.contender.name == name and result.measured:
                    wall = result.median("wall")
                    lines.append((
                        result.contender.title, comparison.size, f"{comparison.rows:,}", f"{wall:.2f}",
                        f"{wall / comparison.rows * 1e6:.3f}", f"{result.cpu / comparison.rows * 1e6:.3f}",
                        f"{result.median('peak_rss') / 1e6:,.0f}",
                    ))
    return table(header, lines) if lines else ""


def _queries_as_json(times):
    return dataclasses.asdict(times) | {"total": times.total} if times else None


def as_json(comparison):
    document = {name: getattr(comparison, name) for name in ("dataset", "size", "tables", "rows", "bytes")}
    document["reference"] = {
        "file_bytes": comparison.reference_bytes, "queries": _queries_as_json(comparison.reference_queries),
    }
    document["contenders"] = [
        {
            "name": result.contender.name,
            "version": None if result.left_out else result.contender.version(),
            "left_out": result.left_out or None,
            "failure": result.failure or None,
            "equal": not result.differences if result.measured else None,
            "differences": result.differences,
            "file_bytes": result.file_bytes,
            "runs": [dataclasses.asdict(cost) for cost in result.costs],
            "queries": _queries_as_json(result.queries),
        }
        for result in comparison.results
    ]
    return document

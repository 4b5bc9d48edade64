"""The text of DuckDB's values, leaf by leaf, so that nested values can be compared with what Postgres prints."""


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def leaves(expression: str, kind, level: int = 0) -> str:
    """SQL of a value with all of its leaves as VARCHAR; `kind` is its type as DuckDB's Python module describes it."""
    if kind.id == "list":
        return f"list_transform({expression}, lambda e{level}: {leaves(f'e{level}', kind.children[0][1], level + 1)})"
    if kind.id == "map":
        return f"list_transform(map_entries({expression}), lambda e{level}: [e{level}.key, e{level}.value])"
    if kind.id == "struct":
        parts = [f"{quote(name)} := {leaves(f'struct_extract({expression}, {literal(name)})', part, level)}"
                 for name, part in kind.children]
        return f"CASE WHEN {expression} IS NOT NULL THEN struct_pack({', '.join(parts)}) END"
    if kind.id == "blob":
        return f"lower(hex({expression}))"
    if kind.id == "interval":
        time = "datepart('hour', {0}) * 3600000000 + datepart('minute', {0}) * 60000000 + datepart('microsecond', {0})"
        return (f"concat_ws(':', datepart('year', {expression}) * 12 + datepart('month', {expression}), "
                f"datepart('day', {expression}), {time.format(expression)}) || "
                f"CASE WHEN {expression} IS NOT NULL THEN '' END")
    if kind.id == "time with time zone":
        # DuckDB's own text of the offset +03:00:30 is +03:30.
        return f"CAST(CAST({expression} AS TIME) AS VARCHAR) || ' ' || datepart('timezone', {expression})"
    if kind.id == "timestamp with time zone":
        # DuckDB's own text of it is a millisecond off in years like 290000.
        finite = f"CAST(make_timestamp(epoch_us({expression})) AS VARCHAR) || '+00'"
        return (f"CASE WHEN isfinite({expression}) THEN {finite} "
                f"ELSE CAST({expression} AS VARCHAR) END")
    return f"CAST({expression} AS VARCHAR)"

"""What the end of a run means: all went well, a fault that was made met it, a documented refusal, a fault of today that is known - or one that
nobody knows. And the way out that its hint names, which is carried out word for word as a person would."""

import dataclasses
import re
import shlex

from soak.faults import Fault
from soak.lanes import Lane, Looked
from soak.places import InALake
from support.values.duckdb_text import quote

WELL, TRANSIENT, REFUSED, KNOWN, FAULT = "well", "transient", "refused", "known", "FAULT"
TYPES_CHANGED = re.compile(r'error: table (?P<table>.+?): types have changed: (?P<rest>.*)')
LAKE_KEEPS_TYPE = re.compile(r'error: table (?P<table>.+?), column .*: ALTER COLUMN .* only widening type promotions')
OTHER_DEPTH = re.compile(r"error: (table (?P<table>.+?)(, column|:) .*)?DuckDB: .*Unimplemented type for cast \(.*DECIMAL")
UNREPRESENTABLE = re.compile(r'error: table (?P<table>.+?), column (?P<column>.+?), ctid ')

# Refusals that the manual tells of, by their text.
DOCUMENTED = {
    "new column with values in an append": r"values in the new columns",
    "rows that were appended may be others": r"so that rows that were appended may have other values",
    "another column of that name is kept": r"is new, and the copy keeps an older one|cannot take its new name",
    "a value that its type cannot hold": UNREPRESENTABLE.pattern,
}
# Faults of today, to be taken out as they are mended: what the error says, where. One that has none left is told at the end.
KNOWN_FAULTS = {
    "a merge stops when values need another type than those before": lambda lane, text: stops_at_learnt_type(lane, text),
    "a lake takes no greater type": lambda lane, text: isinstance(lane.place, InALake) and bool(
        TYPES_CHANGED.search(text) or LAKE_KEEPS_TYPE.search(text)),
    "DECIMALs in lists of another depth are told in DuckDB's words": lambda lane, text: bool(OTHER_DEPTH.search(text)),
    "NaN makes text of a column, and a merge stops": lambda lane, text: bool(re.search(r"types have changed.*VARCHAR, was DECIMAL", text)),
}
KNOWN_LEFTOVERS = {"files of a killed run stay in a lake": lambda lane, text: isinstance(lane.place, InALake) and text.endswith(".parquet")}
# Types that a copy that is kept up follows, by docs/manual.md#schema-changes.
GROWTH = {("smallint", "integer"), ("integer", "bigint"), ("smallint", "bigint"), ("integer", "double precision"), ("integer", "text"),
          ("bigint", "text"), ("smallint", "text"), ("boolean", "text"), ("uuid", "text"), ("soak_mood", "text"), ("real", "double precision"),
          ("bigint", "integer"), ("numeric(10,2)", "numeric(14,2)"), ("numeric(10,2)", "numeric(14,5)"), ("numeric(5,0)", "numeric(9,3)"),
          ("character varying(9)", "text"), ("character varying(9)", "character varying(20)"), ("text", "character varying"),
          ("json", "jsonb"), ("timestamp without time zone", "timestamp(0) without time zone")}


@dataclasses.dataclass
class Outcome:
    kind: str
    name: str = ""
    text: str = ""


def held_column(lane: Lane, table: str, column: str):
    """A column of a copy as its model knows it, by the names in an error."""
    parts = table_name(table)
    copy = lane.copies.get(("main" if parts[0] == "public" else parts[0], parts[1]))
    return copy and next((held for held in copy.columns if held.name == column.strip('"')), None)


def table_name(displayed: str) -> tuple[str, str]:
    """Schema and name, which stand as in a pattern: quoted where they need it."""
    found = [one[1:-1].replace('""', '"') if one.startswith('"') else one for one in re.findall(r'"(?:[^"]|"")*"|[^.]+', displayed)]
    return found[0], found[1]


def changed_columns(lane: Lane, text: str) -> list[tuple[str, str]]:
    """The types at the source, before and now, of the columns whose types in the copy an error complains of."""
    found = TYPES_CHANGED.search(text)
    if not found:
        return []
    now = {table.place: table for table in lane.present().tables.values()}
    pairs = []
    for part in found["rest"].split("; "):
        held = held_column(lane, found["table"], part.split(": ")[0])
        schema, name = table_name(found["table"])
        table = now.get(("main" if schema == "public" else schema, name))
        column = held and table and next((column for column in table.columns if column.number == held.number), None)
        pairs.append((held.type, column.type) if column else ("?", "?"))
    return pairs


def stops_at_learnt_type(lane: Lane, text: str) -> bool:
    """The source's types are the same as ever: only values have said more than those before."""
    pairs = changed_columns(lane, text)
    return bool(pairs) and all(before == now and before != "?" for before, now in pairs)


def classify(looked: Looked, fault: Fault, lane: Lane, has_ddl: bool) -> Outcome:
    finished, code = looked.finished, looked.finished.code
    text = finished.error or finished.err[-500:]
    if finished.did_hang:
        return Outcome(FAULT, "it did not end", text)
    if code == 0:
        return Outcome(WELL) if looked.published else Outcome(FAULT, "it says that it published, and its ledger does not", text)
    if looked.published and not fault.hides_success:
        return Outcome(FAULT, "it says that it failed, and has published", text)
    if code in fault.codes and code < 0:
        return Outcome(TRANSIENT, fault.name)
    if "error: " not in finished.err or code not in (1, 2, 3, *fault.codes):
        return Outcome(FAULT, f"exit code {code}", text)
    refusal = refused(lane, text)
    if refusal:
        return refusal
    if code in fault.codes:
        return Outcome(TRANSIENT, fault.name, text)
    if has_ddl and code == 1 and re.search("run (it )?again|lock", text):
        return Outcome(TRANSIENT, "DDL beside the run", text)
    return Outcome(FAULT, "nothing was done to it", text)


def refused(lane: Lane, text: str) -> Outcome | None:
    """A refusal that the manual tells of, or a fault that is known."""
    for name, applies in KNOWN_FAULTS.items():
        if applies(lane, text):
            return Outcome(KNOWN, name, text)
    for name, pattern in DOCUMENTED.items():
        if re.search(pattern, text):
            return Outcome(REFUSED, name, text)
    pairs = changed_columns(lane, text)
    if pairs and not all(pair in GROWTH for pair in pairs):
        return Outcome(REFUSED, "another type", text)
    return None


def go_the_way_out(lane: Lane, text: str) -> list[str] | None:
    """What the hint says. @return arguments of the run that it names, [] where something else was done, None where it names nothing"""
    command = re.search(r"pg2duck (sync --full --tables .*?)(?:; or .*)?$", text, re.MULTILINE)
    if command:
        return shlex.split(command[1])
    drop = re.search(r'DROP TABLE ("(?:[^"]|"")*"\."(?:[^"]|"")*")', text)
    if drop and lane.place.can_be_mended:
        lane.place.execute(f"DROP TABLE {drop[1]}")
        lane.copies.pop(table_name(drop[1]), None)
        return []
    kept = LAKE_KEEPS_TYPE.search(text) or OTHER_DEPTH.search(text)
    if kept:
        # Known faults: their messages name no way, and call the table as the target does, or not at all.
        return ["sync", "--full"] + (["--tables", re.sub(r"^main\.", "public.", kept["table"])] if kept["table"] else [])
    value = UNREPRESENTABLE.search(text)
    if value:
        mend(lane, *table_name(value["table"]), value["column"])
        return []
    return [] if re.search("run (it )?again", text) else None


def mend(lane: Lane, schema: str, table: str, column: str) -> None:
    """Takes values out of the source that the column's type cannot hold."""
    connection = lane.world.connect()
    name, quoted = quote(column.strip('"')), f"{quote(schema)}.{quote(table)}"
    lane.world.execute(connection, f"ALTER TABLE {quoted} ALTER {name} DROP NOT NULL; UPDATE {quoted} SET {name} = NULL")
    connection.close()


def told_apart(lane: Lane, leftovers: list[str]) -> tuple[list[str], list[str]]:
    """Leftovers of faults that are known, each told once; and the others."""
    known = [text for text in leftovers if any(applies(lane, text) for applies in KNOWN_LEFTOVERS.values())]
    fresh = [text for text in known if text not in lane.known_leftovers]
    lane.known_leftovers.update(fresh)
    return fresh, [text for text in leftovers if text not in known]

"""What happens to a table of the source: random rows, new values that widen types, DDL. Each change is made of dice alone, so that a seed repeats it."""

import dataclasses
import random

from soak import kinds
from soak.tables import Clock, Column, IDS, PARTS, Table, cursor_value, of_kinds
from support.values.duckdb_text import quote


@dataclasses.dataclass
class Change:
    """Statements of one transaction; `then` keeps the table's model in step when it was committed."""

    name: str
    table: Table
    statements: list  # (SQL, parameters or None)
    then: object = None
    is_ddl: bool = False
    is_alone: bool = False  # outside of a transaction


def placed(name: str) -> str:
    """A quoted name in a statement that has parameters."""
    return quote(name).replace("%", "%%")


def target(table: Table) -> str:
    return table.sql.replace("%", "%%")


# --- rows ------------------------------------------------------------------------------------------------------------

def payload_value(dice: random.Random, column: Column):
    return None if column.is_empty or dice.random() < 0.15 else kinds.value(dice, column.kind, column.level)


def role_value(dice: random.Random, column: Column, tick: int):
    if column.role == "id":
        return dice.randrange(IDS)
    if column.role == "part":
        # Part of a primary key is never NULL; of another key it may be.
        return dice.choice(PARTS)
    if column.role == "cursor":
        return cursor_value(column.kind, tick)
    return ("t" if dice.random() < 0.12 else "f") if column.kind == "boolean" else ("2026-01-01" if dice.random() < 0.12 else None)


def insert(dice: random.Random, table: Table, clock: Clock, rows: int = 0, late: int = 0, name: str = "insert") -> Change:
    if not table.columns:
        return Change(name, table, [(f"INSERT INTO {table.sql} DEFAULT VALUES", None)] * dice.randint(1, 3))
    statements = []
    for _ in range(rows or dice.randint(1, 4)):
        tick = max(1, clock.next() - late)
        values = [role_value(dice, column, tick) if column.role else payload_value(dice, column) for column in table.columns]
        if table.key.startswith("unique") and dice.random() < 0.1:
            values[1] = None
        row = f"({', '.join(['%s'] * len(values))})"
        # Equal rows now and then, where no key forbids them.
        twice = 2 if not table.key and dice.random() < 0.1 else 1
        statements.append((f"INSERT INTO {target(table)} ({', '.join(placed(c.name) for c in table.columns)}) "
                           f"VALUES {', '.join([row] * twice)} ON CONFLICT DO NOTHING", values * twice))
    return Change(name, table, statements)


def some(dice: random.Random, table: Table) -> tuple[str, list]:
    """A condition on some of the rows, and its parameters."""
    if not table.column("id"):
        return f"ctid IN (SELECT ctid FROM {target(table)} LIMIT %s)", [1]
    modulus = dice.choice([3, 7, 17, 41])
    return f"{placed(table.column('id').name)} %% %s = %s", [modulus, dice.randrange(modulus)]


def update(dice, table, clock, tells_cursor: bool = True) -> Change:
    if not table.payload():
        return insert(dice, table, clock)
    changed = dice.sample(table.payload(), min(len(table.payload()), dice.randint(1, 2)))
    settings = [(column, payload_value(dice, column)) for column in changed]
    cursor, gone = table.column("cursor"), table.column("gone")
    if cursor and tells_cursor:
        settings.append((cursor, cursor_value(cursor.kind, clock.next())))
    if gone and dice.random() < 0.3:
        settings.append((gone, role_value(dice, gone, 0)))
    assigned, (condition, which) = ", ".join(f"{placed(column.name)} = %s" for column, _ in settings), some(dice, table)
    return Change("update" if tells_cursor else "update past the cursor", table,
                  [(f"UPDATE {target(table)} SET {assigned} WHERE {condition}", [*(value for _, value in settings), *which])])


def update_past_the_cursor(dice, table, clock) -> Change:
    return update(dice, table, clock, tells_cursor=False)


def insert_late(dice, table, clock) -> Change:
    return insert(dice, table, clock, late=dice.randint(1, 40), name="insert late")


def insert_many(dice, table, clock) -> Change:
    return insert(dice, table, clock, rows=6 if any(column.kind in kinds.ODD for column in table.columns) else 60, name="insert many")


def delete(dice, table, clock) -> Change:
    condition, which = some(dice, table)
    return Change("delete", table, [(f"DELETE FROM {target(table)} WHERE {condition}", which)])


def change_key(dice, table, clock) -> Change:
    """Rows get another id, where that is free."""
    if not table.column("id"):
        return insert(dice, table, clock)
    name, shift, cursor = placed(table.column("id").name), dice.randint(1, IDS), table.column("cursor")
    also = f", {placed(cursor.name)} = '{cursor_value(cursor.kind, clock.next())}'" if cursor else ""
    condition, which = some(dice, table)
    return Change("change keys", table, [(
        f"UPDATE {target(table)} t SET {name} = {name} + {shift}{also} WHERE {condition} AND "
        f"NOT EXISTS (SELECT FROM {target(table)} o WHERE o.{name} = t.{name} + {shift})", which)])


def undone(dice, table, clock) -> Change:
    """A subtransaction that is rolled back leaves dead rows and nothing else."""
    inner = update(dice, table, clock)
    return Change("rolled back", table, [("SAVEPOINT s", None), *inner.statements, ("ROLLBACK TO s", None)])


# --- values that tell more than those before them --------------------------------------------------------------------

def reveal(dice, table, clock) -> Change:
    """A column that was empty gets values, or all of one get such as need a wider type: a greater scale, another dimension."""
    columns = [column for column in table.payload() if column.is_empty or column.kind in kinds.LEARNT]
    if not columns:
        return update(dice, table, clock)
    column, cursor = dice.choice(columns), table.column("cursor")
    after = dataclasses.replace(column, is_empty=False, level=column.level + (not column.is_empty))
    settings = [(column, kinds.value(dice, after.kind, after.level))]
    settings += [(cursor, cursor_value(cursor.kind, clock.next()))] if cursor else []
    assigned = ", ".join(f"{placed(column.name)} = %s" for column, _ in settings)

    def then():
        column.is_empty, column.level = after.is_empty, after.level
    return Change(f"reveal {column.kind} {column.name}", table, [
        (f"UPDATE {target(table)} SET {assigned}", [value for _, value in settings])], then)


def not_a_number(dice, table, clock) -> Change:
    columns = [column for column in table.payload() if column.kind.startswith("numeric") and "[" not in column.kind]
    if not columns:
        return update(dice, table, clock)
    column, (condition, which) = dice.choice(columns), some(dice, table)
    return Change(f"NaN in {column.kind} {column.name}", table, [
        (f"UPDATE {target(table)} SET {placed(column.name)} = 'NaN' WHERE {condition}", which)])


# --- DDL -------------------------------------------------------------------------------------------------------------

def ddl(name: str, table: Table, *statements: str, then=None, is_alone: bool = False) -> Change:
    return Change(name, table, [(sql, None) for sql in statements], then, True, is_alone)


def alter(name: str, table: Table, what: str, then=None) -> Change:
    return ddl(name, table, f"ALTER TABLE {table.sql} {what}", then=then)


def add_column(dice, table, clock) -> Change:
    name, kind = table.new_column_name(), dice.choice(sorted(kinds.KINDS))
    column = Column(name, kind, is_empty=dice.random() < 0.5)
    default = "" if dice.random() < 0.6 else " DEFAULT '" + kinds.value(dice, kind).replace("'", "''") + "'"
    return alter(f"add {kind}{' with a default' if default else ''}", table, f"ADD {quote(name)} {kinds.sql_type(kind)}{default}",
                 lambda: table.columns.append(column))


def drop_column(dice, table, clock) -> Change:
    if len(table.payload()) < 2:
        return add_column(dice, table, clock)
    column = dice.choice(table.payload())
    return alter("drop column", table, f"DROP {quote(column.name)}", lambda: table.columns.remove(column))


def rename_column(dice, table, clock) -> Change:
    if not table.payload():
        return add_column(dice, table, clock)
    column, name = dice.choice(table.payload()), table.new_column_name()
    return alter("rename column", table, f"RENAME {quote(column.name)} TO {quote(name)}", lambda: setattr(column, "name", name))


def swap_names(dice, table, clock) -> Change:
    if len(table.payload()) < 2:
        return add_column(dice, table, clock)
    one, other = dice.sample(table.payload(), 2)

    def then():
        one.name, other.name = other.name, one.name
    return ddl("swap names", table, *(f"ALTER TABLE {table.sql} RENAME {quote(old)} TO {quote(new)}" for old, new in (
        (one.name, "soak swap"), (other.name, one.name), ("soak swap", other.name))), then=then)


def retype(dice, table, clock) -> Change:
    columns = [column for column in table.columns if column.kind in kinds.RETYPED and column.role in ("", "id")]
    if not columns:
        return add_column(dice, table, clock)
    column = dice.choice(columns)
    kind = dice.choice(["bigint"] if column.role else kinds.RETYPED[column.kind])
    return alter(f"{column.kind} to {kind}", table, f"ALTER {quote(column.name)} TYPE {kind}", lambda: setattr(column, "kind", kind))


def not_null(dice, table, clock) -> Change:
    if not table.payload():
        return add_column(dice, table, clock)
    column = dice.choice(table.payload())
    return alter("not null", table, f"ALTER {quote(column.name)} {dice.choice(['SET', 'DROP', 'DROP'])} NOT NULL")


def attach_or_detach(dice, table, clock) -> Change:
    if table.shape != "partitioned":
        return rename_column(dice, table, clock)
    part = dice.choice(["low", "middle"])
    if part in table.detached:
        low, high = (-10**6, IDS // 4) if part == "low" else (IDS // 4, IDS // 2)
        return ddl("attach", table, f"DELETE FROM {table.part_sql('rest')} WHERE id >= {low} AND id < {high}",
                   f"ALTER TABLE {table.sql} ATTACH PARTITION {table.part_sql(part)} {table.bounds(part)}",
                   then=lambda: table.detached.discard(part))
    return ddl("detach", table, f"ALTER TABLE {table.sql} DETACH PARTITION {table.part_sql(part)}", then=lambda: table.detached.add(part))


def truncate(dice, table, clock) -> Change:
    return ddl("truncate", table, f"TRUNCATE {table.sql}")


def recreate(dice, table, clock) -> Change:
    """Another table of the same name, with the same columns or others."""
    after = Table(table.name, [dataclasses.replace(column) for column in table.columns], table.rule, table.key, table.shape, table.schema)
    after.first_name, after.names = table.first_name, table.names
    if table.payload() and dice.random() < 0.4:
        after.columns = [column for column in after.columns if column.role] + of_kinds(dice, len(table.payload()))
    made = [(sql, None) for sql in after.create()]
    parts = [f"DROP TABLE IF EXISTS {table.part_sql(part)} CASCADE" for part in table.detached]
    rows = insert(dice, after, clock, rows=10).statements

    def then():
        table.columns, table.detached = after.columns, set()
    return Change("recreate", table, [(f"DROP TABLE {table.sql} CASCADE", None), *((sql, None) for sql in parts), *made, *rows], then, True)


def rename_table(dice, table, clock) -> Change:
    name = table.first_name if table.name != table.first_name and dice.random() < 0.5 else f"{table.first_name} {dice.randrange(3)}"
    if name == table.name:
        return rename_column(dice, table, clock)
    return alter("rename table", table, f"RENAME TO {quote(name)}", lambda: setattr(table, "name", name))


def rewrite(dice, table, clock) -> Change:
    return ddl("rewrite", table, dice.choice(["VACUUM FULL", "VACUUM (FREEZE)", "ANALYZE"]) + f" {table.sql}", is_alone=True)


ROWS = [insert] * 8 + [update] * 5 + [delete] * 3 + [change_key, insert_late, update_past_the_cursor] * 2 + [insert_many, undone]
VALUES = [reveal, reveal, reveal, not_a_number]
SHAPES = [add_column, drop_column, rename_column, retype, not_null, attach_or_detach] * 2 + [
    swap_names, truncate, recreate, rename_table, rewrite]

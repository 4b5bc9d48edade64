"""The tools that are compared, one file each. To add one, write a Contender and put it in ALL."""
from .dlt import Dlt
from .duckdb_postgres import DuckdbPostgres
from .ingestr import Ingestr
from .pg2duck import Pg2duck
from .sling import Sling

ALL = [
    Pg2duck(), Pg2duck("copy"), Pg2duck("pages"), Pg2duck("gentle"),
    DuckdbPostgres(),
    Dlt(), Ingestr(), Sling(),
]


def chosen(names):
    """The contenders of these names, all when there are none. Raises LookupError."""
    known = {contender.name: contender for contender in ALL}
    for name in names:
        if name not in known:
            raise LookupError(f"no contender is called {name}; known: {', '.join(known)}")
    return [known[name] for name in names] or ALL

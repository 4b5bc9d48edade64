#include "cli/help.hpp"

namespace pg2duck::cli {

namespace {

constexpr std::string_view kCopyHelp =
    R"(Copies Postgres tables into a DuckDB file. Every table is of the same snapshot, and all of them appear in
the file in one transaction; if anything fails, the file keeps what it had.

Usage:
  pg2duck copy [SOURCE] TARGET [options]

  SOURCE   a Postgres URI or key=value string: 'postgresql://me@host:5432/shop', 'host=db dbname=shop',
           'service=shop'. Left out: PG2DUCK_SOURCE, else the PG* variables, as psql takes them.
           Passwords are best kept in ~/.pgpass, PGPASSWORD or a service file, not on the command line.
  TARGET   the DuckDB file, created if absent: shop.duckdb. Left out: PG2DUCK_TARGET.

What to copy:
  --tables PATTERNS     tables to copy, separated by commas; may be repeated. Default: every table outside
                        the system schemas. * and ? are wildcards, quotes make a name literal:
                        --tables 'public.*,sales.orders,"Odd Name"'
  --exclude PATTERNS    tables to leave out of these. Default: none.     --exclude 'public.tmp_*'
  --views               copy views and materialized views that match a wildcard too. A view named without
                        wildcards is always copied. Default: off.
  --where TABLE=CONDITION
                        only the rows of a table for which this SQL holds; may be repeated.
                                                --where "public.orders=created_at >= '2025-01-01'"
  --limit N             at most N rows of each table, for a first try. Default: all rows.   --limit 1000

How it arrives:
  --column TABLE.COLUMN=SETTINGS
                        how a column differs from its default; may be repeated, patterns are allowed. SETTINGS:
                        exclude, rename NAME, unrepresentable error|null|text, or a type: varchar (the text that
                        Postgres prints), enum, auto, decimal(p,s), double, bigint, ...
                                                --column 'public.orders.total=decimal(15,2), rename amount'
  --numeric auto|varchar|double|decimal(p,s)
                        what numeric without a precision becomes. auto: DECIMAL(38,s) while all values fit,
                        else VARCHAR with the exact digits. Default: auto.        --numeric varchar
  --unrepresentable error|null|text
                        what happens to a value that its DuckDB type cannot hold, NaN in a DECIMAL for one: its
                        table is refused, it becomes NULL and is counted, or it becomes NULL and its text goes
                        to a column named COLUMN__text. Default: error.           --unrepresentable null
  --dataset SCHEMA      put all tables into this one schema. Default: public becomes main, other schemas
                        keep their name.                                 --dataset replica
  --primary-keys        carry primary keys over; such tables load about 40 % slower. Default: off.
  --force               let a limited copy replace a full one, and a table replace a view. Default: off.
  --on-error abort|skip when a table cannot be copied: publish nothing, or publish the others and exit
                        with 3. Default: abort.                          --on-error skip

How it is read, and how much that may take:
  --read auto|copy|pages|gentle
                        copy: COPY of block ranges. pages: the pages of the heap, taken apart here, which costs the
                        server a fraction of the work; needs a superuser and the extension pageinspect, or a
                        function that a superuser creates. gentle: one COPY of a whole table at a time, which
                        leaves the server's cache to others. auto: pages where they can be read and the table is
                        not small, else copy. Default: auto.                     --read gentle
  --max-rate SIZE       bytes a second that are taken from Postgres, with KB, MB, GB or KiB, MiB, GiB.
                        Default: no limit.                               --max-rate 20MB
  --compression auto|duckdb|fast
                        how text is compressed in the file. auto: as DuckDB would, but named for it where that
                        is known before the load; duckdb: DuckDB tries all methods; fast: not at all, the file
                        is much bigger. Default: auto.                   --compression fast
  --jobs N              Postgres connections that read, besides the one that holds the snapshot.
                        Default: the number of cores, 2 to 8; 1 for gentle.      --jobs 4
  --memory-limit SIZE   DuckDB's memory, with KB, MB, GB or KiB, MiB, GiB. Default: half of what the
                        machine or container has.                        --memory-limit 4GB

Where it goes (TARGET: a DuckDB file, quack:host:port, ducklake:catalog, md:database):
  --data-path PATH      where a new lake keeps its Parquet files. Default: CATALOG.files beside a catalog that
                        is a file.                                       --data-path /data/shop
  --profile target|motherduck
                        motherduck: load in batches and publish in a short transaction, with retries, as
                        MotherDuck wants it, on whatever target. Default: target.  --profile motherduck
  --batch-rows N        rows of one loading statement. Default: all of a table; MotherDuck 1,000,000.
                                                --batch-rows 500000

What it shows:
  --dry-run             show the plan and copy nothing. Default: off.
  --preview N           show N rows of each table from both sides. Default: 0.      --preview 5
  --json                the report as one JSON document on standard output. Default: tables for people.
  --log-format text|json
                        progress on standard error: bars on a terminal and lines in a pipe, or one JSON
                        object a line. Default: text.                    --log-format json
  -q, --quiet           errors only, and what --json, --dry-run or --preview ask for. Default: off.
  -v, --verbose         debug lines too. Default: off.
  -h, --help            this text

Examples:
  pg2duck copy 'postgresql://me@db.example.com/shop' shop.duckdb
  pg2duck copy 'service=shop' shop.duckdb --tables 'public.*' --exclude 'public.audit_*'
  pg2duck copy 'service=shop' shop.duckdb --dry-run
  PG2DUCK_SOURCE='service=shop' pg2duck copy shop.duckdb --json --quiet > report.json

Exit codes:
  0 done   1 failed, nothing published   2 wrong usage or configuration
  3 published, but some tables were left out (--on-error skip)   130, 143 interrupted
)";

}  // namespace

std::string_view program_help() {
  return R"(pg2duck copies Postgres tables exactly into a DuckDB file, a quack server, a lake or MotherDuck: all tables of one instant, published together.

Usage:
  pg2duck copy [SOURCE] TARGET [options]   copy tables; `pg2duck copy --help` has the options
  pg2duck --version                        versions of pg2duck, DuckDB and libpq
  pg2duck --help                           this text

Examples:
  pg2duck copy 'postgresql://me@db.example.com/shop' shop.duckdb
  pg2duck copy shop.duckdb                 the source is what psql would connect to (PGHOST, PGDATABASE, ...)

Exit codes:
  0 done   1 failed, nothing published   2 wrong usage or configuration
  3 published, but some tables were left out (--on-error skip)   130, 143 interrupted
)";
}

std::string_view copy_help() {
  return kCopyHelp;
}

}  // namespace pg2duck::cli

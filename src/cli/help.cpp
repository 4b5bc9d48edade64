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
                        exclude, rename NAME, unrepresentable error|null|text, a type: varchar (the text that
                        Postgres prints), enum, auto, decimal(p,s), double, bigint, ..., and at the end expression SQL,
                        which DuckDB evaluates while it loads
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
  --mode replace|append|merge
                        what happens to a copy that is there: a new one takes its place, rows are added to it, or rows
                        are put into it by primary key. Default: replace.        --mode merge
  --on-schema-change apply|ignore|fail
                        when the columns of a table have changed since it was copied: the copy follows, it stays
                        without new columns and new names, or the table is not copied. Default: apply.
  --full                replace every table this time, whatever its mode; versions (scd2) are kept. Default: off.
  --reconcile           look in every merged table for rows that are gone from the source, or were missed, by their
                        keys. Default: off, or as often as `reconcile` of the table says.
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
  --memory-limit SIZE   DuckDB's memory, with KB, MB, GB or KiB, MiB, GiB. Default: by the size of
                        the tables' rows; where that is too little, or with --primary-keys, half of what the
                        machine or container has.                        --memory-limit 4GB

Where it goes (TARGET: a DuckDB file, quack:host:port, ducklake:catalog, md:database,
  parquet:directory, parquet:s3://bucket/prefix, or gs://, r2://, az://):
  --data-path PATH      where a new lake keeps its Parquet files; needed when its catalog is in Postgres.
                        Default: CATALOG.files beside a catalog that is a file.  --data-path /data/shop
  --storage-version VERSION
                        a DuckDB file: the oldest DuckDB that is to read it. From v1.4.0 on large tables are brought up
                        to date faster; it can be raised, not lowered. Default: the file's, and v1.0.0 of a new one.
                                                --storage-version v1.4.0
  --profile target|motherduck
                        motherduck: load in batches and publish in a short transaction, with retries, as
                        MotherDuck wants it, on whatever target. Default: target.  --profile motherduck
  --batch-rows N        rows of one loading statement. Default: all of a table; MotherDuck 1,000,000.
                                                --batch-rows 500000
  --partition-by TABLE=KEYS
                        a lake: what the files of a table are divided by: columns, year(column), month, day, hour,
                        bucket(N, column); may be repeated. Default: nothing.
                                                --partition-by 'public.orders=year(created_at)'
  --stage parquet:PLACE rows go through Parquet files at this place, a directory or an object store, which the target
                        reads; they are removed again. Default: none.    --stage parquet:s3://bucket/stage
  --database NAME       MotherDuck: the database, where TARGET is md: alone.     --database shop
  --create-database     MotherDuck: create the database where there is none of its name. Default: off.
  --create-snapshot     MotherDuck: once published, show it to read-scaling instances at once. Default: off.
  --update-share NAME   MotherDuck: once published, show it in this share of the database; may be repeated.
                        Default: none.                                   --update-share shop_share
  --expire-after TIME   a lake: for how long earlier copies can be read. Default: for ever.
                                                --expire-after '7 days'

What it shows:
  --dry-run             show the plan and copy nothing. Default: off.
  --preview N           show N rows of each table from both sides. Default: 0.      --preview 5
  --json                the report as one JSON document on standard output. Default: tables for people.
  --report FILE         the same document into a file as well.          --report run.json
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
  3 published, but not all is done: tables left out (--on-error skip), a share not updated   130, 143 interrupted
)";

constexpr std::string_view kSyncHelp =
    R"(Copies what the configuration says. It is read from pg2duck.toml in the working directory, which `pg2duck init`
writes from a live source, or from a dlt project there (.dlt/config.toml, .dlt/secrets.toml). Values are taken from the
command line, else from PG2DUCK_ variables, else from the file.

Usage:
  pg2duck sync [options]

  --config FILE         another file than pg2duck.toml
  --source SOURCE       instead of what the file says                     --source 'service=shop'
  --target TARGET       the same                                         --target shop.duckdb
  --pipeline NAME       the name that goes before a dlt project's keys. Default: pg2md.

All options of `pg2duck copy` are there too, and mean the same. --tables and --exclude replace the lists of the file;
--column and --where follow its rules, so that they count. --no-views, --no-primary-keys, --no-create-database and
--no-create-snapshot switch off what the file switches on. Each setting NAME can also come from PG2DUCK_NAME: PG2DUCK_JOBS=4, PG2DUCK_MAX_RATE=20MB.

What to copy:         --tables PATTERNS  --exclude PATTERNS  --views  --where TABLE=CONDITION  --limit N
How it arrives:       --column TABLE.COLUMN=SETTINGS  --numeric HOW  --unrepresentable HOW  --dataset SCHEMA
                      --mode replace|append|merge  --on-schema-change HOW  --full  --reconcile
                      --primary-keys  --force  --on-error abort|skip
How it is read:       --read HOW  --max-rate SIZE  --compression HOW  --jobs N  --memory-limit SIZE
Where it goes:        --data-path PATH  --storage-version VERSION  --profile target|motherduck  --batch-rows N
                      --partition-by TABLE=KEYS  --stage parquet:PLACE  --database NAME  --create-database
                      --create-snapshot  --update-share NAME  --expire-after TIME
What it shows:        --dry-run  --preview N  --json  --report FILE  --log-format text|json  -q, --quiet
                      -v, --verbose  -h, --help

Examples:
  pg2duck sync
  pg2duck sync --tables public.orders --target test.duckdb
  SHOP_PASSWORD=... pg2duck sync --config /etc/pg2duck/shop.toml --quiet
)";

constexpr std::string_view kPlanHelp =
    R"(Shows what `pg2duck sync` would do, table by table, and changes nothing.

Usage:
  pg2duck plan [options]

  --config FILE         another file than pg2duck.toml
  --source SOURCE       instead of what the file says
  --target TARGET       the same
  --pipeline NAME       the name that goes before a dlt project's keys. Default: pg2md.

It has the options of `pg2duck sync`:
  --tables PATTERNS  --exclude PATTERNS  --views  --no-views  --where TABLE=CONDITION  --limit N
  --column TABLE.COLUMN=SETTINGS  --numeric HOW  --unrepresentable HOW  --dataset SCHEMA
  --mode replace|append|merge  --on-schema-change HOW  --full  --reconcile  --primary-keys  --no-primary-keys
  --force  --on-error abort|skip
  --data-path PATH  --storage-version VERSION  --profile target|motherduck  --batch-rows N
  --partition-by TABLE=KEYS  --stage parquet:PLACE  --expire-after TIME  --database NAME  --update-share NAME
  --create-database  --no-create-database  --create-snapshot  --no-create-snapshot
  --read HOW  --max-rate SIZE  --compression HOW  --jobs N  --memory-limit SIZE
  --json  --report FILE  --log-format text|json  -q, --quiet  -v, --verbose  -h, --help
)";

constexpr std::string_view kInitHelp =
    R"(Writes pg2duck.toml, with a comment to each setting, from the tables that the source has. A password is not written
down: the file refers to an environment variable.

Usage:
  pg2duck init [SOURCE] TARGET [options]

  SOURCE, TARGET        as for `pg2duck copy`
  --output FILE         the file to write; - is standard output. Default: pg2duck.toml.
  --tables PATTERNS     tables to copy. Default: all outside the system schemas.
  --exclude PATTERNS    tables to leave out
  --views               take views that match a wildcard too
  --dataset SCHEMA      put all tables into this one schema
  --force               replace a file that is there
  -q, --quiet           errors only
  -h, --help            this text

Example:
  pg2duck init 'service=shop' shop.duckdb && pg2duck plan
)";

constexpr std::string_view kExplainConfigHelp =
    R"(Shows every value that `pg2duck sync` would use, and where it comes from. Connects to nothing, shows no secret.

Usage:
  pg2duck explain-config [options]

  --config FILE         another file than pg2duck.toml
  --json                as one JSON document. Default: a table for people.
  -h, --help            this text

It has the options of `pg2duck sync`, to see what they would change:
  --source SOURCE  --target TARGET  --pipeline NAME  --tables PATTERNS  --exclude PATTERNS  --views  --no-views
  --where TABLE=CONDITION  --limit N  --column TABLE.COLUMN=SETTINGS  --numeric HOW  --unrepresentable HOW  --dataset SCHEMA
  --data-path PATH  --storage-version VERSION  --profile target|motherduck  --batch-rows N
  --partition-by TABLE=KEYS  --stage parquet:PLACE  --expire-after TIME  --database NAME  --update-share NAME
  --create-database  --no-create-database  --create-snapshot  --no-create-snapshot
  --mode replace|append|merge  --on-schema-change HOW  --reconcile  --primary-keys  --no-primary-keys
  --on-error abort|skip  --read HOW  --max-rate SIZE  --compression HOW  --jobs N  --memory-limit SIZE
)";

}  // namespace

std::string_view program_help() {
  return R"(pg2duck copies Postgres tables exactly into a DuckDB file, a quack server, a lake or MotherDuck: all tables of one instant, published together.

Usage:
  pg2duck copy [SOURCE] TARGET [options]   copy tables; `pg2duck copy --help` has the options
  pg2duck sync [options]                   copy what pg2duck.toml says
  pg2duck plan [options]                   show what sync would do, change nothing
  pg2duck init [SOURCE] TARGET             write pg2duck.toml from what the source has
  pg2duck explain-config                   show every setting and where its value comes from
  pg2duck --version                        versions of pg2duck, DuckDB and libpq
  pg2duck --help                           this text

Examples:
  pg2duck copy 'postgresql://me@db.example.com/shop' shop.duckdb
  pg2duck copy shop.duckdb                 the source is what psql would connect to (PGHOST, PGDATABASE, ...)

Exit codes:
  0 done   1 failed, nothing published   2 wrong usage or configuration
  3 published, but not all is done: tables left out (--on-error skip), a share not updated   130, 143 interrupted
)";
}

std::string_view command_help(Action action) {
  switch (action) {
    case Action::kSync:
      return kSyncHelp;
    case Action::kPlan:
      return kPlanHelp;
    case Action::kInit:
      return kInitHelp;
    case Action::kExplainConfig:
      return kExplainConfigHelp;
    default:
      return kCopyHelp;
  }
}

}  // namespace pg2duck::cli

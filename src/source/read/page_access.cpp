#include "source/read/page_access.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {
namespace {

using types::Oid;

constexpr int kFirstVersion = 140000;  // of ctid ranges, by which the server counts the rows of some pages
constexpr int kLastVersion = 189999;
/// Pages that one call of the function gives: it keeps them in memory, within work_mem.
constexpr std::uint64_t kPagesPerCall = 64;
constexpr const char* kFunctionSchema = "pg2duck";
constexpr const char* kFunctionName = "heap_pages";

/// What the server is, in one row.
constexpr const char* kServerSql =
    "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('block_size'),"
    " coalesce(pg_catalog.current_setting('old_snapshot_threshold', true), '-1'),"
    " pg_catalog.current_setting('server_encoding'), pg_catalog.current_setting('is_superuser') = 'on',"
    " (SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
    " WHERE e.extname = 'pageinspect'),"
    " EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
    " JOIN pg_catalog.pg_roles r ON r.oid = p.proowner WHERE n.nspname = 'pg2duck' AND p.proname = 'heap_pages'"
    " AND p.prosecdef AND r.rolsuper AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
    " AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')),"
    " EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE s.name ~ '^(neon|aurora|rds|alloydb)[._]'),"
    " (SELECT c.max_data_alignment FROM pg_catalog.pg_control_init() c), current_user";

PageAccess refused(std::string why, std::string hint = {}) {
  return {.by = PageAccess::By::kNobody, .schema = {}, .refusal = std::move(why), .hint = std::move(hint)};
}

/// What of the server speaks against reading its pages; empty: nothing.
std::string server_refusal(const Result& server) {
  if (server.boolean(0, 0)) {
    return "the server is a standby, where a page may be newer than the snapshot";
  }
  if (server.text(0, 1) != "8192") {
    return "the server's blocks have " + server.text(0, 1) + " bytes";
  }
  if (server.text(0, 2) != "-1") {
    return "old_snapshot_threshold is set: the server may remove rows that the snapshot sees";
  }
  if (server.text(0, 3) != "UTF8") {
    return "the database's encoding is " + server.text(0, 3);
  }
  if (server.boolean(0, 7)) {
    return "the server is not a plain Postgres: how it keeps pages is not known";
  }
  if (server.integer(0, 8) != 8) {
    return "the server aligns values to " + server.text(0, 8) + " bytes";
  }
  return {};
}

Heap heap_of(const Result& rows, std::size_t row) {
  Heap heap;
  if (rows.text(row, 1) != "heap") {
    heap.refusal = rows.is_null(row, 1) ? "it is not stored as a heap" : "its access method is " + rows.text(row, 1);
  } else if (rows.text(row, 2) == "t") {
    heap.refusal = "it is temporary";
  } else if (rows.boolean(row, 3)) {
    heap.refusal = "it has row-level security";
  } else if (rows.text(row, 4) != "r") {
    heap.refusal = "it is a materialized view";
  }
  return heap;
}

/// Consecutive blocks as one row of VALUES: a range takes one, whatever its size, and is planned as constants are.
std::string runs_sql(std::span<const BlockNumber> blocks) {
  std::vector<std::string> runs;
  for (std::size_t first = 0, end = 0; first < blocks.size(); first = end) {
    end = first + 1;
    while (end < blocks.size() && blocks[end] == blocks[end - 1] + 1) {
      ++end;
    }
    const BlockNumber last = blocks[end - 1];
    runs.push_back(
        fmt::format("({}::pg_catalog.int8, {}::pg_catalog.int8, '({},0)'::pg_catalog.tid,"
                    " '({},0)'::pg_catalog.tid)",
                    blocks[first], last, blocks[first], std::uint64_t{last} + 1));
  }
  return fmt::format("{}", fmt::join(runs, ", "));
}

std::string page_of_runs_sql(const PageAccess& access, const TableName& heap) {
  const std::string name = quote_literal(heap.quoted());
  if (access.by == PageAccess::By::kSuperuser) {
    return fmt::format(
        "SELECT {}.get_raw_page({}, b) AS page FROM runs"
        " CROSS JOIN LATERAL pg_catalog.generate_series(first, last) AS b",
        quote_identifier(access.schema), name);
  }
  return fmt::format(
      "SELECT p AS page FROM runs CROSS JOIN LATERAL pg_catalog.generate_series(first, last, {}) AS b"
      " CROSS JOIN LATERAL {}.{}({}::pg_catalog.regclass, b, least(b + {}, last)) AS p",
      kPagesPerCall, kFunctionSchema, kFunctionName, name, kPagesPerCall - 1);
}

std::byte hex_digit(char digit) {
  return static_cast<std::byte>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/// The one element of an array as array_send gives it, in hexadecimal digits.
std::vector<std::byte> missing_value(const std::string& hex) {
  constexpr std::size_t kHeaderDigits =
      std::size_t{2} * 24;  // dimensions, flags, type, size, lower bound, the element's length
  std::vector<std::byte> value;
  for (std::size_t i = kHeaderDigits; i + 1 < hex.size(); i += 2) {
    value.push_back(hex_digit(hex[i]) << 4 | hex_digit(hex[i + 1]));
  }
  return value;
}

}  // namespace

PageAccess find_page_access(Connection& connection) {
  if (connection.server_version() < kFirstVersion || connection.server_version() > kLastVersion) {
    return refused("pages are read from Postgres 14 to 18");
  }
  const Result server = connection.query(kServerSql);
  if (std::string why = server_refusal(server); !why.empty()) {
    return refused(std::move(why));
  }
  if (server.boolean(0, 4) && !server.is_null(0, 5)) {
    return {.by = PageAccess::By::kSuperuser, .schema = server.text(0, 5), .refusal = {}, .hint = {}};
  }
  if (server.boolean(0, 6)) {
    return {.by = PageAccess::By::kFunction, .schema = {}, .refusal = {}, .hint = {}};
  }
  if (server.boolean(0, 4)) {
    return refused("the extension pageinspect is not installed", "run in this database: CREATE EXTENSION pageinspect");
  }
  return refused("this user is no superuser",
                 "a superuser can run in this database:\n" + page_access_sql(server.text(0, 9)));
}

std::string page_access_sql(const std::string& role) {
  const std::string function = std::string(kFunctionSchema) + "." + kFunctionName;
  return "CREATE EXTENSION IF NOT EXISTS pageinspect;\n"
         "CREATE SCHEMA IF NOT EXISTS " +
         std::string(kFunctionSchema) + ";\nCREATE OR REPLACE FUNCTION " + function +
         "(heap regclass, first bigint, last bigint) RETURNS SETOF bytea\n"
         "LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$\n"
         "DECLARE\n"
         "  name text;\n"
         "BEGIN\n"
         "  -- Whoever may read the whole table may read its pages; they hold deleted rows too, until vacuum.\n"
         "  SELECT format('%I.%I', n.nspname, c.relname) INTO name\n"
         "    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam\n"
         "    WHERE c.oid = heap AND c.oid >= 16384 AND c.relkind = 'r' AND c.relpersistence <> 't'\n"
         "      AND a.amname = 'heap' AND NOT c.relrowsecurity\n"
         "      AND has_schema_privilege(session_user, n.oid, 'USAGE')\n"
         "      AND has_table_privilege(session_user, c.oid, 'SELECT');\n"
         "  IF name IS NULL THEN\n"
         "    RAISE insufficient_privilege USING MESSAGE = format('permission denied for pages of %s', heap);\n"
         "  END IF;\n"
         "  RETURN QUERY EXECUTE format('SELECT %I.get_raw_page($1, b) FROM generate_series($2, $3) AS b',\n"
         "    (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace\n"
         "      WHERE e.extname = 'pageinspect')) USING name, first, last;\n"
         "END $$;\n"
         "REVOKE ALL ON FUNCTION " +
         function + " FROM PUBLIC;\nGRANT USAGE ON SCHEMA " + kFunctionSchema + " TO " + quote_identifier(role) +
         ";\nGRANT EXECUTE ON FUNCTION " + function + " TO " + quote_identifier(role) + ";";
}

std::string pages_sql(const PageAccess& access, const TableName& heap, std::span<const BlockNumber> blocks) {
  return fmt::format(
      "WITH runs(first, last, from_tid, to_tid) AS NOT MATERIALIZED (VALUES {})"
      " SELECT page FROM ({}) AS pages UNION ALL SELECT pg_catalog.int8send(pg_catalog.sum(n)::pg_catalog.int8)"
      " FROM runs CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS n FROM ONLY {}"
      " WHERE ctid >= from_tid AND ctid < to_tid) AS counted",
      runs_sql(blocks), page_of_runs_sql(access, heap), heap.quoted());
}

std::map<Oid, Heap> read_heaps(Connection& connection, const std::vector<Oid>& relations) {
  const std::string oids = oid_array(relations);
  std::map<Oid, Heap> heaps;
  const Result rows = connection.query(
      "SELECT c.oid, a.amname, c.relpersistence, c.relrowsecurity, c.relkind FROM pg_catalog.pg_class c"
      " LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam WHERE c.oid = ANY (" +
      oids + ")");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    heaps.emplace(static_cast<Oid>(rows.integer(row, 0)), heap_of(rows, row));
  }
  const Result attributes = connection.query(
      "SELECT a.attrelid, CASE WHEN a.attisdropped THEN '' ELSE a.attname END, a.atttypid, a.attlen, a.attalign,"
      " a.attgenerated <> 'v',"
      " CASE WHEN a.atthasmissing AND NOT a.attisdropped THEN"
      " pg_catalog.encode(pg_catalog.array_send(a.attmissingval), 'hex') END"
      " FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY (" +
      oids + ") AND a.attnum > 0 ORDER BY a.attrelid, a.attnum");
  for (std::size_t row = 0; row < attributes.rows(); ++row) {
    HeapAttribute attribute{.name = attributes.text(row, 1),
                            .type = static_cast<Oid>(attributes.integer(row, 2)),
                            .length = static_cast<std::int16_t>(attributes.integer(row, 3)),
                            .alignment = attributes.text(row, 4).front(),
                            .is_stored = attributes.boolean(row, 5),
                            .missing = {}};
    if (!attributes.is_null(row, 6)) {
      attribute.missing = missing_value(attributes.text(row, 6));
    }
    heaps[static_cast<Oid>(attributes.integer(row, 0))].attributes.push_back(std::move(attribute));
  }
  return heaps;
}

}  // namespace pg2duck::source

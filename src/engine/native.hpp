#pragma once

// The handles of duckdb.h, which stays out of headers. Whoever includes it can hand over handles of his own.
struct _duckdb_connection;
struct _duckdb_database;
struct _duckdb_logical_type;
struct _duckdb_pending_result;
struct _duckdb_prepared_statement;
struct _duckdb_vector;

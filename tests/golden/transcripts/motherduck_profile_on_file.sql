-- What a copy under MotherDuck's limits sends (PG2DUCK_RECORD=1 writes it anew; these lines stay).
-- Documented limits: batches of a million rows or more (here 2,500, which a chunk of 2,048 rows rounds up), each INSERT or
-- CREATE TABLE AS its own transaction and none longer than a minute; no appender; the publication, from the last
-- BEGIN on, holds names and ledger only, no table's rows. No statement holds a token.
ATTACH 'TARGET' AS "pg2duck_target" (TYPE duckdb);
SELECT schema_name, table_name, true AS is_table FROM duckdb_tables() WHERE NOT internal AND database_name = 'pg2duck_target' UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE NOT internal AND database_name = 'pg2duck_target';
SELECT schema, "table", source_schema, source_table, limited, source FROM "pg2duck_target"."_pg2duck"."tables" LEFT JOIN "pg2duck_target"."_pg2duck"."runs" USING (run_id);
SELECT schema, "table", "column", source_type, target_type, profile, unrepresentable FROM "pg2duck_target"."_pg2duck"."columns";
SELECT schema, "table", "column", CAST(oid AS BIGINT), CAST(number AS BIGINT), name, not_null, expression FROM "pg2duck_target"."_pg2duck"."source_columns";
SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'pg2duck_target';
SELECT column_name, sum(count)::UBIGINT, (sum(count) FILTER (compression = 'Dictionary'))::UBIGINT, (sum(count) FILTER (compression = 'FSST'))::UBIGINT, count(*)::UBIGINT FROM pragma_storage_info('"pg2duck_target"."main"."many"') WHERE segment_type IN ('VARCHAR', 'JSON', 'BLOB') AND NOT contains(column_path, ',') GROUP BY column_name;
SELECT column_name, sum(count)::UBIGINT, (sum(count) FILTER (compression = 'Dictionary'))::UBIGINT, (sum(count) FILTER (compression = 'FSST'))::UBIGINT, count(*)::UBIGINT FROM pragma_storage_info('"pg2duck_target"."sales"."few"') WHERE segment_type IN ('VARCHAR', 'JSON', 'BLOB') AND NOT contains(column_path, ',') GROUP BY column_name;
SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'pg2duck_target';
CREATE TABLE "pg2duck_target"."main"."_pg2duck_staged_RUN_1" ("id" INTEGER NOT NULL, "note" VARCHAR);
INSERT INTO "pg2duck_target"."main"."_pg2duck_staged_RUN_1" SELECT "id", "note" FROM pg2duck_load(ID::UBIGINT);
INSERT INTO "pg2duck_target"."main"."_pg2duck_staged_RUN_1" SELECT "id", "note" FROM pg2duck_load(ID::UBIGINT);
SELECT count(*) FROM "pg2duck_target"."main"."_pg2duck_staged_RUN_1";
BEGIN TRANSACTION;
COMMENT ON TABLE "pg2duck_target"."main"."_pg2duck_staged_RUN_1" IS 'so many';
ALTER TABLE "pg2duck_target"."main"."_pg2duck_staged_RUN_1" ADD PRIMARY KEY ("id");
COMMIT;
CREATE TABLE "pg2duck_target"."sales"."_pg2duck_staged_RUN_2" ("id" INTEGER NOT NULL);
INSERT INTO "pg2duck_target"."sales"."_pg2duck_staged_RUN_2" SELECT "id" FROM pg2duck_load(ID::UBIGINT);
SELECT count(*) FROM "pg2duck_target"."sales"."_pg2duck_staged_RUN_2";
SELECT schema_name, table_name, true AS is_table FROM duckdb_tables() WHERE NOT internal AND database_name = 'pg2duck_target' UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE NOT internal AND database_name = 'pg2duck_target';
SELECT strftime(now() AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ');
BEGIN TRANSACTION;
DROP TABLE "pg2duck_target"."main"."many";
ALTER TABLE "pg2duck_target"."main"."_pg2duck_staged_RUN_1" RENAME TO "many";
DROP TABLE "pg2duck_target"."sales"."few";
ALTER TABLE "pg2duck_target"."sales"."_pg2duck_staged_RUN_2" RENAME TO "few";
DROP TABLE "pg2duck_target"."main"."last_sync_time";
CREATE TABLE "pg2duck_target"."main"."last_sync_time" AS SELECT CAST('TIME' AS TIMESTAMPTZ) AS last_sync_time;
INSERT INTO "pg2duck_target"."_pg2duck"."runs" (run_id, started_at, finished_at, status, version, source, snapshot, snapshot_at, lsn, error) VALUES (CAST('RUN' AS UUID), CAST('TIME' AS TIMESTAMPTZ), now(), 'published', 'VERSION', 'SOURCE', CAST('SNAPSHOT' AS VARCHAR), CAST('TIME' AS TIMESTAMPTZ), CAST('LSN' AS VARCHAR), NULL);
INSERT INTO "pg2duck_target"."_pg2duck"."table_runs" (run_id, schema, "table", mode, rows, bytes, seconds, status, error) VALUES (CAST('RUN' AS UUID), 'main', 'many', 'full', 5000, BYTES, SECONDS, 'published', NULL), (CAST('RUN' AS UUID), 'sales', 'few', 'full', 1, BYTES, SECONDS, 'published', NULL);
DELETE FROM "pg2duck_target"."_pg2duck"."tables" AS known USING ( VALUES ('main', 'many'), ('sales', 'few')) AS fresh(schema, name) WHERE translate(known.schema, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') = translate(fresh.schema, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') AND translate(known."table", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') = translate(fresh.name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
INSERT INTO "pg2duck_target"."_pg2duck"."tables" (schema, "table", source_schema, source_table, limited, run_id) VALUES ('main', 'many', 'public', 'many', false, CAST('RUN' AS UUID)), ('sales', 'few', 'sales', 'few', false, CAST('RUN' AS UUID));
COMMIT;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "pg2duck_target"."_pg2duck"."run_metrics" (run_id UUID, dataset VARCHAR, tables_loaded UBIGINT, tables_failed UBIGINT, rows UBIGINT, bytes UBIGINT, overall_seconds DOUBLE, extract_seconds DOUBLE, decode_seconds DOUBLE, load_seconds DOUBLE, publish_seconds DOUBLE);
INSERT INTO "pg2duck_target"."_pg2duck"."run_metrics" VALUES (CAST('RUN' AS UUID), nullif('', ''), 2, 0, 5001, BYTES, SECONDS);
COMMIT;

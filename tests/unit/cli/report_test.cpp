#include "cli/report/report.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/report/report_json.hpp"
#include "cli/terminal/display_text.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/terminal/units.hpp"

namespace pg2duck::cli {
namespace {

sync::TableReport published(const std::string& name, std::uint64_t rows, double seconds) {
  sync::TableReport table;
  table.source = {"public", name};
  table.target = {"main", name};
  table.status = sync::TableStatus::kPublished;
  table.rows = rows;
  table.source_rows = table.target_rows = rows;
  table.bytes = rows * 100;
  table.seconds = seconds;
  return table;
}

Error bad_value() {
  Error error(ErrorKind::kUnrepresentable, "'NaN' has no form in DECIMAL(10,2)");
  error.add_context("ctid (12,3)").add_context("column price").add_context("table public.prices");
  return error.set_hint("mend the value\nor leave the table out").set_sqlstate("22003");
}

sync::TableReport failed() {
  sync::TableReport table = published("prices", 0, 0.5);
  table.status = sync::TableStatus::kFailed;
  table.error = bad_value();
  return table;
}

sync::RunReport sample_report() {
  sync::RunReport report;
  report.run_id = "id";
  report.source = "postgresql://u@h/db";
  report.target = "a.duckdb";
  report.snapshot_at = "2026-03-01 12:00:00+00";
  report.last_sync_time = "2026-03-01 12:01:00+00";
  report.tables = {published("orders", 1500000, 3.27), published("tiny", 3, 0)};
  report.tables[0].warnings = {"look here"};
  report.tables[1].limited = true;
  report.tables[1].mode = "limited";
  report.stages.decode = 1;
  report.seconds = 1234.5;
  report.peak_memory_bytes = 312400000;
  return report;
}

TEST(CliReport, Units) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
  EXPECT_EQ(format_count_of(0, "row"), "0 rows");
  EXPECT_EQ(format_count_of(1, "row"), "1 row");
  EXPECT_EQ(format_count_of(1500, "row"), "1,500 rows");
  EXPECT_EQ(format_seconds(1234567.891), "1,234,567.89");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(999950), "1.0 MB");
  EXPECT_EQ(format_bytes(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
  EXPECT_EQ(format_rate(1, 0), "-");
  EXPECT_EQ(format_clock(3723.4), "1:02:03");
  EXPECT_FALSE(seconds_left(0.001, 60));
  EXPECT_EQ(seconds_left(0.25, 10), 30);
}

TEST(CliReport, TextIsMadeSafeAndMeasured) {
  EXPECT_EQ(printable("a\x1b[31m\n\t\x7f"), "a\\x1b[31m\\n\\t\\x7f");
  EXPECT_EQ(printable("\xff\xc3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("a\u202eb"), "a\\u202eb");
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(elide_end("abcdefgh", 6), "abc...");
  EXPECT_EQ(elide_middle("abcdefgh", 7), "ab...gh");
  EXPECT_EQ(elide_middle("日本日本日本", 8), "日...本");
  EXPECT_EQ(elide_end("abc", 2), "..");
}

TEST(CliReport, TableFitsIntoItsWidth) {
  TextTable table;
  table.add_column("Name");
  table.add_column("Rows", Align::kRight);
  table.add_column("More", Align::kRight);
  table.add_row({"public.a_rather_long_name", "1,000", "7"});
  EXPECT_EQ(table.render(),
            "Name                        Rows  More\n"
            "-------------------------  -----  ----\n"
            "public.a_rather_long_name  1,000     7\n");
  EXPECT_EQ(table.render(30),
            "Name                Rows  More\n"
            "-----------------  -----  ----\n"
            "public.a_rathe...  1,000     7\n");
  EXPECT_EQ(table.render(20),
            "Name           Rows\n"
            "------------  -----\n"
            "public.a_...  1,000\n"
            "(1 more columns are not shown)\n");
}

TEST(CliReport, Summary) {
  EXPECT_EQ(render_summary(sample_report(), 80),
            "Table                       Rows     Bytes   Seconds   Rows/s\n"
            "---------------------  ---------  --------  --------  -------\n"
            "public.orders          1,500,000  150.0 MB      3.27  458,716\n"
            "public.tiny (limited)          3     300 B      0.00        -\n"
            "---------------------  ---------  --------  --------  -------\n"
            "Total, 2 tables        1,500,003  150.0 MB  1,234.50    1,215\n"
            "Slowest stage: decoding. Peak memory: 312.4 MB.\n"
            "Seconds: 1,234.50 overall; 0.00 extract, 1.00 decode, 0.00 load, all threads together; 0.00 publish.\n"
            "Loaded 2 tables into a.duckdb; none failed.\n"
            "\n"
            "Warnings:\n"
            "  public.orders: look here\n"
            "\n"
            "Data as of: 2026-03-01 12:00:00+00\n"
            "Sync completed and recorded at: 2026-03-01 12:01:00+00\n");
}

TEST(CliReport, TablesThatWereLeftOut) {
  sync::RunReport report = sample_report();
  report.tables.push_back(failed());
  EXPECT_NE(
      render_summary(report, 80)
          .find(
              "Not copied:\n"
              "  public.prices failed: column price, ctid (12,3): 'NaN' has no form in DECIMAL(10,2) (SQLSTATE 22003)\n"
              "    hint: mend the value\n"
              "          or leave the table out\n"),
      std::string::npos);
  EXPECT_EQ(render_errors(report, false, false), "error: 1 of 3 tables not copied: public.prices\n");
  EXPECT_EQ(
      render_errors(report, true, false),
      "error: table public.prices, column price, ctid (12,3): 'NaN' has no form in DECIMAL(10,2) (SQLSTATE 22003)\n"
      "hint: mend the value\n"
      "      or leave the table out\n");
}

TEST(CliReport, TheErrorThatEndedTheRunIsToldOnce) {
  sync::RunReport report = sample_report();
  report.tables.push_back(failed());
  report.error = bad_value();
  const std::string text = render_errors(report, false, true);
  EXPECT_TRUE(text.starts_with("\x1b[1;31merror:\x1b[0m table public.prices"));
  EXPECT_EQ(text.find("error:", 20), std::string::npos);
}

TEST(CliReport, AnotherTablesErrorIsToldBesideTheOneThatEndedTheRun) {
  sync::RunReport report = sample_report();
  report.tables.push_back(failed());
  report.tables.push_back(failed());
  report.tables.back().error =
      Error(ErrorKind::kUnrepresentable, bad_value().message()).add_context("table public.costs");
  report.error = bad_value();
  const std::string text = render_errors(report, false, false);
  EXPECT_EQ(text.find("table public.prices"), text.rfind("table public.prices"));
  EXPECT_NE(text.find("error: table public.costs"), std::string::npos);
}

TEST(CliReport, Previews) {
  sync::RunReport report = sample_report();
  EXPECT_EQ(render_previews(report, 80), "");
  sync::Preview preview{.columns = {"id", "note"}, .source = {{"1", "a\nb"}, {"22", std::nullopt}}, .target = {}};
  preview.target = preview.source;
  report.tables[0].preview = preview;
  EXPECT_EQ(render_previews(report, 80),
            "Source data preview: public.orders\n"
            "id  note\n"
            "--  ----\n"
            " 1  a\\nb\n"
            "22  NULL\n"
            "(2 rows)\n"
            "\n"
            "Replicated data preview: main.orders\n"
            "id  note\n"
            "--  ----\n"
            " 1  a\\nb\n"
            "22  NULL\n"
            "(2 rows)\n"
            "\n");
}

TEST(CliReport, Plan) {
  sync::TablePlan table{.source = {"public", "t"},
                        .target = {"main", "t"},
                        .kind = "table",
                        .columns = {{"id", "bigint", "BIGINT", ""}, {"h", "hstore", "VARCHAR", "no such type"}},
                        .bytes = 2500000,
                        .estimated_rows = 1000,
                        .ranges = 3,
                        .read = "copy by ctid ranges",
                        .warnings = {}};
  EXPECT_EQ(render_plan({table}, {}, 0),
            "Table           Copied to  Rows, about   Bytes  Kind   Read by\n"
            "--------------  ---------  -----------  ------  -----  -----------------------\n"
            "public.t        main.t           1,000  2.5 MB  table  copy by ctid ranges (3)\n"
            "--------------  ---------  -----------  ------  -----  -----------------------\n"
            "Total, 1 table                          2.5 MB\n"
            "\n"
            "Columns to know about:\n"
            "Column      Postgres type  DuckDB type  Why\n"
            "----------  -------------  -----------  ------------\n"
            "public.t.h  hstore         VARCHAR      no such type\n"
            "\n"
            "This was a dry run: nothing was copied.\n");
}

TEST(CliReport, Json) {
  sync::RunReport report = sample_report();
  report.tables[0].source.name = "bad\xff";
  report.tables.push_back(failed());
  const auto document = nlohmann::json::parse(report_json(report, {}, false, 3));
  EXPECT_EQ(document["status"], "partial");
  EXPECT_EQ(document["exit_code"], 3);
  EXPECT_EQ(document["slowest_stage"], "decoding");
  EXPECT_EQ(document["tables"][0]["table"], "bad\xEF\xBF\xBD");
  EXPECT_EQ(document["tables"][0]["rows_per_second"], 458716);
  EXPECT_EQ(document["tables"][1]["limited"], true);
  EXPECT_EQ(document["tables"][2]["error"]["sqlstate"], "22003");
  const nlohmann::json& refused = document["refused"];
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0]["column"], "price");
  EXPECT_EQ(refused[0]["ctid"], "(12,3)");
  EXPECT_EQ(refused[0]["reason"], "'NaN' has no form in DECIMAL(10,2)");
  EXPECT_TRUE(document["error"].is_null());
}

TEST(CliReport, Status) {
  sync::RunReport report = sample_report();
  EXPECT_EQ(run_status(report, false, 0), "published");
  EXPECT_EQ(run_status(report, true, 0), "planned");
  report.error = Error(ErrorKind::kCancelled, "interrupted");
  EXPECT_EQ(run_status(report, false, 130), "interrupted");
  report.error = Error(ErrorKind::kConnection, "gone");
  EXPECT_EQ(run_status(report, false, 1), "failed");
}

}  // namespace
}  // namespace pg2duck::cli

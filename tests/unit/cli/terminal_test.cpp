#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/progress/json_listener.hpp"
#include "cli/progress/line_listener.hpp"
#include "cli/progress/progress_bars.hpp"
#include "cli/progress/terminal_listener.hpp"
#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

sync::Progress sample_progress() {
  sync::Progress progress;
  progress.running = {
      {.table = {"public", "orders"}, .rows = 540000, .bytes = 84000000, .fraction = 0.36, .seconds = 2},
      {.table = {"sales", "line_items_with_a_long_name"}, .rows = 7, .bytes = 0, .fraction = 0, .seconds = 0}};
  progress.tables_done = 1;
  progress.tables_total = 24;
  progress.rows = 1500000;
  progress.bytes = 200000000;
  progress.fraction = 1;
  progress.seconds = 4;
  return progress;
}

std::string rendered(std::size_t width, std::size_t height = 24, TerminalStyle style = {}) {
  std::string text;
  for (const DisplayLine& line : render_progress(sample_progress(), {.width = width, .height = height}, style)) {
    EXPECT_LT(line.width, width);
    if (!style.colour) {
      EXPECT_EQ(line.width, display_width(line.text));
    }
    text += line.text + "\n";
  }
  return text;
}

sync::TableReport finished_table() {
  sync::TableReport table;
  table.source = {"public", "orders"};
  table.rows = 1500000;
  table.source_rows = table.target_rows = table.rows;
  table.seconds = 3.267;
  return table;
}

TEST(CliTerminal, BarsInAWideTerminal) {
  EXPECT_EQ(
      rendered(120),
      "public.orders                      ##########--------------------   36%    540,000 rows  42.0 MB/s  ETA 0:04\n"
      "sales.line_items_with_a_long_name  ------------------------------    0%          7 rows          -  ETA -:--\n"
      "Total, 1 of 24 tables              ##############################   99%  1,500,000 rows  50.0 MB/s  ETA 0:00\n");
}

TEST(CliTerminal, BarsIn80Columns) {
  EXPECT_EQ(rendered(80),
            "public.orders             ###-------   36%    540,000 rows  42.0 MB/s  ETA 0:04\n"
            "sales.line...a_long_name  ----------    0%          7 rows          -  ETA -:--\n"
            "Total, 1 of 24 tables     ##########   99%  1,500,000 rows  50.0 MB/s  ETA 0:00\n");
}

TEST(CliTerminal, NarrowTerminalsLoseColumns) {
  EXPECT_EQ(rendered(40),
            "public.orders             36%  ETA 0:04\n"
            "sales.line..._long_name    0%  ETA -:--\n"
            "Total, 1 of 24 tables     99%  ETA 0:00\n");
  EXPECT_EQ(rendered(8),
            ".   36%\n"
            ".    0%\n"
            ".   99%\n");
}

TEST(CliTerminal, LowTerminalsCountTheRest) {
  EXPECT_EQ(rendered(40, 4),
            "public.orders           36%  ETA 0:04\n"
            "and 1 more table\n"
            "Total, 1 of 24 tables   99%  ETA 0:00\n");
}

TEST(CliTerminal, UnicodeAndColour) {
  const std::string text = rendered(80, 24, {.interactive = true, .colour = true, .unicode = true});
  EXPECT_TRUE(text.starts_with("public.orders             \x1b[36m━━━\x1b[0;2m───────\x1b[0m   36%"));
}

TEST(CliTerminal, BlockIsDrawnInPlace) {
  std::string screen;
  TerminalSize size{.width = 10, .height = 24};
  {
    LiveBlock block([&screen](std::string_view text) { screen += text; }, [&size] { return size; });
    block.draw({{"one", 3}, {"two", 3}});
    EXPECT_EQ(screen, "one\ntwo\n");
    screen.clear();
    block.print("done");
    EXPECT_EQ(screen, "\r\x1b[2A\x1b[Jdone\none\ntwo\n");
    screen.clear();
    size.width = 2;  // both lines now stand wrapped on the screen
    block.draw({{"x", 1}});
    EXPECT_EQ(screen, "\r\x1b[4A\x1b[Jx\n");
    screen.clear();
  }
  EXPECT_EQ(screen, "\r\x1b[1A\x1b[J");
}

TEST(CliTerminal, TerminalListenerLeavesOnlyLines) {
  std::string screen;
  TerminalListener listener([&screen](std::string_view text) { screen += text; }, [] { return TerminalSize{}; }, {});
  listener.on_phase(sync::Phase::kLocking);
  EXPECT_EQ(screen, "Locking the tables and taking the snapshot...\n");
  screen.clear();
  listener.on_table_finished(finished_table());
  EXPECT_TRUE(screen.starts_with("\r\x1b[1A\x1b[JReplicated public.orders in 3.27 seconds: "));
  screen.clear();
  listener.on_finished({}, 0);
  EXPECT_EQ(screen, "\r\x1b[1A\x1b[J");
}

TEST(CliTerminal, LinesInAPipe) {
  std::string text;
  LineListener listener([&text](std::string_view line) { text += line; }, false);
  listener.on_phase(sync::Phase::kConnecting);
  listener.on_phase(sync::Phase::kLoading);
  listener.on_plan({sync::TablePlan{
      .source = {}, .target = {}, .kind = {}, .columns = {}, .bytes = 1200000, .read = {}, .warnings = {}}});
  listener.on_progress(sample_progress());
  listener.on_table_started({"public", "hidden"});
  listener.on_table_finished(finished_table());
  sync::TableReport single = finished_table();
  single.rows = 1;
  single.source_rows = single.target_rows = 1;
  listener.on_table_finished(single);
  sync::TableReport failed = finished_table();
  failed.status = sync::TableStatus::kFailed;
  failed.error = Error(ErrorKind::kCorruptData, "bad\nbyte").add_context("column c").add_context("table public.orders");
  listener.on_table_finished(failed);
  listener.on_notice("careful");
  EXPECT_EQ(text,
            "Connecting to the source and opening the target\n"
            "Planned 1 table, 1.2 MB\n"
            "Replicated public.orders in 3.27 seconds: 1,500,000 rows (source 1,500,000, destination 1,500,000)\n"
            "Replicated public.orders in 3.27 seconds: 1 row (source 1, destination 1)\n"
            "Failed public.orders: column c: bad\\nbyte\n"
            "notice: careful\n");
}

TEST(CliTerminal, JsonLines) {
  std::vector<nlohmann::json> lines;
  JsonListener listener([&lines](std::string_view line) { lines.push_back(nlohmann::json::parse(line)); }, false,
                        false);
  listener.on_table_finished(finished_table());
  listener.on_notice("bad \xff byte");
  listener.on_table_started({"public", "hidden"});
  sync::RunReport report;
  report.error = Error(ErrorKind::kConnection, "gone");
  listener.on_finished(report, 1);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["event"], "table_replicated");
  EXPECT_EQ(lines[0]["level"], "info");
  EXPECT_EQ(lines[0]["rows"], 1500000);
  EXPECT_EQ(lines[1]["message"], "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(lines[2]["level"], "error");
  EXPECT_EQ(lines[2]["error"]["kind"], "connection");
  EXPECT_EQ(lines[2]["time"].get<std::string>().size(), std::string("2026-03-01T12:00:00.000Z").size());
}

}  // namespace
}  // namespace pg2duck::cli

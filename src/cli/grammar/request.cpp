#include "cli/grammar/request.hpp"

#include <array>

#include "config/settings/index.hpp"

namespace pg2duck::cli {
namespace {

using config::Commands;
using config::kConfigured;
using Kind = config::Setting::Kind;

constexpr Commands kReporting{.copy = true, .sync = true, .plan = true};
constexpr Commands kAll{.copy = true, .sync = true, .plan = true, .init = true, .explain_config = true};
constexpr std::array<std::string_view, 2> kLogFormats{"text", "json"};

constexpr std::array kOptions{
    RequestOption{config::kEndpointsTitle,
                  {.name = "config",
                   .kind = Kind::kPath,
                   .flag_of = kConfigured,
                   .value = "FILE",
                   .example = "/etc/pg2duck/shop.toml",
                   .summary = "another file than pg2duck.toml"},
                  [](Request& request, const std::string& value) { request.config = value; }},
    RequestOption{config::kEndpointsTitle,
                  {.name = "source",
                   .flag_of = kConfigured,
                   .value = "SOURCE",
                   .example = "'service=shop'",
                   .summary = "the Postgres database, instead of what the file says"},
                  [](Request& request, const std::string& value) { request.source = value; }},
    RequestOption{config::kEndpointsTitle,
                  {.name = "pipeline",
                   .flag_of = kConfigured,
                   .value = "NAME",
                   .example = "pg2md",
                   .fallback = "pg2md",
                   .summary = "the name that goes before a dlt project's keys",
                   .see = "#dlt-projects"},
                  [](Request& request, const std::string& value) { request.pipeline = value; }},
    RequestOption{config::kOutputTitle,
                  {.name = "output",
                   .kind = Kind::kPath,
                   .flag_of = {.init = true},
                   .value = "FILE",
                   .example = "shop.toml",
                   .fallback = "pg2duck.toml",
                   .summary = "the file to write; - is standard output"},
                  [](Request& request, const std::string& value) { request.output = value; }},
    RequestOption{config::kOutputTitle,
                  {.name = "json",
                   .kind = Kind::kSwitch,
                   .flag_of = {.copy = true, .sync = true, .plan = true, .explain_config = true},
                   .fallback = "tables for people",
                   .summary = "the result as one JSON document on standard output"},
                  [](Request& request, const std::string& /*value*/) { request.json = true; }},
    RequestOption{config::kOutputTitle,
                  {.name = "report",
                   .kind = Kind::kPath,
                   .flag_of = kReporting,
                   .value = "FILE",
                   .example = "report.json",
                   .summary = "the same document into a file as well"},
                  [](Request& request, const std::string& value) { request.report_file = value; }},
    RequestOption{config::kOutputTitle,
                  {.name = "log_format",
                   .kind = Kind::kChoice,
                   .flag_of = kReporting,
                   .words = kLogFormats,
                   .example = "json",
                   .fallback = "text",
                   .summary = "progress on standard error: bars on a terminal and lines in a pipe, or one JSON object "
                              "a line"},
                  [](Request& request, const std::string& value) {
                    request.log_format = value == "json" ? LogFormat::kJson : LogFormat::kText;
                  }},
    RequestOption{config::kOutputTitle,
                  {.name = "quiet",
                   .kind = Kind::kSwitch,
                   .flag_of = {.copy = true, .sync = true, .plan = true, .init = true},
                   .letter = 'q',
                   .summary = "errors only, and the result that was asked for"},
                  [](Request& request, const std::string& /*value*/) { request.quiet = true; }},
    RequestOption{config::kOutputTitle,
                  {.name = "verbose",
                   .kind = Kind::kSwitch,
                   .flag_of = kReporting,
                   .letter = 'v',
                   .summary = "say when each phase and each table begins, too"},
                  [](Request& request, const std::string& /*value*/) { request.verbose = true; }},
    RequestOption{config::kOutputTitle,
                  {.name = "help", .kind = Kind::kSwitch, .flag_of = kAll, .letter = 'h', .summary = "this text"},
                  [](Request& request, const std::string& /*value*/) { request.help = true; }},
};

}  // namespace

std::span<const RequestOption> request_options() {
  return kOptions;
}

}  // namespace pg2duck::cli

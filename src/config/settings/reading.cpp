#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

/// DuckDB cannot even open a file in less.
constexpr std::uint64_t kMinimumMemory = 1 << 20;

constexpr std::array kReading{
    also_for_tables<&TableSettings::read, parse_choice<ReadMethod>>(choice<&CopyOptions::read>(
        {.name = "read",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .example = "gentle",
         .fallback = "auto",
         .summary = "how rows are asked for",
         .details = "copy: COPY of block ranges. pages: the pages of the heap, taken apart here, which costs the "
                    "server a fraction of the work; needs a superuser and the extension pageinspect, or a function "
                    "that a superuser creates. gentle: one COPY of a whole table at a time, which leaves the server's "
                    "cache to others. auto: pages where they can be read and the table is not small, else copy.",
         .see = "#reading"})),
    size<&CopyOptions::max_rate, 1>({.name = "max_rate",
                                     .flag_of = kAllRuns,
                                     .stands_in = {.top = true},
                                     .value = "SIZE",
                                     .needs = "bytes a second, or with KB, MB, GB, KiB, MiB, GiB",
                                     .example = "20MB",
                                     .fallback = "no limit",
                                     .summary = "bytes a second that all connections together take from Postgres",
                                     .details = "With KB, MB, GB or KiB, MiB, GiB."}),
    choice<&CopyOptions::compression>(
        {.name = "compression",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .example = "fast",
         .fallback = "auto",
         .summary = "how text is compressed in the file",
         .details = "auto: as DuckDB would, but named for it where that is known before the load; duckdb: DuckDB tries "
                    "all methods; fast: not at all, the file is much bigger.",
         .see = "#compression"}),
    count<&CopyOptions::jobs, 1, 1024>(
        {.name = "jobs",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .value = "N",
         .example = "4",
         .fallback = "the number of cores, 2 to 8; 1 for gentle",
         .summary = "Postgres connections that read, a hard cap; one more holds the snapshot"}),
    size<&CopyOptions::memory_limit_bytes, kMinimumMemory>(
        {.name = "memory_limit",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .value = "SIZE",
         .needs = "1 MiB or more, in bytes or with KB, MB, GB, KiB, MiB, GiB",
         .example = "4GB",
         .fallback = "by the width of the rows, 100 MB and more",
         .summary = "DuckDB's memory, with KB, MB, GB or KiB, MiB, GiB",
         .details = "Where the default turns out to be too little, and with primary keys: half of what the machine or "
                    "container allows."}),
};

}  // namespace

std::span<const Setting> reading() {
  return kReading;
}

}  // namespace pg2duck::config

#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

constexpr Commands kCopying{.copy = true, .sync = true};

constexpr std::array kOutput{
    on_or_off<&CopyOptions::dry_run>(
        {.name = "dry_run", .flag_of = kCopying, .summary = "show the plan; read no rows, write nothing"}),
    count<&CopyOptions::preview, 0, 1000>({.name = "preview",
                                           .flag_of = kCopying,
                                           .value = "N",
                                           .example = "5",
                                           .fallback = "0",
                                           .summary = "show N rows of each table from both sides"}),
};

}  // namespace

std::span<const Setting> output() {
  return kOutput;
}

}  // namespace pg2duck::config

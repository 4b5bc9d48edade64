#include "cli/terminal/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::cli {
namespace {

bool is_utf8_locale(const config::Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = environment(name)) {
      const std::string folded = fold_case(*value);
      return folded.find("utf-8") != std::string::npos || folded.find("utf8") != std::string::npos;
    }
  }
  return false;
}

}  // namespace

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

TerminalStyle terminal_style(int descriptor, const config::Environment& environment) {
  TerminalStyle style;
  const std::string term = environment("TERM").value_or("dumb");
  style.interactive = isatty(descriptor) == 1 && term != "dumb";
  style.colour = style.interactive && !environment("NO_COLOR");
  style.unicode = is_utf8_locale(environment);
  return style;
}

TerminalSize terminal_size(int descriptor) {
  winsize reported{};
  if (ioctl(descriptor, TIOCGWINSZ, &reported) != 0 || reported.ws_col == 0 || reported.ws_row == 0) {
    return {};
  }
  return {.width = reported.ws_col, .height = reported.ws_row};
}

LiveBlock::LiveBlock(Sink sink, std::function<TerminalSize()> size) : sink_(std::move(sink)), size_(std::move(size)) {}

LiveBlock::~LiveBlock() {
  clear();
}

std::string LiveBlock::erase_sequence() const {
  if (lines_.empty()) {
    return {};
  }
  // A terminal that became narrower has wrapped the lines that stand on it.
  const std::size_t width = std::max<std::size_t>(1, size_().width);
  std::size_t rows = 0;
  for (const DisplayLine& line : lines_) {
    rows += std::max<std::size_t>(1, (line.width + width - 1) / width);
  }
  return fmt::format("\r\x1b[{}A\x1b[J", rows);
}

std::string LiveBlock::block_text() const {
  std::string text;
  for (const DisplayLine& line : lines_) {
    text += line.text + "\n";
  }
  return text;
}

void LiveBlock::draw(std::vector<DisplayLine> lines) {
  std::string frame = erase_sequence();
  lines_ = std::move(lines);
  frame += block_text();
  sink_(frame);
}

void LiveBlock::print(std::string_view line) {
  sink_(erase_sequence() + std::string(line) + "\n" + block_text());
}

void LiveBlock::clear() {
  const std::string erase = erase_sequence();
  lines_.clear();
  if (!erase.empty()) {
    sink_(erase);
  }
}

}  // namespace pg2duck::cli

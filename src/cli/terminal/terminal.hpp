#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"

namespace pg2duck::cli {

/// Takes text for a stream. Failures to write are the sink's to swallow.
using Sink = std::function<void(std::string_view)>;

/// Writes all of `text` to a file descriptor. @return false when the stream refuses it (errno says why)
bool write_all(int descriptor, std::string_view text);

/// What a stream can show.
struct TerminalStyle {
  bool interactive = false;  ///< a terminal that understands cursor movement
  bool colour = false;       ///< interactive, and NO_COLOR is not set
  bool unicode = false;      ///< the locale is UTF-8
};

TerminalStyle terminal_style(int descriptor, const config::Environment& environment);

struct TerminalSize {
  std::size_t width = 80;
  std::size_t height = 24;
};

/// 80 x 24 when it cannot be told.
TerminalSize terminal_size(int descriptor);

/// One line of a LiveBlock.
struct DisplayLine {
  std::string text;       ///< may hold colour sequences
  std::size_t width = 0;  ///< columns it takes on the screen
};

/// Lines at the end of the terminal that are drawn again in place, while other lines scroll by above.
/// The cursor rests on the empty line under them, where an echoed ^C does no harm, and is never hidden: a killed
/// process leaves nothing to repair.
///
/// @thread one caller at a time
class LiveBlock {
 public:
  LiveBlock(Sink sink, std::function<TerminalSize()> size);
  LiveBlock(const LiveBlock&) = delete;
  LiveBlock& operator=(const LiveBlock&) = delete;
  ~LiveBlock();

  /// Replaces the lines that stand there. @pre each narrower than the terminal, and fewer than its height
  void draw(std::vector<DisplayLine> lines);
  /// Puts a line above the block, where it stays.
  void print(std::string_view line);
  /// Takes the block away.
  void clear();

 private:
  /// Control sequence that moves to where the block begins and erases to the end of the screen.
  [[nodiscard]] std::string erase_sequence() const;
  [[nodiscard]] std::string block_text() const;

  Sink sink_;
  std::function<TerminalSize()> size_;
  std::vector<DisplayLine> lines_;
};

}  // namespace pg2duck::cli

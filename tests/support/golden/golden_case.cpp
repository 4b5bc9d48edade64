#include "support/golden/golden_case.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace pg2duck::test_support {
namespace {

constexpr std::string_view kNull = "\\N";

struct CaseFile {
  std::map<std::string, std::string> header;  ///< of a repeated key the last value
  std::vector<GoldenRow> rows;
};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& problem) {
  throw std::runtime_error(path.filename().string() + ": " + problem);
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    fail(path, "cannot be read");
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// "SQL -> text" at its first arrow; nothing after the arrow is an empty text.
std::pair<std::string, std::string> split_row(const std::filesystem::path& path, const std::string& line) {
  const std::size_t arrow = line.find(" -> ");
  if (arrow != std::string::npos) {
    return {line.substr(0, arrow), line.substr(arrow + 4)};
  }
  if (!line.ends_with(" ->")) {
    fail(path, "neither a header line nor SQL -> text: " + line);
  }
  return {line.substr(0, line.size() - 3), ""};
}

unsigned char read_hex(std::string_view digits) {
  unsigned char value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || problem != std::errc() || end != digits.data() + digits.size()) {
    throw std::runtime_error("not two hexadecimal digits: " + std::string(digits));
  }
  return value;
}

/// A character below U+0100 as UTF-8.
std::string utf8(unsigned char character) {
  if (character < 0x80) {
    return {static_cast<char>(character)};
  }
  return {static_cast<char>(0xc0 | character >> 6), static_cast<char>(0x80 | (character & 0x3f))};
}

std::optional<std::string> unescape(std::string_view text) {
  if (text == kNull) {
    return std::nullopt;
  }
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
    } else if (const char letter = text.at(++i); letter == 'x') {
      plain += utf8(read_hex(text.substr(i + 1, 2)));
      i += 2;
    } else {
      plain += letter == 'n' ? '\n' : letter == 't' ? '\t' : letter == 'r' ? '\r' : letter;
    }
  }
  return plain;
}

bool is_header(const std::string& line) {
  constexpr std::array kKeys = {"covers", "needs", "options", "before", "after", "type", "read", "becomes", "show"};
  return std::ranges::any_of(kKeys, [&](const char* key) { return line.starts_with(std::string(key) + ": "); });
}

CaseFile read_case(const std::filesystem::path& path) {
  CaseFile file;
  for (const std::string& line : lines_of(path)) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (file.rows.empty() && is_header(line)) {
      const std::size_t colon = line.find(": ");
      file.header[line.substr(0, colon)] = line.substr(colon + 2);
      continue;
    }
    constexpr std::string_view kError = "error: ";
    const auto [sql, text] = split_row(path, line);
    GoldenRow& row = file.rows.emplace_back();
    row.sql = sql;
    if (text.starts_with(kError)) {
      row.error = text.substr(kError.size());
    } else {
      row.text = unescape(text);
    }
  }
  return file;
}

types::PgType read_type(const nlohmann::json& json) {
  types::PgType type;
  type.oid = json.at("oid");
  type.schema = json.at("schema");
  type.name = json.at("name");
  type.typtype = json.at("typtype").get<std::string>().at(0);
  type.category = json.at("category").get<std::string>().at(0);
  type.element = json.at("element");
  type.base = json.at("base");
  type.base_typmod = json.at("base_typmod");
  type.base_dimensions = json.at("base_dimensions");
  type.range_subtype = json.at("range_subtype");
  type.has_binary_output = json.at("has_binary_output");
  type.output_function = json.at("output_function");
  type.casts_as_output = json.at("casts_as_output");
  type.fraction_digits = json.at("fraction_digits");
  type.extension = json.at("extension");
  for (const nlohmann::json& field : json.at("fields")) {
    type.fields.push_back({.name = field.at("name"),
                           .type = field.at("type"),
                           .typmod = field.at("typmod"),
                           .dimensions = field.at("dimensions")});
  }
  for (const nlohmann::json& label : json.at("labels")) {
    type.labels.push_back(label);
  }
  return type;
}

std::optional<std::string> read_bytes(const std::string& hex) {
  if (hex == kNull) {
    return std::nullopt;
  }
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(read_hex(std::string_view(hex).substr(i, 2)));
  }
  return bytes;
}

/// Adds what the server sent to the case of `declared` type.
void add_bytes(const std::filesystem::path& path, const std::string& declared, GoldenCase& golden) {
  constexpr std::string_view kColumn = "column: ";
  constexpr std::string_view kType = "type: ";
  const std::string stale = "is not of its case any more; run tests/golden/record " + golden.name;
  std::size_t row = 0;
  for (const std::string& line : lines_of(path)) {
    if (line.empty() || (row == 0 && line.starts_with("server: "))) {
      continue;
    }
    if (row == 0 && line.starts_with(kColumn)) {
      const auto column = nlohmann::json::parse(line.substr(kColumn.size()));
      if (column.at("declared") != declared) {
        fail(path, stale);
      }
      golden.type = column.at("type");
      golden.typmod = column.at("typmod");
      golden.dimensions = column.at("dimensions");
      golden.read = column.at("read");
    } else if (row == 0 && line.starts_with(kType)) {
      types::PgType type = read_type(nlohmann::json::parse(line.substr(kType.size())));
      golden.catalog.emplace(type.oid, std::move(type));
    } else {
      const auto [sql, hex] = split_row(path, line);
      if (row >= golden.rows.size() || golden.rows[row].sql != sql) {
        fail(path, stale);
      }
      golden.rows[row++].bytes = read_bytes(hex);
    }
  }
  if (row != golden.rows.size()) {
    fail(path, stale);
  }
}

std::vector<std::filesystem::path> case_paths(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".case") {
      paths.push_back(entry.path());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

std::vector<std::string> golden_names(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const std::filesystem::path& path : case_paths(directory)) {
    const std::vector<std::string> lines = lines_of(path);
    // What a run with options makes of a value is a matter of the whole program.
    if (std::ranges::none_of(lines, [](const std::string& line) { return line.starts_with("options: "); })) {
      names.push_back(path.stem().string());
    }
  }
  return names;
}

GoldenCase read_golden_case(const std::filesystem::path& directory, const std::string& name) {
  CaseFile file = read_case(directory / (name + ".case"));
  GoldenCase golden;
  golden.name = name;
  golden.covers = file.header["covers"];
  golden.becomes = file.header["becomes"];
  if (file.header.contains("show")) {
    golden.show = file.header["show"];
  }
  golden.rows = std::move(file.rows);
  add_bytes(directory / (name + ".bytes"), file.header["type"], golden);
  return golden;
}

std::vector<std::string> golden_coverage(const std::filesystem::path& directory) {
  std::vector<std::string> covered;
  for (const std::filesystem::path& path : case_paths(directory)) {
    covered.push_back(read_case(path).header["covers"]);
  }
  return covered;
}

}  // namespace pg2duck::test_support

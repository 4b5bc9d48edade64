#include "decode/nested/composite.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {
namespace {

/// @source src/backend/utils/adt/rowtypes.c, record_send
class CompositeDecoder final : public ColumnDecoder {
 public:
  CompositeDecoder(const types::Mapping& mapping, ColumnDecoders children) {
    for (std::size_t i = 0; i < mapping.children.size(); ++i) {
      members_.push_back({.name = mapping.fields[i],
                          .type = mapping.children[i].type,
                          .decoder = std::move(children[i]),
                          .fields = {}});
    }
  }

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    for (Member& member : members_) {
      member.fields.clear();
    }
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        nulls.mark(row);
        for (Member& member : members_) {
          member.fields.emplace_back();
        }
      } else {
        gather(fields[row], row);
      }
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
      try {
        members_[i].decoder->decode(members_[i].fields, out.child(i), first_row);
      } catch (BadValue& bad) {
        bad.message = "field " + members_[i].name + ": " + bad.message;
        throw;
      }
    }
  }

  void collect(types::ColumnProfile& profile) const override {
    for (const Member& member : members_) {
      member.decoder->collect(profile);
    }
  }

 private:
  struct Member {
    std::string name;
    types::Oid type;
    std::unique_ptr<ColumnDecoder> decoder;
    std::vector<Field> fields;  // of the batch; kept between batches, so that its memory is
  };

  void gather(const Field& field, std::size_t row) {
    try {
      ByteCursor cursor(field.bytes());
      const auto count = cursor.read<std::int32_t>();
      if (count < 0 || static_cast<std::size_t>(count) != members_.size()) {
        throw_corrupt(row, "composite value of " + std::to_string(count) + " fields, expected " +
                               std::to_string(members_.size()));
      }
      for (Member& member : members_) {
        read_member(cursor, member, row);
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the last field of a composite value");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "composite value: " + error.message());
    }
  }

  static void read_member(ByteCursor& cursor, Member& member, std::size_t row) {
    const auto type = cursor.read<types::Oid>();
    if (type != member.type) {
      throw_corrupt(row, "field " + member.name + " has a value of the type with OID " + std::to_string(type) +
                             ", expected " + std::to_string(member.type));
    }
    const Field field = read_field(cursor);
    if (field.length < -1) {
      throw_corrupt(row, "field " + member.name + " has length " + std::to_string(field.length));
    }
    member.fields.push_back(field);
  }

  std::vector<Member> members_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_composite_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kComposite || mapping.children.empty() ||
      mapping.children.size() != mapping.fields.size() || mapping.children.size() != children.size()) {
    throw Error(ErrorKind::kBug, "not the mapping of a composite type");
  }
  return std::make_unique<CompositeDecoder>(mapping, std::move(children));
}

}  // namespace pg2duck::decode

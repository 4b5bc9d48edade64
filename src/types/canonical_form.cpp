#include "types/canonical_form.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pg2duck::types {
namespace {

using Kind = CanonicalForm::Kind;

KeyForm as_it_is() {
  return {};
}

KeyForm in(Kind kind) {
  return {.form = {.kind = kind}};
}

KeyForm refused(std::string why) {
  return {.form = {}, .refusal = std::move(why)};
}

KeyForm texts_differ(const PgType& type) {
  return refused(
      fmt::format("its type {} calls values equal whose texts differ, and the copy holds the texts", type.name));
}

/// Types of contrib whose operator classes do not say that values which are equal are the same.
bool is_exact_extension(const PgType& type) {
  constexpr std::pair<const char*, const char*> kTypes[] = {{"hstore", "hstore"}, {"ltree", "ltree"}};
  return type.extension == "isn" || std::ranges::any_of(kTypes, [&type](const auto& known) {
           return type.extension == known.first && type.name == known.second;
         });
}

class FormFinder {
 public:
  explicit FormFinder(const TypeCatalog& catalog) : catalog_(catalog) {}

  [[nodiscard]] KeyForm find(Oid oid, bool deterministic, const Mapping& mapping) const {
    const PgType* type = base_of(oid);
    if (type == nullptr) {
      return as_it_is();
    }
    if (mapping.send_as == SendAs::kCast) {
      return of_cast(*type, mapping);
    }
    switch (type->typtype) {
      case 'c':
        return of_composite(*type, mapping);
      case 'r':
        return of_range(*type, mapping);
      case 'm':
        return of_multirange(*type, mapping);
      default:
        break;
    }
    return type->element != 0 ? of_array(*type, deterministic, mapping) : of_scalar(*type, deterministic, mapping);
  }

 private:
  [[nodiscard]] const PgType* base_of(Oid oid) const {
    auto found = catalog_.find(oid);
    while (found != catalog_.end() && found->second.typtype == 'd') {
      found = catalog_.find(found->second.base);
    }
    return found == catalog_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] static KeyForm of_cast(const PgType& type, const Mapping& mapping) {
    const DuckTypeId to = mapping.target.id;
    const bool small = type.oid == oid::kInt2 || type.oid == oid::kInt4;
    const bool integer = small || type.oid == oid::kInt8 || type.oid == oid::kOid;
    const bool exact =
        to == DuckTypeId::kDecimal || (small && to == DuckTypeId::kDouble) ||
        (integer && to != DuckTypeId::kDouble && to != DuckTypeId::kFloat && to != DuckTypeId::kBoolean) ||
        (type.oid == oid::kDate && to != DuckTypeId::kTime);
    return exact ? as_it_is()
                 : refused(fmt::format("it is cast to {}, which may make one value of several", mapping.target.sql()));
  }

  [[nodiscard]] static KeyForm of_scalar(const PgType& type, bool deterministic, const Mapping& mapping) {
    const bool is_text = mapping.target.id == DuckTypeId::kVarchar;
    switch (type.oid) {
      case oid::kNumeric:
        return is_text ? in(Kind::kTrimmedNumber) : as_it_is();
      case oid::kFloat4:
      case oid::kFloat8:
        return is_text ? texts_differ(type) : as_it_is();  // 0 and -0
      case oid::kInterval:
        return mapping.send_as == SendAs::kText ? texts_differ(type) : in(Kind::kSpan);
      case oid::kTimetz:
        return is_text ? as_it_is() : in(Kind::kText);
      case oid::kJsonb:
        return in(Kind::kJson);
      case oid::kBpchar:
        return deterministic ? in(Kind::kUnpadded) : of_collation();
      default:
        break;
    }
    if (type.extension == "citext" && type.name == "citext") {
      return of_citext(type);
    }
    return of_class(type, deterministic);
  }

  [[nodiscard]] static KeyForm of_class(const PgType& type, bool deterministic) {
    switch (type.equality) {
      case Equality::kImage:
      case Equality::kUndefined:
        return as_it_is();
      case Equality::kCollated:
        return deterministic ? as_it_is() : of_collation();
      case Equality::kOther:
        break;
    }
    return is_exact_extension(type)
               ? as_it_is()
               : refused(fmt::format("its type {} does not say whether it calls values equal whose texts differ",
                                     type.name));
  }

  [[nodiscard]] static KeyForm of_collation() {
    return refused("its collation is not deterministic, and calls texts equal that differ");
  }

  [[nodiscard]] static KeyForm of_citext(const PgType& type) {
    if (!type.lower_case) {
      return refused("the lower case that citext compares is not made letter by letter in this database");
    }
    return {.form = {.kind = Kind::kLowerCase, .letters = *type.lower_case}};
  }

  /// Of a whole that the copy holds as text: its parts must be equal only when their texts are.
  [[nodiscard]] KeyForm of_text(const PgType& whole, bool deterministic, const std::vector<Oid>& parts) const {
    for (const Oid part : parts) {
      const KeyForm found = find_as_text(part, deterministic);
      if (!found.refusal.empty() || found.form.kind != Kind::kSame) {
        return found.refusal.empty() ? texts_differ(whole) : found;
      }
    }
    return as_it_is();
  }

  [[nodiscard]] KeyForm find_as_text(Oid oid, bool deterministic) const {
    Mapping text = Mapping::of(Wire::kText, {});
    text.send_as = SendAs::kText;
    return find(oid, deterministic, text);
  }

  [[nodiscard]] KeyForm of_array(const PgType& type, bool deterministic, const Mapping& mapping) const {
    if (mapping.target.id != DuckTypeId::kList || mapping.children.size() != 1) {
      return of_text(type, deterministic, {type.element});
    }
    KeyForm element = mapping.send_as == SendAs::kTextElements ? find_as_text(type.element, deterministic)
                                                               : find(type.element, deterministic, mapping.children[0]);
    if (!element.refusal.empty() || element.form.kind == Kind::kSame) {
      return element;
    }
    return list_of(std::move(element.form), mapping.dimensions);
  }

  [[nodiscard]] static KeyForm list_of(CanonicalForm element, int depth) {
    CanonicalForm form{.kind = Kind::kList, .depth = std::max(1, depth)};
    form.children.push_back(std::move(element));
    return {.form = std::move(form)};
  }

  [[nodiscard]] KeyForm of_composite(const PgType& type, const Mapping& mapping) const {
    KeyForm whole = in(Kind::kFields);
    const bool is_text = mapping.target.id != DuckTypeId::kStruct || mapping.children.size() != type.fields.size();
    bool same = true;
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      const PgField& field = type.fields[i];
      KeyForm found = is_text ? of_text(type, field.deterministic, {field.type})
                              : find(field.type, field.deterministic, mapping.children[i]);
      if (!found.refusal.empty()) {
        return found;
      }
      same = same && found.form.kind == Kind::kSame;
      whole.form.names.push_back(field.name);
      whole.form.children.push_back(std::move(found.form));
    }
    return same ? as_it_is() : whole;
  }

  [[nodiscard]] KeyForm of_range(const PgType& type, const Mapping& mapping) const {
    if (mapping.target.id != DuckTypeId::kStruct || mapping.children.size() != 1) {
      return of_text(type, type.deterministic, {type.range_subtype});
    }
    KeyForm bound = find(type.range_subtype, type.deterministic, mapping.children[0]);
    if (!bound.refusal.empty() || bound.form.kind == Kind::kSame) {
      return bound;
    }
    CanonicalForm form{.kind = Kind::kFields, .names = mapping.target.names};
    form.children = {bound.form, bound.form};
    form.children.resize(form.names.size());
    return {.form = std::move(form)};
  }

  [[nodiscard]] KeyForm of_multirange(const PgType& type, const Mapping& mapping) const {
    if (mapping.target.id != DuckTypeId::kList || mapping.children.size() != 1) {
      return of_text(type, true, {type.range_subtype});
    }
    KeyForm range = find(type.range_subtype, true, mapping.children[0]);
    return !range.refusal.empty() || range.form.kind == Kind::kSame ? range : list_of(std::move(range.form), 1);
  }

  const TypeCatalog& catalog_;
};

}  // namespace

KeyForm key_form(const TypeCatalog& catalog, Oid type, bool deterministic, const Mapping& mapping) {
  return FormFinder(catalog).find(type, deterministic, mapping);
}

}  // namespace pg2duck::types

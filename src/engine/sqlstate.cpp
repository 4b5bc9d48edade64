#include "engine/sqlstate.hpp"

#include <algorithm>
#include <array>

namespace pg2duck::engine {
namespace {

/// The first one that fits decides: the more of the text it names, the earlier it stands.
struct ClassRule {
  std::string_view name;      ///< the text begins with it and " Error"
  std::string_view fragment;  ///< and holds this
  std::string_view sqlstate;
};

constexpr std::array kClasses{
    ClassRule{"Out of Range", "", "22003"},  // numeric_value_out_of_range
    ClassRule{"Decimal", "", "22003"},
    ClassRule{"Conversion", "", "22018"},      // invalid_character_value_for_cast
    ClassRule{"Divide by Zero", "", "22012"},  // division_by_zero
    ClassRule{"Mismatch Type", "", "42804"},   // datatype_mismatch
    ClassRule{"Invalid type", "", "42804"},
    ClassRule{"Unknown Type", "", "42704"},   // undefined_object
    ClassRule{"Object Size", "", "54000"},    // program_limit_exceeded
    ClassRule{"Sequence", "", "2200H"},       // sequence_generator_limit_exceeded
    ClassRule{"Expression", "", "22000"},     // data_exception
    ClassRule{"Invalid Input", "", "22023"},  // invalid_parameter_value
    ClassRule{"Invalid Configuration", "", "22023"},
    ClassRule{"Settings", "", "22023"},
    ClassRule{"Constraint", "NOT NULL", "23502"},                      // not_null_violation
    ClassRule{"Constraint", "uplicate", "23505"},                      // unique_violation
    ClassRule{"Constraint", "foreign key", "23503"},                   // foreign_key_violation
    ClassRule{"Constraint", "CHECK", "23514"},                         // check_violation
    ClassRule{"Constraint", "", "23000"},                              // integrity_constraint_violation
    ClassRule{"Dependency", "", "2BP01"},                              // dependent_objects_still_exist
    ClassRule{"TransactionContext", "onflict", "40001"},               // serialization_failure
    ClassRule{"TransactionContext", "is aborted", "25P02"},            // in_failed_sql_transaction
    ClassRule{"TransactionContext", "within a transaction", "25001"},  // active_sql_transaction
    ClassRule{"TransactionContext", "no transaction", "25P01"},        // no_active_sql_transaction
    ClassRule{"TransactionContext", "", "25000"},                      // invalid_transaction_state
    ClassRule{"Parser", "", "42601"},                                  // syntax_error
    ClassRule{"Syntax", "", "42601"},
    ClassRule{"Binder", "Referenced table", "42P01"},   // undefined_table
    ClassRule{"Binder", "Referenced column", "42703"},  // undefined_column
    ClassRule{"Binder", "have a column named", "42703"},
    ClassRule{"Binder", "No function matches", "42883"},  // undefined_function
    ClassRule{"Binder", "", "42601"},
    ClassRule{"Catalog", "Schema with name \"", "42P06"},  // duplicate_schema
    ClassRule{"Catalog", "Schema with name", "3F000"},     // invalid_schema_name
    ClassRule{"Catalog", "already exists", "42P07"},       // duplicate_table
    ClassRule{"Catalog", "Table with name", "42P01"},      // undefined_table
    ClassRule{"Catalog", "Function with name", "42883"},   // undefined_function
    ClassRule{"Catalog", "Existing object", "42809"},      // wrong_object_type
    ClassRule{"Catalog", "", "42704"},                     // undefined_object
    ClassRule{"Parameter Not Resolved", "", "42P18"},      // indeterminate_datatype
    ClassRule{"Parameter Not Allowed", "", "42P02"},       // undefined_parameter
    ClassRule{"Permission", "", "42501"},                  // insufficient_privilege
    ClassRule{"Out of Memory", "", "53200"},               // out_of_memory
    ClassRule{"INTERRUPT", "", "57014"},                   // query_canceled
    ClassRule{"IO", "No space left on device", "53100"},   // disk_full
    ClassRule{"IO", "No such file", "58P01"},              // undefined_file
    ClassRule{"IO", "Permission denied", "42501"},         // insufficient_privilege
    ClassRule{"IO", "", "58030"},                          // io_error
    ClassRule{"HTTP", "", "08006"},                        // connection_failure
    ClassRule{"Connection", "", "08006"},
    ClassRule{"Network", "", "08006"},
    ClassRule{"Not implemented", "", "0A000"},  // feature_not_supported
    ClassRule{"Missing Extension", "", "0A000"},
    ClassRule{"Extension Autoloading", "", "0A000"},
    ClassRule{"Serialization", "", "XX001"},  // data_corrupted
    ClassRule{"FATAL", "", "XX000"},          // internal_error
    ClassRule{"INTERNAL", "", "XX000"},
    ClassRule{"NullPointer", "", "XX000"},
    ClassRule{"Planner", "", "XX000"},
    ClassRule{"Optimizer", "", "XX000"},
    ClassRule{"Scheduler", "", "XX000"},
    ClassRule{"Executor", "", "XX000"},
    ClassRule{"Index", "", "XX000"},
    ClassRule{"Stat", "", "XX000"},
};

bool fits(const ClassRule& rule, std::string_view text) {
  return text.starts_with(rule.name) && text.substr(rule.name.size()).starts_with(" Error") &&
         text.find(rule.fragment) != std::string_view::npos;
}

}  // namespace

std::string_view sqlstate_of(std::string_view text) {
  const auto* found = std::ranges::find_if(kClasses, [text](const ClassRule& rule) { return fits(rule, text); });
  return found == kClasses.end() ? std::string_view() : found->sqlstate;
}

}  // namespace pg2duck::engine

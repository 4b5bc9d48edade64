#include "source/catalog/survey.hpp"

namespace pg2duck::source {

Survey take_survey(Connection& connection) {
  Survey survey;
  set_reading_environment(connection, "BEGIN READ ONLY");
  survey.relations = list_relations(connection);
  const Result facts = connection.query(
      "SELECT current_user, pg_catalog.current_setting('block_size'), d.oid, pg_catalog.has_function_privilege("
      "pg_catalog.to_regprocedure('pg_catalog.pg_control_system()')::pg_catalog.oid, 'EXECUTE') "
      "FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()");
  survey.user = facts.text(0, 0);
  survey.block_bytes = static_cast<unsigned>(facts.integer(0, 1));
  survey.database_oid = static_cast<types::Oid>(facts.integer(0, 2));
  if (facts.boolean(0, 3)) {
    // In the message that commits: far away each message takes its time.
    const Result control = connection.query("COMMIT; SELECT system_identifier FROM pg_catalog.pg_control_system()");
    survey.system_identifier = control.text(0, 0);
  } else {
    connection.execute("COMMIT");
  }
  return survey;
}

}  // namespace pg2duck::source

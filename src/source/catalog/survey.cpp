#include "source/catalog/survey.hpp"

namespace pg2duck::source {

Survey take_survey(Connection& connection) {
  Survey survey;
  set_reading_environment(connection, "BEGIN READ ONLY");
  survey.relations = list_relations(connection);
  const Result facts = connection.query("SELECT current_user, pg_catalog.current_setting('block_size')");
  survey.user = facts.text(0, 0);
  survey.block_bytes = static_cast<unsigned>(facts.integer(0, 1));
  connection.execute("COMMIT");
  return survey;
}

}  // namespace pg2duck::source

"""dlt with its ConnectorX backend, run as a project: dlt_project/."""
import pathlib
import shutil

from .contender import Command, Peer, source_uri_with_password

PROJECT = pathlib.Path(__file__).with_name("dlt_project")


class Dlt(Peer):
    name = "dlt"
    title = "dlt with ConnectorX"
    distribution = "dlt"

    def version(self):
        found, = self.home.glob("lib/python*/site-packages/connectorx-*.dist-info")
        return super().version() + ", connectorx " + found.name.removesuffix(".dist-info").rpartition("-")[2]

    def command(self, tables, target, scratch):
        project = shutil.copytree(PROJECT, pathlib.Path(scratch, "project"))
        schema = tables[0][0]
        return Command(
            [self.home / "bin/python", project / "sql_database_pipeline.py", self.copied_name(schema, "")[0],
             *(table for _, table in tables)],
            {
                "SOURCES__SQL_DATABASE__CREDENTIALS": source_uri_with_password(),
                "SOURCES__SQL_DATABASE__SCHEMA": schema,
                "DESTINATION__DUCKDB__CREDENTIALS": f"duckdb:///{target}",
                "DLT_PROJECT_DIR": str(project),
                "DLT_DATA_DIR": str(pathlib.Path(scratch, "data")),
            },
        )

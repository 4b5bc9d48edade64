"""The dlt project of MotherDuck's guide, pointed at a database of a test."""

import pathlib
import shutil

from support.setting import ROOT

GUIDE = ROOT / "tests/golden/dlt_project"
PASSWORD = "correct-horse-battery"


def make_project(directory: pathlib.Path, database) -> pathlib.Path:
    """The guide's two files, byte for byte but for the real credentials filled in."""
    shutil.copytree(GUIDE, directory, dirs_exist_ok=True)
    secrets = directory / ".dlt/secrets.toml"
    text = secrets.read_text()
    for placeholder, value in {"your_database_name": database.name, "your_postgres_host": "127.0.0.1",
                               "your_postgres_password": PASSWORD, "5432": str(database.cluster.port),
                               "your_postgres_username": "postgres"}.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    secrets.write_text(text)
    secrets.chmod(0o600)
    return directory

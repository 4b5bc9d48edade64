"""What is made from the table of settings, in the programs that read it: shells, man, editors."""

import json
import os
import shutil
import subprocess

import pytest

from support.program import pg2duck


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program}")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    directory = tmp_path_factory.mktemp("completions")
    for shell in ("bash", "zsh", "fish"):
        (directory / shell).write_text(pg2duck("completions", shell).expect(0).out)
    return directory


def in_bash(scripts, *words, cwd):
    """What bash offers for the last of `words`."""
    quoted = " ".join(f"'{word}'" for word in words)
    script = f"""source {scripts / "bash"}
compopt() {{ :; }}
COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
_pg2duck; printf '%s\\n' "${{COMPREPLY[@]}}" """
    result = run("bash", "-c", script, cwd=cwd)
    assert not result.stderr
    return result.stdout.split()


@pytest.mark.parametrize("words, offered", [
    (["co"], ["copy", "completions"]),
    (["copy", "--read", "ge"], ["gentle"]),
    (["copy", "--read", "=", ""], ["auto", "copy", "pages", "gentle"]),
    (["copy", "--read", "="], ["auto", "copy", "pages", "gentle"]),
    (["sync", "--no-vi"], ["--no-views"]),
    (["init", "--out"], ["--output"]),
    (["copy", "--out"], []),
    (["copy", "--dataset", ""], []),
    (["copy", "--report", "sh"], ["shop.duckdb"]),
    (["copy", "service=shop", "sh"], ["shop.duckdb"]),
    (["completions", ""], ["bash", "zsh", "fish", "--help"]),
], ids=" ".join)
def test_bash_offers(scripts, tmp_path, words, offered):
    (tmp_path / "shop.duckdb").touch()
    assert in_bash(scripts, "pg2duck", *words, cwd=tmp_path) == offered


@needs("zsh")
def test_zsh_takes_its_script(scripts, tmp_path):
    assert run("zsh", "-n", str(scripts / "zsh")).stderr == ""
    loaded = run("zsh", "-f", "-c", f"autoload -Uz compinit; compinit -D; source {scripts / 'zsh'}; print $_comps[pg2duck]",
                 cwd=tmp_path)
    assert (loaded.stdout, loaded.stderr) == ("_pg2duck\n", "")


@needs("fish")
@pytest.mark.parametrize("line, offered", [
    ("pg2duck copy --read ", {"auto", "copy", "pages", "gentle"}),
    ("pg2duck comp", {"completions"}),
    ("pg2duck sync --no-v", {"--no-views"}),
    ("pg2duck completions ", {"bash", "zsh", "fish"}),
], ids=str)
def test_fish_offers(scripts, tmp_path, line, offered):
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    result = run("fish", "-c", f"source {scripts / 'fish'}; complete -C '{line}'", cwd=tmp_path, env=home)
    assert result.stderr == ""
    assert {entry.split("\t")[0] for entry in result.stdout.splitlines()} == offered


def test_an_unknown_shell_is_told_the_known_ones():
    pg2duck("completions", "tcsh").expect_error(2, "no completions for 'tcsh'").expect_hint("bash, zsh or fish")
    pg2duck("completions").expect_error(2, "the shell is missing").expect_hint("bash, zsh or fish")
    pg2duck("man", "copy").expect_error(2, "unexpected argument 'copy'")


@needs("mandoc")
def test_the_manual_page_is_sound(tmp_path):
    page = tmp_path / "pg2duck.1"
    page.write_text(pg2duck("man").expect(0).out)
    told = run("mandoc", "-Tlint", "-Wwarning", str(page)).stdout.splitlines()
    # Its version stands in the place of a date.
    assert [line for line in told if "missing date" not in line] == []


@needs("groff")
def test_the_manual_page_can_be_read(tmp_path):
    shown = run("groff", "-man", "-Tutf8", "-ww", "-P-cbou", input=pg2duck("man").expect(0).out)
    assert shown.stderr == ""
    assert "--read auto|copy|pages|gentle" in shown.stdout and "token_file" in shown.stdout


def test_the_schema_is_json_and_that_of_the_documents(request):
    schema = pg2duck("schema").expect(0).out
    assert json.loads(schema)["title"] == "pg2duck.toml"
    assert (request.config.rootpath.parent / "docs/pg2duck.schema.json").read_text() == schema

"""Runs pg2duck and keeps what it printed."""

import json
import os
import pathlib
import re
import signal
import subprocess

from support.servers.cluster import clean_environment
from support.setting import PATIENCE, PROGRAM, eventually

SANITIZER_REPORT = re.compile(r"(Address|Leak|Thread)Sanitizer|runtime error:|Assertion .* failed|terminate called")


class Result:
    """What one finished run left behind."""

    def __init__(self, arguments: list[str], code: int, out: str, err: str):
        self.arguments = arguments
        self.code = code
        self.out = out
        self.err = err

    def __repr__(self) -> str:
        return (f"\n$ pg2duck {' '.join(self.arguments)}\nexit code {self.code}\n--- stdout\n{self.out}"
                f"\n--- stderr\n{self.err}\n")

    @property
    def report(self) -> dict:
        """The document of --json."""
        return json.loads(self.out)

    def table(self, name: str) -> dict:
        """The report of one table by its source name, with or without its schema."""
        found = [t for t in self.report["tables"] if name in (t["table"], f"{t['schema']}.{t['table']}")]
        assert len(found) == 1, (name, self)
        return found[0]

    @property
    def error(self) -> str:
        """All "error: …" and "hint: …" lines of standard error, the indented lines that follow them included."""
        kept, keep = [], False
        for line in self.err.splitlines():
            keep = line.startswith(("error: ", "hint: ")) or (keep and line.startswith("  "))
            if keep:
                kept.append(line)
        return "\n".join(kept)

    def expect(self, code: int) -> "Result":
        assert self.code == code, self
        return self

    def expect_error(self, code: int, *texts: str) -> "Result":
        """Exit `code`, an error, a hint, and every text in them (case does not matter)."""
        assert self.code == code, self
        assert re.search(r"^error: .", self.err, re.MULTILINE), self
        for text in texts:
            assert text.casefold() in self.error.casefold(), (text, self)
        return self

    def expect_hint(self, *texts: str) -> "Result":
        hints = self.err[self.err.find("\nhint: "):] if "hint: " in self.err else ""
        assert hints, self
        for text in texts:
            assert text.casefold() in hints.casefold(), (text, self)
        return self


class Running:
    """A run that has not ended yet."""

    def __init__(self, arguments, env: dict | None = None, program: pathlib.Path = PROGRAM, cwd=None):
        self.arguments = [str(argument) for argument in arguments]
        self.process = subprocess.Popen([str(program), *self.arguments], env={**clean_environment(), **(env or {})},
                                        cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, how: signal.Signals) -> None:
        self.process.send_signal(how)

    def send_and_wait_until_taken(self, how: signal.Signals) -> None:
        """So that another signal of the kind is a second one."""
        self.send(how)
        eventually(lambda: not self._is_pending(how), f"{how.name} to be taken", meanwhile=self.expect_alive)

    def _is_pending(self, how: signal.Signals) -> bool:
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return bool(int(re.search(r"^ShdPnd:\s*(\w+)", status, re.MULTILINE)[1], 16) >> (how - 1) & 1)

    def command_line(self) -> bytes:
        try:
            return pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return b""

    def ended(self) -> bool:
        return self.process.poll() is not None

    def expect_alive(self) -> None:
        assert not self.ended(), ("it ended too early", self.finish())

    def finish(self, seconds: float = PATIENCE) -> Result:
        try:
            out, err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError((f"still running after {seconds} seconds",
                                  Result(self.arguments, -1, out.decode(errors="replace"),
                                         err.decode(errors="replace")))) from None
        result = Result(self.arguments, self.process.returncode, out.decode(errors="strict"),
                        err.decode(errors="strict"))
        assert not SANITIZER_REPORT.search(result.err), result
        return result


def pg2duck(*arguments, env: dict | None = None, seconds: float = PATIENCE, cwd=None) -> Result:
    return Running(arguments, env, cwd=cwd).finish(seconds)


def copy(source, target, *options, env: dict | None = None, seconds: float = PATIENCE) -> Result:
    """`pg2duck copy` with whatever exit code; `source` is a Database or a connection string."""
    uri = source if isinstance(source, str) else source.uri()
    return pg2duck("copy", uri, target, *options, env=env, seconds=seconds)


def copy_well(source, target, *options, env: dict | None = None, seconds: float = PATIENCE) -> Result:
    """`pg2duck copy --json` that must succeed."""
    result = copy(source, target, "--json", *options, env=env, seconds=seconds).expect(0)
    assert result.report["exit_code"] == 0 and result.report["status"] == "published", result
    return result


def is_root() -> bool:
    return os.geteuid() == 0


def configure(directory: pathlib.Path, database, rest: str) -> None:
    """pg2duck.toml for a copy of `database` into copy.duckdb beside it; `rest` is what follows source and target."""
    (directory / "pg2duck.toml").write_text(f'source = "{database.uri()}"\ntarget = "copy.duckdb"\n{rest}\n')


def sync(directory: pathlib.Path, *options, env: dict | None = None) -> dict:
    """The report of `pg2duck sync` by the pg2duck.toml in `directory`, which went well."""
    return pg2duck("sync", "--json", *options, cwd=directory, env=env).expect(0).report

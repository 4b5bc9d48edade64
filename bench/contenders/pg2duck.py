"""pg2duck, as it is called without options and with each way of reading."""
import subprocess

from .contender import ROOT, Command, Contender, source_uri


class Pg2duck(Contender):
    program = ROOT / "build/release/pg2duck"
    ours = True

    def __init__(self, read=None):
        self.read = read
        self.name = f"pg2duck-{read}" if read else "pg2duck"
        self.title = f"pg2duck --read {read}" if read else "pg2duck"

    def _says(self, *arguments):
        return subprocess.run([self.program, *arguments], capture_output=True, text=True, check=True).stdout

    def version(self):
        return self._says("--version").split("\n")[0]

    def missing(self):
        if not self.program.exists():
            return f"{self.program.relative_to(ROOT)} is not built"
        if self.read and "--read" not in self._says("copy", "--help"):
            return "this build has no --read"
        return None

    def command(self, tables, target, scratch):
        quoted = ['"{}"."{}"'.format(*(part.replace('"', '""') for part in table)) for table in tables]
        way = ["--read", self.read] if self.read else []
        return Command([self.program, "copy", source_uri(), target, "--quiet", "--tables", ",".join(quoted), *way])

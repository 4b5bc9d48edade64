"""What a soak has seen: a line of JSON for every run, and a table at the end."""

import collections
import json
import pathlib
import statistics

from soak.outcomes import FAULT, KNOWN, REFUSED, TRANSIENT, WELL

MB = 1 << 20


class Report:
    """`records` has a dictionary for each run, as it stands in the file."""

    def __init__(self, path: pathlib.Path):
        self.path, self.records = path, []
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def add(self, record: dict) -> None:
        self.records.append(record)
        with open(self.path, "a") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def count(self, what: str) -> int:
        """Of runs with differences, leftovers or complaints; or of those with an outcome."""
        return sum(bool(record.get(what)) or record["outcome"] == what for record in self.records)

    def failed(self) -> bool:
        return any(self.count(what) for what in (FAULT, "differences", "leftovers", "left_on_source", "complaints", "growth"))

    def summary(self) -> str:
        heads = ["target", "runs", WELL, TRANSIENT, REFUSED, KNOWN, FAULT, "differences", "leftovers", "tables compared", "seconds", "CPU s", "peak MB",
                 "size/copy"]
        lines = [heads]
        for place in sorted({record["target"] for record in self.records}):
            runs = [record for record in self.records if record["target"] == place]
            outcomes = collections.Counter(record["outcome"] for record in runs)
            well = [record for record in runs if record["outcome"] == WELL]
            times = [sorted(record[name] for record in well) or [0] for name in ("seconds", "cpu_seconds")]
            ratios = [record["size_ratio"] for record in runs if record.get("size_ratio")]
            lines.append([place, len(runs), *(outcomes[kind] for kind in (WELL, TRANSIENT, REFUSED, KNOWN, FAULT)),
                          sum(bool(record["differences"]) for record in runs),
                          sum(bool(record["leftovers"] or record["left_on_source"]) for record in runs), sum(record["compared"] for record in runs),
                          *(f"{statistics.median(values):.1f} ({values[-1]:.1f})" for values in times), max(record["peak_bytes"] for record in runs) // MB,
                          f"{ratios[-1]:.1f} ({max(ratios):.1f})" if ratios else "-"])
        texts = [[str(cell) for cell in line] for line in lines]
        widths = [max(len(line[column]) for line in texts) for column in range(len(heads))]
        table = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in texts)
        return "\n".join([table, "seconds and CPU: median (greatest) of runs that went well; size: of the target, by what one copy takes: last (greatest)",
                          *self.named()])

    def named(self) -> list[str]:
        """How often what happened, by its name."""
        found = collections.Counter((record["outcome"], record["name"]) for record in self.records if record["outcome"] != WELL)
        return [f"{count:5} × {kind}: {name}" for (kind, name), count in sorted(found.items())]

"""What was found out about one contender on one dataset."""
import dataclasses
import os
import statistics

from contenders.contender import Contender
from instruments.queries import QueryTimes


@dataclasses.dataclass
class Result:
    contender: Contender
    left_out: str = ""  # why it was not tried
    failure: str = ""  # what it said when it was
    costs: list = dataclasses.field(default_factory=list)  # measure.Cost of each run
    file_bytes: int = 0
    differences: list = dataclasses.field(default_factory=list)  # from checks.TableCheck
    queries: QueryTimes | None = None

    @property
    def measured(self):
        return not self.left_out and not self.failure

    def median(self, field):
        return statistics.median(getattr(cost, field) for cost in self.costs)

    @property
    def disturbance(self):
        """The share of the machine that others used during the runs, 0 to 1."""
        return sum(cost.other_cpu for cost in self.costs) / (os.cpu_count() * sum(cost.wall for cost in self.costs))

    @property
    def cpu(self):
        """Seconds of client and server together, median over the runs."""
        return statistics.median(cost.client_cpu + cost.server_cpu for cost in self.costs)


@dataclasses.dataclass
class Comparison:
    """One dataset at one size."""

    label: str
    dataset: str
    size: str
    tables: int
    rows: int
    bytes: int  # in Postgres, without indexes
    results: list
    reference_bytes: int = 0  # of the file that DuckDB wrote itself; 0 when there is none
    reference_queries: QueryTimes | None = None

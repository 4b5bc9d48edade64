#!/usr/bin/env python3
"""Random changes, faults and runs against every kind of target, each run followed by a comparison of the copy with the source.

    tests/soak/driver.py [--seed N] [--minutes M | --steps N] [--targets file,quack,ducklake,parquet] [--directory build/soak]

A step changes the source and runs `pg2duck sync` into one target, perhaps beside writers, readers and a fault. All that is random comes from the seed
and the number of the step; what threads and kills meet is up to their timing. Exit 1: a difference, a fault, or something left behind."""

import argparse
import contextlib
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from soak import changes, faults, tables  # noqa: E402
from soak.comparison import shortened  # noqa: E402
from soak.lanes import Lane, Looked  # noqa: E402
from soak.outcomes import FAULT, KNOWN, REFUSED, TRANSIENT, WELL, Outcome, classify, go_the_way_out, told_apart  # noqa: E402
from soak.places import PLACES, BehindQuack, InParquet, Reader  # noqa: E402
from soak.report import MB, Report  # noqa: E402
from soak.world import World, Writers, described  # noqa: E402
from support.servers.cluster import server_programs  # noqa: E402
from support.setting import PROGRAM  # noqa: E402

FLAT = 2.5  # what a target may take of the size of one copy
SMALL = 8 * MB  # and what it may take besides, of tables as small as these
WAYS_OUT = 8  # in a row


class Soak:
    def __init__(self, seed: int, targets: list[str], directory: pathlib.Path, say=print):
        self.seed, self.say = seed, say
        self.directory = directory / f"seed_{seed}"
        shutil.rmtree(self.directory, ignore_errors=True)
        self.report = Report(self.directory / "runs.jsonl")
        self.step = 0
        dice = random.Random(f"{seed}/tables")
        shapes = tables.replaced(dice) + tables.kept_up(dice)
        self.world = World(shapes, dice)
        self.lanes = [Lane(PLACES[name](name, self.directory / name, shapes), self.world) for name in targets]
        self.connection = self.world.connect()

    def close(self) -> None:
        for lane in self.lanes:
            lane.place.close()
        self.world.close()

    # --- a step ------------------------------------------------------------------------------------------------------

    def next_step(self) -> None:
        dice = random.Random(f"{self.seed}/{self.step}")
        self.folder = self.directory / f"step_{self.step:04}"
        self.folder.mkdir()
        self.number, self.is_kept = 0, False
        lane = self.lanes[self.step] if self.step < len(self.lanes) else dice.choice(self.lanes)
        self.change_quietly(dice)
        self.run_beside_others(dice, lane)
        if dice.random() < 0.15:
            outcome = self.run(lane, ["sync", "--json"], "again")
            if outcome.kind != WELL:
                self.recover(lane, outcome)
        self.check_size(lane)
        if not self.is_kept:
            shutil.rmtree(self.folder)
        self.step += 1

    def change_quietly(self, dice: random.Random) -> None:
        kinds = changes.ROWS * 2 + changes.VALUES + (changes.SHAPES if dice.random() < 0.5 else [])
        for _ in range(dice.randrange(12)):
            change = dice.choice(kinds)(dice, dice.choice(self.world.tables), self.world.clock)
            self.note(described(change, self.world.carry_out(change, self.reconnected())))

    def reconnected(self):
        if self.connection.closed:
            self.connection = self.world.connect()
        return self.connection

    def run_beside_others(self, dice: random.Random, lane: Lane) -> None:
        fault = faults.chosen(dice, lane.place) if dice.random() < 0.4 else faults.Fault()
        arguments = ["sync", "--json"] + (["--reconcile"] if dice.random() < 0.25 else []) + (["--full"] if dice.random() < 0.04 else [])
        writers, ddl = dice.choice([0, 0, 1, 2]), []
        if writers and dice.random() < 0.3:
            ddl = [dice.choice(changes.SHAPES)(dice, dice.choice(self.world.tables), self.world.clock)]
        if fault.needs_quiet:
            writers, ddl = 0, []
        reads = isinstance(lane.place, (BehindQuack, InParquet)) and dice.random() < 0.4 and lane.copies
        self.note(f"{lane.place.name}: {' '.join(arguments)}, {fault.name or 'no fault'}, {writers} writers, {[described(change) for change in ddl]}")
        looked, complaints = None, []
        with contextlib.ExitStack() as stack:
            reader = stack.enter_context(Reader(lane.place, sorted(lane.copies)[:4])) if reads else None
            stack.enter_context(Writers(self.world, f"{self.seed}/{self.step}", writers, ddl))
            stack.enter_context(fault.around(faults.Scene(self.world, lane.place, dice)))
            at, scene = dice.random() * 1.2 * lane.typical_seconds, faults.Scene(self.world, lane.place, dice)
            finished = lane.start(arguments, self.log()).finish(at, lambda run: fault.act(scene, run))
        for text in self.world.settle(self.reconnected()):
            self.note(f"after the run: {text}")
        looked = lane.look(finished, not writers)
        if reader and not isinstance(fault, faults.QuackRestarted):
            complaints = reader.complaints()
        outcome = self.judge(lane, looked, fault, bool(ddl), complaints, "beside writers" if writers else "")
        if outcome.kind != WELL:
            self.recover(lane, outcome)
        elif not fault.name:
            lane.typical_seconds = finished.seconds

    def run(self, lane: Lane, arguments: list[str], note: str) -> Outcome:
        """A run that nothing and nobody disturbs."""
        self.note(f"{note}: {' '.join(arguments)}")
        looked = lane.look(lane.start(arguments, self.log()).finish(), is_quiet=True)
        return self.judge(lane, looked, faults.Fault(), False, [], note)

    def recover(self, lane: Lane, outcome: Outcome) -> None:
        """After whatever happened the next run goes well, or goes well once what hints say has been done."""
        for _ in range(WAYS_OUT):
            arguments = [] if outcome.kind == TRANSIENT else go_the_way_out(lane, outcome.text)
            if arguments is None:
                break
            outcome = self.run(lane, arguments + ["--json"] if arguments else ["sync", "--json"], "way out")
            if outcome.kind == WELL and not arguments:
                return
            if outcome.kind == WELL:
                outcome = Outcome(TRANSIENT)
        self.keep(f"{lane.place.name}: no way out of: {outcome.text}")
        self.report.add({**self.report.records[-1], "outcome": FAULT, "name": "it needs a person", "error": outcome.text})
        lane.begin_anew()

    # --- what was found ----------------------------------------------------------------------------------------------

    def judge(self, lane: Lane, looked: Looked, fault: faults.Fault, has_ddl: bool, complaints: list[str], note: str) -> Outcome:
        outcome, finished = classify(looked, fault, lane, has_ddl), looked.finished
        known, leftovers = told_apart(lane, looked.leftovers if finished.code == 0 else [])
        self.report.add({
            "seed": self.seed, "step": self.step, "target": lane.place.name, "arguments": finished.arguments, "fault": fault.name, "note": note,
            "code": finished.code, "outcome": outcome.kind, "name": outcome.name, "error": outcome.text, "published": looked.published,
            "compared": looked.compared, "differences": looked.differences, "leftovers": leftovers,
            "left_on_source": looked.left_on_source if any(looked.left_on_source) else [], "complaints": complaints,
            "seconds": round(finished.seconds, 3), "cpu_seconds": round(finished.cpu_seconds, 3), "peak_bytes": finished.peak_bytes, "size": looked.size,
            "unseen": looked.is_unseen, "known_leftovers": known})
        self.note(f"  {outcome.kind} {outcome.name}, exit code {finished.code}, published {looked.published}")
        problems = looked.differences + complaints + [f"left over: {text}" for text in leftovers]
        problems += [f"left on the source: {looked.left_on_source}"] if any(looked.left_on_source) else []
        problems += [f"FAULT {outcome.name}: {outcome.text}"] if outcome.kind == FAULT else []
        if problems:
            self.keep(f"{lane.place.name} ({note or 'run'}, {fault.name or 'no fault'}):\n  " + "\n  ".join(problems), lane)
        if looked.differences or looked.is_unseen:
            lane.begin_anew()  # What follows would tell of the same again.
        return outcome

    def check_size(self, lane: Lane) -> None:
        """Asked when it might be too much: to write one copy takes its time."""
        size = lane.place.size()
        if not lane.copies or (self.step % 10 and size <= FLAT * lane.one_copy + SMALL):
            return
        lane.one_copy = lane.place.size_of_one_copy()
        self.report.records[-1]["size_ratio"] = ratio = size / max(1, lane.one_copy)
        if size > FLAT * lane.one_copy + SMALL:
            known = isinstance(lane.place, BehindQuack)  # Its file grows.
            self.report.add({**self.report.records[-1], "outcome": KNOWN if known else FAULT, "name": "the target grows", "size": size,
                             "growth": "" if known else f"{size} bytes, one copy has {lane.one_copy}"})
            if not known:
                self.keep(f"{lane.place.name}: it has {size} bytes, {ratio:.1f} times one copy", lane)

    def log(self) -> pathlib.Path:
        self.number += 1
        return self.folder / f"run_{self.number}"

    def note(self, text: str) -> None:
        with open(self.folder / "what_was_done.txt", "a") as file:
            file.write(text + "\n")

    def keep(self, text: str, lane: Lane | None = None) -> None:
        """Says what is wrong, and leaves all that tells of it in the step's folder."""
        self.note(text)
        self.say(f"seed {self.seed}, step {self.step}, {self.folder}: {text}\n  again: make soak SEED={self.seed} STEPS={self.step + 1} "
                 f"TARGETS={','.join(lane.place.name for lane in self.lanes)}", flush=True)
        if not self.is_kept:
            with open(self.folder / "source.sql", "wb") as dump:
                subprocess.run([str(server_programs() / "pg_dump"), self.world.database.uri()], stdout=dump, stderr=subprocess.DEVNULL, check=False)
        if lane:
            self.dump_models(lane)
            shutil.copytree(lane.place.directory, self.folder / f"{lane.place.name}_{self.number}", dirs_exist_ok=True)
        self.is_kept = True


    def dump_models(self, lane: Lane) -> None:
        """What the models expect of each table."""
        with open(self.folder / f"expected_{self.number}.txt", "w") as file:
            for place, copy in sorted(lane.copies.items()):
                columns, rows = copy.expected()
                file.write(f"{'.'.join(place)}, last value {copy.last}, {columns}\n")
                file.writelines(f"  {shortened(row)}\n" for row in sorted(rows, key=repr))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--steps", type=int, help="so many, however long they take")
    parser.add_argument("--targets", default=",".join(PLACES))
    parser.add_argument("--directory", type=pathlib.Path, default=ROOT / "build/soak")
    options = parser.parse_args()
    print(f"seed {options.seed}, {PROGRAM}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    soak, end = Soak(options.seed, options.targets.split(","), options.directory), time.monotonic() + options.minutes * 60
    try:
        while soak.step < options.steps if options.steps else time.monotonic() < end:
            soak.next_step()
    except BaseException:
        print(f"seed {soak.seed}, step {soak.step}, {soak.folder}", flush=True)
        raise
    finally:
        soak.close()
        if soak.report.records:
            print(f"{soak.step} steps; all runs: {soak.report.path}\n{soak.report.summary()}", flush=True)
    return soak.report.failed()


if __name__ == "__main__":
    sys.exit(main())

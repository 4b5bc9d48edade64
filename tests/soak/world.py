"""The source: a private Postgres, its tables, and whoever writes into them."""

import random
import threading

import psycopg2

from soak import changes, kinds
from soak.tables import Clock, Table
from support.servers.cluster import Cluster


class World:
    """`tables` in a database of a server of its own."""

    def __init__(self, tables: list[Table], dice: random.Random):
        self.tables, self.clock = tables, Clock()
        # What a client was told to be committed stays so when the server is stopped at once.
        self.cluster = Cluster(settings={"synchronous_commit": "on"}).start()
        self.database = self.cluster.create_database()
        self.refused = 0  # changes that Postgres would not have
        self.waiting: list[changes.Change] = []  # DDL that found no moment beside a run
        with self.connect() as connection:
            for sql in kinds.SETUP + [sql for table in tables for sql in table.create()]:
                self.execute(connection, sql)
            for table in tables:
                self.carry_out(changes.insert(dice, table, self.clock, rows=12), connection)

    def connect(self):
        return self.database.connect()

    @staticmethod
    def execute(connection, sql: str, parameters=None) -> list:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def carry_out(self, change: changes.Change, connection, lock_timeout: str = "10s") -> str | None:
        """One transaction. @return why Postgres refused it, or nothing"""
        try:
            if not change.is_alone:
                self.execute(connection, f"BEGIN; SET LOCAL lock_timeout = '{lock_timeout}'; SET LOCAL statement_timeout = '30s'")
            for sql, parameters in change.statements:
                self.execute(connection, sql, parameters)
            if not change.is_alone:
                self.execute(connection, "COMMIT")
        except psycopg2.Error as problem:
            self.refused += 1
            if not connection.closed and not change.is_alone:
                self.execute(connection, "ROLLBACK")
            return f"{problem.pgcode} {str(problem).splitlines()[0]}"
        if change.then:
            change.then()
        return None

    def settle(self, connection) -> list[str]:
        """Carries out what had to wait. @return what was done"""
        waiting, self.waiting = self.waiting, []
        return [described(change, self.carry_out(change, connection)) for change in waiting]

    def close(self) -> None:
        self.cluster.remove()


def described(change: changes.Change, refusal: str | None = None) -> str:
    return f"{change.table.name}: {change.name}" + (f" (refused: {refusal})" if refusal else "")


class Writers:
    """Threads that write while a run is under way, each by dice of its own; one of them may alter a table."""

    def __init__(self, world: World, seed: str, count: int, ddl: list[changes.Change]):
        self.world, self.done = world, threading.Event()
        self.problems: list[BaseException] = []
        self.threads = [threading.Thread(target=self.kept, args=(self.write, random.Random(f"{seed}/writer {number}")))
                        for number in range(count)]
        self.threads += [threading.Thread(target=self.kept, args=(self.alter, ddl))] if ddl else []

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        for thread in self.threads:
            thread.join()
        if self.problems:
            raise self.problems[0]

    def kept(self, work, argument) -> None:
        try:
            work(argument)
        except psycopg2.OperationalError:
            pass  # The server was restarted.
        except BaseException as problem:  # noqa: BLE001: told by the thread that waits for this one
            self.problems.append(problem)

    def write(self, dice: random.Random) -> None:
        connection = self.world.connect()
        while not self.done.wait(dice.random() * 0.03):
            table = dice.choice(self.world.tables)
            change = dice.choice(changes.ROWS)(dice, table, self.world.clock)
            self.world.carry_out(change, connection, "2s")
            if connection.closed:
                break
        connection.close()

    def alter(self, ddl: list[changes.Change]) -> None:
        """A change that does not get its lock soon lets others pass and tries again; when the run is over it goes through."""
        connection = self.world.connect()
        for change in ddl:
            refusal = "55P03"
            while refusal and refusal.startswith("55P03") and not self.done.wait(0.05):
                refusal = self.world.carry_out(change, connection, "200ms")
            if refusal and refusal.startswith("55P03"):
                self.world.waiting.append(change)
        connection.close()

"""What happens to the fleet and its store, one thing after the other, as a seed says; and what each of it excuses."""

import dataclasses
import random
from collections.abc import Callable

from harness.proxy import Where

from .fleet import LEASE, Fleet, Member
from .store import Store, now

FOR_EVER = float("-inf")


@dataclasses.dataclass
class Fault:
    name: str
    target: str
    begun: float
    ended: float = float("inf")
    # Whose runs may be taken for those of a dead one; empty: nobody's.
    pids: frozenset = frozenset()
    # The store lost what was written between then and the end.
    lost_from: float | None = None
    store: bool = False

    def text(self, begun: float) -> str:
        loss = ""
        if self.lost_from is not None:
            loss = ", all is lost" if self.lost_from == FOR_EVER else f", {self.ended - self.lost_from:.2f} s are lost"
        return f"{self.begun - begun:8.2f} to {self.ended - begun:8.2f}  {self.name}: {self.target}{loss}"


class Schedule:
    """`pace(seconds)` lets time pass; `account()` is called before everything is lost."""

    def __init__(self, seed: int, fleet: Fleet, store: Store, pace: Callable[[float], None],
                 account: Callable[[], None]):
        self._chance = random.Random(seed)
        self._fleet = fleet
        self._store = store
        self._pace = pace
        self._account = account
        self.faults: list[Fault] = []
        self._waiting: list[Callable[[], None]] = []

    def next(self) -> None:
        # Each comes once before any comes again.
        if not self._waiting:
            self._waiting = [kind.__get__(self) for kind in KINDS]
            self._chance.shuffle(self._waiting)
        self._waiting.pop()()
        self.faults[-1].ended = now()
        self._pace(self._chance.uniform(0.3, 2))

    def _begin(self, name: str, target: str, **more) -> Fault:
        fault = Fault(name, target, now(), **more)
        self.faults.append(fault)
        return fault

    def _one_of_ours(self) -> Member:
        return self._chance.choice([*self._fleet.workers, *self._fleet.workers, *self._fleet.beats, self._fleet.clients[0]])

    def _longer_than_a_lease(self) -> float:
        return self._chance.uniform(1.5, 3) * LEASE

    def replace_python(self) -> None:
        """Not of the schedule: Celery's worker keeps its two places for tasks whose results the store refused, and
        when both are gone it takes nothing more, for ever."""
        python = self._fleet.python
        fault = self._begin("takes nothing more, and is started again", python.name,
                            pids=frozenset({python.process.pid}))
        python.kill()
        python.start()
        fault.ended = now()

    def kill(self) -> None:
        member = self._one_of_ours()
        self._begin("killed", member.name, pids=frozenset({member.process.pid}))
        member.kill()

    def kill_all_workers(self) -> None:
        self._begin("killed", "all workers of ours", pids=frozenset(m.process.pid for m in self._fleet.workers))
        for member in self._fleet.workers:
            member.kill()

    def kill_python(self) -> None:
        python = self._fleet.python
        self._begin("killed", python.name, pids=frozenset({python.process.pid}))
        python.kill()

    def stop_for_a_moment(self) -> None:
        member = self._one_of_ours()
        self._begin("stopped for a moment", member.name)
        member.process.pause()
        self._pace(LEASE / 8)
        member.process.resume()

    def stop_for_long(self) -> None:
        member = self._one_of_ours()
        self._begin("stopped longer than a lease", member.name, pids=frozenset({member.process.pid}))
        member.process.pause()
        self._pace(self._longer_than_a_lease())
        member.process.resume()

    def cut_off(self) -> None:
        member = self._one_of_ours()
        requests, replies = self._chance.choice([(True, True), (True, False), (False, True)])
        what = "cut off" if requests and replies else "requests kept back" if requests else "replies kept back"
        self._begin(f"{what} longer than a lease", member.name, pids=frozenset({member.process.pid}))
        member.proxy.freeze(requests, replies)
        self._pace(self._longer_than_a_lease())
        member.proxy.thaw()

    def cut_connections(self) -> None:
        member = self._one_of_ours()
        self._begin("connections cut, some amid a command or a reply", member.name)
        for _ in range(self._chance.randrange(1, 6)):
            member.proxy.cut(self._chance.randrange(20), self._chance.choice(list(Where)),
                             half=self._chance.random() < 0.5)
            self._pace(0.2)

    def refuse_connections(self) -> None:
        member = self._one_of_ours()
        self._begin("connections refused for a moment", member.name)
        member.proxy.refuse(True)
        member.proxy.cut_all()
        self._pace(LEASE / 8)
        member.proxy.refuse(False)

    def delay(self) -> None:
        member = self._one_of_ours()
        self._begin("slow network", member.name)
        member.proxy.delay = self._chance.uniform(0.02, 0.2)
        self._pace(self._longer_than_a_lease())
        member.proxy.delay = 0

    def restart_redis(self) -> None:
        self._begin("restarted", "Redis", store=True)
        self._store.server.restart()

    def kill_redis(self) -> None:
        self._begin("killed and away longer than a lease", "Redis", store=True)
        self._store.server.kill()
        self._pace(self._longer_than_a_lease())
        self._store.server.start()

    def stop_redis(self) -> None:
        self._begin("stopped longer than a lease", "Redis", store=True)
        self._store.server.pause()
        self._pace(self._longer_than_a_lease())
        self._store.server.resume()

    def change_password(self) -> None:
        self._begin("password changed", "Redis", store=True)
        self._store.client.config_set("requirepass", "another")
        self._store.kick()
        self._pace(self._chance.uniform(0.5, 3) * LEASE)
        self._store.client.config_set("requirepass", "")

    def take_rights(self) -> None:
        rule = self._chance.choice(RIGHTS)
        self._begin(f"rights taken away, {rule}", "Redis", store=True)
        self._store.client.execute_command("ACL", "SETUSER", "default", *rule.split())
        self._pace(self._chance.uniform(0.5, 3) * LEASE)
        self._store.client.execute_command("ACL", "SETUSER", "default", "+@all", "~*", "&*")

    def fill_memory(self) -> None:
        self._begin("out of memory", "Redis", store=True)
        self._store.client.config_set("maxmemory", "1mb")
        self._pace(self._chance.uniform(0.5, 3) * LEASE)
        self._store.client.config_set("maxmemory", 0)

    def fill_disk(self) -> None:
        self._begin("disk full", "Redis", store=True)
        self._store.fill_disk()
        self._pace(self._chance.uniform(0.5, 3) * LEASE)
        self._store.free_disk()

    def step_clock(self) -> None:
        """Which is wrong from then on."""
        member = self._chance.choice([*self._fleet.workers, *self._fleet.beats])
        ahead = self._chance.choice([-1, 1]) * self._chance.uniform(1, 90_000)
        self._begin(f"clock set {ahead:+.0f} s from the true time", member.name)
        member.clock.step(ahead)

    def step_clock_of_redis(self) -> None:
        """And back: what was put off for a moment before waits for that long then."""
        ahead = self._chance.choice([-self._chance.uniform(3, 600), self._chance.uniform(3, 10)])
        self._begin(f"clock set {ahead:+.0f} s from the true time, and to it again", "Redis", store=True)
        self._store.clock.step(ahead)
        self._pace(self._longer_than_a_lease())
        self._store.clock.step(0)

    def read_only(self) -> None:
        self._begin("made a replica of nobody", "Redis", store=True)
        self._store.client.replicaof("127.0.0.1", 1)
        self._pace(self._chance.uniform(0.5, 3) * LEASE)
        self._store.client.replicaof("NO", "ONE")

    def flush(self) -> None:
        self._account()
        self._begin("FLUSHALL", "Redis", store=True, lost_from=FOR_EVER)
        self._store.client.flushall()

    def restart_without_persistence(self) -> None:
        self._account()
        self._begin("restarted without its data", "Redis", store=True, lost_from=FOR_EVER)
        self._store.restart_empty()

    def lose_the_tail(self) -> None:
        fault = self._begin("killed, its last writes lost", "Redis", store=True, lost_from=now())
        file, size = self._store.end_of_file()
        self._pace(self._chance.uniform(0.2, 2))
        if self._store.end_of_file()[0] == file:
            self._store.restart_from(file, size + self._chance.randrange(40))
        else:
            fault.lost_from = None

    def fail_over(self) -> None:
        replica, caught_up = self._store.replica()
        self._begin("failed over to a replica that was behind", "Redis", store=True, lost_from=caught_up)
        replica.client.replicaof("NO", "ONE")
        self._pace(self._chance.uniform(0.2, 2))
        self._store.fail_over(replica)
        self._fleet.connect_to(replica.port)


# An error inside a script leaves what it has written before.
RIGHTS = ("-eval -evalsha", "-lpush", "-hset", "-hdel", "-zadd", "-zrem", "-set", "-expire", "-publish", "-del", "-@write",
          "resetkeys ~celery-task-meta-*", "resetchannels")
KINDS = (Schedule.kill, Schedule.kill, Schedule.kill_all_workers, Schedule.kill_python, Schedule.stop_for_a_moment,
         Schedule.stop_for_long, Schedule.cut_off, Schedule.cut_connections, Schedule.refuse_connections, Schedule.delay,
         Schedule.restart_redis, Schedule.kill_redis, Schedule.stop_redis, Schedule.change_password,
         Schedule.take_rights, Schedule.fill_memory, Schedule.fill_disk,
         Schedule.step_clock, Schedule.step_clock, Schedule.step_clock_of_redis, Schedule.read_only, Schedule.flush,
         Schedule.restart_without_persistence, Schedule.lose_the_tail, Schedule.fail_over)

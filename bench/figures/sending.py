"""What sending costs."""

import json
import subprocess

from harness.worker import BIN

from .peers import Peer


def one_by_one(peer: Peer, tasks: int) -> float:
    return peer.ask("send", tasks)[0]


def many_at_once(peer: Peer, tasks: int) -> float:
    return peer.ask("bulk", tasks)[0]


def round_trips() -> float:
    """One awaited delay, in round trips of the same bytes on a bare blocking socket (bench/delay_bench.cpp)."""
    done = subprocess.run([BIN / "delay_bench", "--benchmark_filter=^(bare_round_trip|delay)/",
                           "--benchmark_format=json", "--benchmark_repetitions=3",
                           "--benchmark_report_aggregates_only=true"], capture_output=True, text=True, check=True)
    medians = {run["run_name"].partition("/")[0]: run["real_time"]
               for run in json.loads(done.stdout)["benchmarks"] if run["aggregate_name"] == "median"}
    return medians["delay"] / medians["bare_round_trip"]

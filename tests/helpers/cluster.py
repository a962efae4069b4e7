"""A Ray cluster of some workers on this machine: ``python -m tests.helpers.cluster SOURCE OUT [--workers N] [--kill]``.

Each worker is a node of one core, apart from the head, which reads nothing. With ``--kill`` the first one is killed
once some readings are written. Prints the seconds that reading took, without the cluster's start.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from tests.helpers.running import ROOT

#: Bytes that each node keeps for what goes from process to process.
STORE = 150_000_000


def main() -> None:
    """Start the cluster, read, and end it."""
    parser = argparse.ArgumentParser("python -m tests.helpers.cluster")
    parser.add_argument("source")
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", OMP_NUM_THREADS="1", RAY_DATA_DISABLE_PROGRESS_BARS="1")
    sys.path.insert(0, str(ROOT / "examples"))
    import ray
    from ray.cluster_utils import Cluster

    example = import_module("read_with_ray")

    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": STORE, "include_dashboard": False},
    )
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=STORE) for _ in range(options.workers)]
    paths = os.pathsep.join((str(ROOT), str(ROOT / "examples")))
    ray.init(
        address=cluster.address,
        runtime_env={"env_vars": {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}},
        log_to_driver=False,
    )

    def kill() -> None:
        while not list(options.out.glob("**/*.parquet")):
            time.sleep(0.1)
        cluster.remove_node(nodes[0], allow_graceful=False)
        print("killed one", flush=True)

    start = time.monotonic()
    if options.kill:
        threading.Thread(target=kill, daemon=True).start()
    example.read(options.source, str(options.out), "cnn", None)
    print(f"read in {time.monotonic() - start:.1f} s by {options.workers} workers", flush=True)
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()

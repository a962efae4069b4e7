"""Read pictures on several machines, by Ray Data: ``python examples/read_with_ray.py SOURCE OUT [--model NAME]``.

SOURCE is a folder, a bucket (``s3://…``, ``gs://…``) or Parquet files with a column ``bytes``, and ``path`` if there is
one. OUT becomes a folder of Parquet files with a row for each picture: file, status, number, json (the line that
``python -m model.predict --json`` prints), error. Pictures whose machine dies are read by another one.

    pip install "ray[data]"
    ray start --head                              # on the first machine
    ray start --address FIRST:6379                # on each other one, in a checkout of the same version
    RAY_ADDRESS=auto python examples/read_with_ray.py s3://bucket/scans s3://bucket/readings
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from model.many.lines import read_item
from model.many.names import is_picture
from model.many.sources import Item
from model.reading.recognizer import Recognizer
from model.reading.store import DEFAULT_MODEL

ROOT = Path(__file__).resolve().parent.parent
#: Pictures that a process reads before it answers.
BATCH = 64
#: The share of a core that a process which reads is counted for, and one that only fetches or writes: a machine of one
#: core must hold both. (Ray's own reader of Parquet takes a whole core more, so that source needs two.)
READS, FETCHES = 0.8, 0.1


class Reader:
    """What each process of the cluster holds: a network, loaded once."""

    def __init__(self, model: str) -> None:
        self._recognizer = Recognizer.load(model)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """The rows of a batch of pictures, given as columns ``path`` and ``bytes``."""
        rows = []
        for path, content in zip(batch["path"], batch["bytes"], strict=True):
            line = read_item(self._recognizer, Item(str(path), bytes(content)))
            row = line.to_dict()
            number = "".join(digit["label"] for digit in row["digits"])
            rows.append((line.file, row["status"] or "error", number, json.dumps(row), row["error"] or ""))
        columns = list(zip(*rows, strict=True)) or [()] * 5
        names = ("file", "status", "number", "json", "error")
        return {name: list(column) for name, column in zip(names, columns, strict=True)}


def pictures(source: str) -> Any:
    """A Ray data set with the columns ``path`` and ``bytes``."""
    import ray

    if source.rstrip("/").endswith(".parquet"):
        data = ray.data.read_parquet(source, ray_remote_args={"num_cpus": FETCHES})
        names = data.schema().names
        if "bytes" not in names:
            raise SystemExit(f"error: {source} has no column bytes: it has {', '.join(names)}")
        if "path" in names:
            return data
        return data.map(lambda row: {**row, "path": ""})
    return ray.data.read_binary_files(source, include_paths=True, ray_remote_args={"num_cpus": FETCHES}).filter(
        lambda row: is_picture(row["path"]), num_cpus=FETCHES
    )


def read(source: str, out: str, model: str, workers: int | None) -> None:
    """Read all pictures of a source into Parquet files."""
    import ray

    size = workers or (1, max(1, int(ray.cluster_resources().get("CPU", 1))))
    readings = pictures(source).map_batches(
        Reader, fn_constructor_args=(model,), batch_size=BATCH, concurrency=size, num_cpus=READS
    )
    readings.write_parquet(out, ray_remote_args={"num_cpus": FETCHES})


def main(arguments: Sequence[str] | None = None) -> int:
    """Read as the command line says."""
    parser = argparse.ArgumentParser("python examples/read_with_ray.py", description="Read pictures by Ray Data.")
    parser.add_argument("source", metavar="SOURCE", help="a folder, a bucket, or Parquet files with a column bytes")
    parser.add_argument("out", metavar="OUT", help="a folder or a bucket for Parquet files")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: as many as there are cores)")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import ray

    ray.init(address=os.environ.get("RAY_ADDRESS"), runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}})
    read(options.source, options.out, options.model, options.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())

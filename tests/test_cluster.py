"""A cluster that is asked for where its library is not installed; what needs the library is tested in tests/slow."""

from __future__ import annotations

import sys

from click.testing import CliRunner

from pipeline.cli import main
from pipeline.commands import cluster_setup
from tests.inboxes import faulty_month


def test_without_the_library_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    inbox, outbox = faulty_month(tmp_path), tmp_path / "out"
    asked = ["consolidate", "--inbox", str(inbox), "--outbox", str(outbox), "--county", str(tmp_path / "county.toml")]
    done = CliRunner().invoke(main, [*asked, "--period", "2023-05", "--scheduler", "tcp://127.0.0.1:8786"])
    assert done.exit_code == 2
    assert done.output == f"没有安装集群组件 dask distributed，请运行 {cluster_setup()}。\n"
    assert not outbox.exists()

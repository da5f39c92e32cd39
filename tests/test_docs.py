"""The README is current: its generated parts, its commands, the files it sends people to."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.readme import MEANINGS, README, keys, renewed

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent


def test_generated_parts_are_current():
    assert renewed(TEXT) == TEXT, "run `make readme`"


def test_every_key_of_the_configuration_is_explained():
    assert set(keys()) == set(MEANINGS)


def test_files_named_in_the_change_table_exist():
    section = TEXT.partition("| to change | edit |")[2].partition("\n\n")[0]
    folder = Path()
    for name in re.findall(r"`([\w/.]+\.(?:py|toml))`", section):
        folder = Path(name).parent if "/" in name else folder
        assert (ROOT / folder / Path(name).name).exists(), name


def test_make_targets_named_in_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"make ([a-z-]+)", TEXT)) <= targets | {"and"}


def test_ci_runs_the_readmes_test_command():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1] == "make test"
    assert "    make test\n" in TEXT


def test_promises_name_tests_that_exist():
    section = TEXT.partition("## What is promised")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:tests|pipeline)/[\w/.]+)`", section)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_library_is_pinned_with_its_hashes_and_none_is_there_for_nothing():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = re.split(r"\n(?=\w)", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    assert all(re.match(r"[\w.-]+==\S+", pin) and "--hash=sha256:" in pin for pin in pins)
    pinned = {re.split("==", pin)[0].lower() for pin in pins}
    asked = {re.split("[>=]", text)[0].lower() for text in project["dependencies"]}
    assert asked <= pinned
    sources = "".join(p.read_text(encoding="utf-8") for f in ("pipeline", "schemas") for p in (ROOT / f).rglob("*.py"))
    modules = {"msoffcrypto-tool": "msoffcrypto", "python-calamine": "python_calamine", "python-docx": "docx"}
    unused = [name for name in asked if not re.search(rf"(?:from|import) {modules.get(name, name)}\b", sources)]
    assert unused == []

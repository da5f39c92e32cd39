"""The READMEs are current: their generated parts, their commands, the files they send people to."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.readme import GENERATED, HOUSE, MEANINGS, PAPERS, README, ROOT, TESTS, keys, renewed

TEXTS = {paper: paper.read_text(encoding="utf-8") for paper in PAPERS}
GUIDE = ROOT / "pipeline" / "使用说明.md"


def test_generated_parts_are_current():
    assert {paper: renewed(text) for paper, text in TEXTS.items()} == TEXTS, "run `make readme`"
    assert all(sum(f"<!-- generated: {name} -->" in text for text in TEXTS.values()) == 1 for name in GENERATED)


def test_what_staff_read_first_is_short_and_chinese():
    assert len(TEXTS[README].encode()) < 8 * 1024
    words = re.sub(r"[^一-鿿]", "", TEXTS[README])
    assert len(words) > 500


def test_every_link_leads_somewhere():
    for paper in (*PAPERS, GUIDE):
        for name in re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / name).exists(), (paper.name, name)


def test_every_key_of_the_configuration_is_explained():
    assert set(keys()) == set(MEANINGS)


def test_files_named_in_the_change_table_exist():
    section = TEXTS[HOUSE].partition("| to change | edit |")[2].partition("\n\n")[0]
    folder = Path()
    for name in re.findall(r"`([\w/.]+\.(?:py|toml))`", section):
        folder = Path(name).parent if "/" in name else folder
        assert (ROOT / folder / Path(name).name).exists(), name


def test_make_targets_named_in_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {name for text in TEXTS.values() for name in re.findall(r"`make ([a-z-]+)", text)}
    assert {"check-all", "bench", "fuzz"} <= named
    assert named <= targets


def test_ci_runs_the_readmes_test_command():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1] == "make test"
    assert "    make test\n" in TEXTS[README]


def test_promises_name_tests_that_exist():
    section = TEXTS[TESTS].partition("## What is promised")[2].partition("\n## ")[0]
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


def test_the_demo_needs_nothing_but_what_the_program_itself_installs():
    code = "import sys, tests.demo; print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    installed = {re.sub(r"[-_.]+", "-", n).lower() for n in re.findall(r"^([\w.-]+)==", lock, re.M)}
    of_modules = packages_distributions()
    needed = {re.sub(r"[-_.]+", "-", d).lower() for m in loaded for d in of_modules.get(m, ())}
    assert needed - installed - {"pip", "setuptools"} == set()

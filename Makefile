# make            lists the targets
# make consolidate PERIOD=2023-05
# Without make (Windows): see README.md.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install --require-hashes
# A folder wheels/ beside this file serves machines without a network; what developers need is not in it.
WHEELS := $(if $(wildcard wheels),--no-index --find-links wheels)

.DEFAULT_GOAL := help
.PHONY: help bench cluster consolidate demo pictures forms test check-all fuzz readme goldens lock wheels clean

help:  ## 列出全部命令
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/make \1	\2/p' Makefile

consolidate: $(VENV)/run.stamp  ## 汇总收件夹：make consolidate 或 make consolidate PERIOD=2023-05
	@$(BIN)/python -m pipeline consolidate $(if $(PERIOD),--period $(PERIOD))

forms: $(VENV)/run.stamp  ## 写出发给各单位的空白表：make forms 或 make forms PERIOD=2023-05
	@$(BIN)/python -m pipeline forms $(if $(PERIOD),--period $(PERIOD))

test: $(VENV)/dev.stamp  ## format, lint, types, import rule, docs and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

check-all: test cluster  ## what takes longer, too: 100 kills, full disks, other Pythons, a cluster, LibreOffice
	$(BIN)/python -m pytest -o addopts="-q" tests/slow

fuzz: $(VENV)/dev.stamp  ## 200,000 damaged files through the whole ingest (INPUTS=, SEED=)
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),200000) --seed $(or $(SEED),1)

demo: $(VENV)/run.stamp  ## 演示：编造三个月的报表，在临时文件夹中汇总（不动 inbox 和 outbox）
	@$(BIN)/python -m tests.demo

bench: $(VENV)/dev.stamp  ## what a run costs, from a county's month to a province's year (about 3 minutes; MOST=3458 for less)
	$(BIN)/python -m tests.benchmarks $(if $(MOST),--most $(MOST))

cluster: $(VENV)/run.stamp  ## 安装在多台机器上读取所需的组件（dask distributed）
	$(PIP) -r pipeline/cluster.lock

pictures: $(VENV)/dev.stamp  ## renew the pictures of README.md from the demo (needs LibreOffice and poppler)
	$(BIN)/python -m tests.pictures

readme: $(VENV)/dev.stamp  ## renew the generated parts of README.md
	$(BIN)/python -m tests.readme

goldens: $(VENV)/dev.stamp  ## renew the golden texts; read the diff before you commit it
	$(BIN)/python -m pytest tests/test_golden.py --renew-goldens

lock:  ## pin the dependencies again (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock pyproject.toml
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -c requirements.lock -o tests/requirements.lock pyproject.toml --group dev
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -c requirements.lock -o pipeline/cluster.lock pyproject.toml --extra cluster

wheels: $(VENV)/run.stamp  ## fetch what consolidate needs into wheels/, for a machine without a network
	$(BIN)/python -m pip -q download --require-hashes -d wheels -r requirements.lock

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/run.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新的版本，请先安装。")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) $(WHEELS) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: tests/requirements.lock $(VENV)/run.stamp
	$(PIP) -r tests/requirements.lock
	@touch $@

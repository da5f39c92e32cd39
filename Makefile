# make            lists the targets
# make consolidate PERIOD=2023-05
# Behind it pipeline/start.py makes .venv, as behind the .cmd files on Windows.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
  BIN := .venv/Scripts
else
  BIN := .venv/bin
endif
START := @$(PYTHON) pipeline/start.py
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.DEFAULT_GOAL := help
.PHONY: help bench check cluster consolidate demo pictures forms phone-entry ready test tools check-all fuzz mutants readme goldens lock wheels wheels-windows clean

help:  ## 列出全部命令
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/make \1	\2/p' Makefile

consolidate:  ## 汇总收件夹：make consolidate 或 make consolidate PERIOD=2023-05
	$(START) consolidate $(if $(PERIOD),--period $(PERIOD))

forms:  ## 写出发给各单位的空白表：make forms 或 make forms PERIOD=2023-05
	$(START) forms $(if $(PERIOD),--period $(PERIOD))

check:  ## 检查一个文件：make check FILE=inbox/城关镇附件1.xlsx
	$(START) check "$(FILE)"

phone-entry:  ## 电话更正：make phone-entry UNIT=城关镇 PERIOD=2023-05
	$(START) phone-entry "$(UNIT)" $(PERIOD)

test: tools  ## format, lint, types, import rule, docs and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 3 --dist loadscope
	@$(BIN)/python -m pytest -o addopts="-qq" --collect-only tests/slow > $(if $(filter Windows_NT,$(OS)),NUL,/dev/null)

check-all: test cluster  ## what takes longer, too: 100 kills, full disks, other Pythons, a cluster, LibreOffice
	$(BIN)/python -m pytest -o addopts="-q" -n 2 --dist loadscope -m slow --hypothesis-profile=anew tests --ignore=tests/slow
	$(BIN)/python -m pytest -o addopts="-q" --hypothesis-profile=anew tests/slow

fuzz: tools  ## 200,000 damaged files through the whole ingest (INPUTS=, SEED=)
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),200000) --seed $(or $(SEED),1)

mutants: tools  ## small faults put in one at a time: which of them no test finds (EACH=5 a module, SEED=, MODULE=)
	@$(BIN)/python -m tests.mutants --each $(or $(EACH),5) --seed $(or $(SEED),1) --module "$(MODULE)"

demo: ready  ## 演示：编造三个月的报表，在临时文件夹中汇总（不动 inbox 和 outbox）
	@$(BIN)/python -m tests.demo

bench: tools  ## what a run costs, from a county's month to a province's year (about 3 minutes; MOST=3458 for less)
	$(BIN)/python -m tests.benchmarks $(if $(MOST),--most $(MOST))

cluster:  ## 安装在多台机器上读取所需的组件（dask distributed）
	$(START) --install pipeline/cluster.lock

pictures: tools  ## renew the pictures of README.md from the demo (needs LibreOffice and poppler)
	$(BIN)/python -m tests.pictures

readme: tools  ## renew the generated parts of the READMEs
	$(BIN)/python -m tests.readme

goldens: tools  ## renew the golden texts; read the diff before you commit it
	$(BIN)/python -m pytest tests/test_golden.py --renew-goldens

lock:  ## pin the dependencies again (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock pyproject.toml
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -c requirements.lock -o tests/requirements.lock pyproject.toml --group dev
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -c requirements.lock -o pipeline/cluster.lock pyproject.toml --extra cluster

wheels: ready  ## fetch what consolidate needs into wheels/, for a machine without a network
	$(PIP) download --require-hashes -d wheels -r requirements.lock

wheels-windows:  ## fetch what Windows needs into wheels/, for Python 3.11 to 3.13 (or PYTHONS="3.12")
	$(START) --wheels $(or $(PYTHONS),3.11 3.12 3.13)

clean:  ## remove the virtual environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

ready:
	$(START) --install

tools:
	$(START) --install tests/requirements.lock

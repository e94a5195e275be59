# `make` or `make help` lists the targets. Everything is set up on first use; second runs install nothing.
SHELL := /bin/sh
PORT ?= 8000
COURSE ?= courses/agent-onboarding
VENV ?= .venv
PYTHON ?= $(shell scripts/find-python 3.11 3.12)
RUN := $(VENV)/bin
ROUNDS ?= 20
STAMP := $(VENV)/.installed
PEERS := .venv-peers
OLDEST := .venv-oldest
# Proofs by the thousand, and servers started by the hundred, which no version of Python changes: once is enough.
BY_THE_THOUSAND := $(patsubst %,--ignore=tests/%.py,tools/test_round_trip tools/test_mutated tools/test_hostile tools/test_start tools/test_users blocks/test_crawl blocks/test_nothing_told)

.DEFAULT_GOAL := help
.PHONY: help run course check test test-here test-other other-python test-peers test-mysql test-postgres test-oldest durability mutations explore bench translations clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP) ## build the course and serve it at http://127.0.0.1:PORT/
	@$(RUN)/ladder build $(COURSE)
	@$(RUN)/ladder serve $(COURSE) --port $(PORT)

course: $(STAMP) ## build the course file for Open edX into build/
	@$(RUN)/ladder build $(COURSE)

check: $(STAMP) ## lint, types, architecture, content and the fast tests
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/python scripts/translations.py --check
	$(RUN)/ladder check $(COURSE)
	$(RUN)/pytest -m "not browser and not slow" -p no:cacheprovider

# The two Pythons side by side: the second tells at the end.
test: $(STAMP) other-python ## every test, in the browser too, on each supported Python that is here
	@mkdir -p build; $(MAKE) --no-print-directory test-other > build/test-other.log 2>&1 & other=$$!; \
	$(MAKE) --no-print-directory test-here; here=$$?; wait $$other; there=$$?; cat build/test-other.log; \
	test $$here = 0 && test $$there = 0
	@$(MAKE) --no-print-directory test-peers

test-here: $(STAMP)
	LADDER_CHROMIUM="$$(scripts/find-browser)" && export LADDER_CHROMIUM && $(RUN)/pytest

# The other supported Python, where there is one; the browser is the same for both.
test-other: other-python
	@for python in .venv-3.11 .venv-3.12; do \
		if [ $$python/.installed -nt setup.py ]; then $$python/bin/pytest -m "not browser" $(BY_THE_THOUSAND) || exit 1; fi; \
	done

other-python: $(STAMP)
	@here=$$($(RUN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	for version in 3.11 3.12; do \
		if [ $$version != $$here ] && python=$$(scripts/find-python $$version); then \
			$(MAKE) --no-print-directory .venv-$$version/.installed VENV=.venv-$$version PYTHON=$$python || exit 1; \
		fi; \
	done

# The programs of others want other versions of the libraries that they share with us.
test-peers: $(PEERS)/.installed ## load exported question banks into the programs that they are for
	LADDER_OFFICE="$$(scripts/find-office)" && export LADDER_OFFICE && $(PEERS)/bin/python -m pytest -W ignore tests/peers

# Long proofs of what no kind of database changes.
AT_LENGTH := $(patsubst %,--ignore=tests/blocks/test_%.py,crawl forgery nothing_told secrets unreleased)

# The tests of the health check drop tables, and the platform's apps do not migrate everywhere: both stay on SQLite.
ON_RECORD := tests/blocks tests/plugin tests/mysql --ignore=tests/plugin/test_check.py --ignore=tests/blocks/test_lms.py

# MariaDB stands for the MySQL of Open edX.
test-mysql: $(VENV)/.mysql ## the tests of the blocks and records on a MariaDB of their own, at both isolation levels
	scripts/with-mariadb $(RUN)/pytest $(ON_RECORD)
	LADDER_TEST_ISOLATION="repeatable read" scripts/with-mariadb $(RUN)/pytest tests/mysql tests/blocks/test_races.py tests/blocks/test_records.py tests/blocks/test_marking.py

$(VENV)/.mysql: $(STAMP)
	@scripts/with-mariadb $(RUN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[mysql]'
	@touch $@

# Two grants move a row in an index, which InnoDB alone minds.
test-postgres: $(VENV)/.postgres ## the same on a PostgreSQL of their own, at the isolation level of Open edX
	scripts/with-postgres $(RUN)/pytest $(ON_RECORD) $(AT_LENGTH) -k "not allow_less"

$(VENV)/.postgres: $(STAMP)
	@$(RUN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[postgres]'
	@touch $@

# What differs between versions of Django's databases is in the records: the rest runs on SQLite.
RECORDS := tests/mysql/test_stale.py $(patsubst %,tests/blocks/test_%.py,marking mistakes records regrade statistics)
test-oldest: $(OLDEST)/.installed ## blocks, records and tools on the oldest versions that are promised, and what installing changes
	$(OLDEST)/bin/python -m pytest tests/versions/installing.py tests/core tests/blocks tests/plugin tests/tools $(AT_LENGTH) $(BY_THE_THOUSAND)
	scripts/with-mariadb $(OLDEST)/bin/python -m pytest $(RECORDS)
	scripts/with-postgres $(OLDEST)/bin/python -m pytest $(RECORDS)

durability: $(STAMP) ## kill the server time and again while answers come in, and look for every one of them
	$(RUN)/python tests/durability/kill.py

mutations: $(STAMP) ## read 20,000 broken files of each format of question banks
	LADDER_MUTATIONS=20000 $(RUN)/pytest tests/tools/test_mutated.py --durations=0

explore: $(STAMP) ## look for what breaks the tests of properties: ROUNDS times (20), other examples each time
	@for round in $$(seq $(ROUNDS)); do $(RUN)/pytest -m hypothesis --hypothesis-profile=explore -p no:cacheprovider || exit 1; done

bench: $(STAMP) ## measure against peers and floors, as ratios
	benches/run

translations: $(STAMP) ## collect the strings of the interface and compile the catalogues
	$(RUN)/python scripts/translations.py

clean: ## remove what was built and installed
	rm -rf build .venv .venv-* .ladder *.egg-info

$(VENV)/.installed: setup.py constraints.txt
	@test -n "$(PYTHON)" || { echo "Ladder needs Python 3.11 (3.11.5 or newer) or 3.12, and neither was found. Set PYTHON=/path/to/python3.12."; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip setuptools
	$(RUN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[author,dev]'
	@touch $@

$(PEERS)/.installed: setup.py constraints.txt tests/peers/requirements.txt
	@python=$$(scripts/find-python 3.12 3.11) && { test -x $(PEERS)/bin/python || $$python -m venv $(PEERS); }
	@grep -v '^setuptools==' constraints.txt > $(PEERS)/constraints.txt
	$(PEERS)/bin/python -m pip install -qq --disable-pip-version-check -c $(PEERS)/constraints.txt -r tests/peers/requirements.txt -e '.[author]'
	@touch $@

$(OLDEST)/.installed: setup.py constraints-oldest.txt
	@python=$$(scripts/find-python 3.11) && { test -x $(OLDEST)/bin/python || $$python -m venv $(OLDEST); }
	$(OLDEST)/bin/python -m pip install -qq --disable-pip-version-check -c constraints-oldest.txt pip setuptools
	scripts/with-mariadb $(OLDEST)/bin/python -m pip install -qq --disable-pip-version-check -c constraints-oldest.txt \
		-e '.[author,mysql,postgres]' pytest hypothesis olxcleaner xlwt edx-completion django-crum edx-django-utils
	@touch $@

# Cloister. `make run` serves a working IDE, `make test` proves it; both install what they need.

HOST ?= 127.0.0.1
PORT ?= 8000
SECONDS ?= 60
PYTHON = .venv/bin/python
MANAGE = $(PYTHON) manage.py

.DEFAULT_GOAL := help
.PHONY: help run worker test test-quick test-containers test-browser test-scale check bench fuzz sanitized \
    image lock clean

help: ## say what the targets do
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 20

run: ## serve the IDE (HOST=127.0.0.1 PORT=8000)
	@scripts/setup.sh python page engine image
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) ensure_admin
	@exec $(MANAGE) serve --host $(HOST) --port $(PORT)

worker: ## run programs for web servers on other machines (needs REDIS_URL, DATABASE_URL)
	@scripts/setup.sh python-scale engine image
	@exec $(MANAGE) worker

test: ## everything: linters, types, page, and tests against real containers and a real browser
	@scripts/setup.sh python-dev page engine image-unvalidated browser bare scale
	@$(PYTHON) scripts/test.py

test-quick: ## the tests that need neither Docker nor a browser
	@scripts/setup.sh python-dev page
	@$(PYTHON) scripts/test.py quick

test-containers: ## the tests against real containers
	@scripts/setup.sh python-dev page engine image-unvalidated bare
	@$(PYTHON) scripts/test.py containers

test-browser: ## the tests in a real browser
	@scripts/setup.sh python-dev page engine image browser
	@$(PYTHON) scripts/test.py browser

test-scale: ## the tests past one machine
	@scripts/setup.sh python-dev page engine image scale
	@$(PYTHON) scripts/test.py scale

check: ## linters and type checkers
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy executor audit accounts workspace ideproject bench scripts
	.venv/bin/lint-imports
	npm run --silent lint

bench: ## measure against bare gcc; the last line is the ratio
	@scripts/setup.sh python-dev page engine image bare
	@echo "Misuse by others, and what it costs one user:"
	-@timeout 900 $(PYTHON) -m bench.abuse --rounds 1
	@$(PYTHON) -m bench

fuzz: ## fuzz validator and sandbox parsers (SECONDS=60 each); what breaks a promise is written to a file
	@scripts/setup.sh python-dev fuzz
	@$(PYTHON) -m tests.fuzz $(SECONDS)
	@tests/fuzz/parsers.sh $(SECONDS)

sanitized: ## run the attack corpus against a supervisor built with ASan and UBSan
	@scripts/setup.sh python-dev engine image-sanitized
	@SANITIZED=1 $(PYTHON) -m pytest tests/security/test_sanitized_supervisor.py

image: ## build the sandbox image anew, and write its bill of materials
	@scripts/setup.sh python-dev engine
	@command -v mmdebstrap >/dev/null || scripts/setup.sh image
	@sandbox/build.sh
	@$(PYTHON) scripts/sbom.py image

lock: ## renew the lock files and the server's bills of materials (needs uv)
	uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-annotate --no-header --quiet -o requirements.txt
	uv pip compile pyproject.toml --extra scale --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-annotate --no-header --quiet -o requirements-scale.txt
	uv pip compile pyproject.toml --extra scale --group dev --generate-hashes --universal \
	    --python-version 3.11 \
	    --no-emit-index-url --no-annotate --no-header --quiet -o requirements-dev.txt
	npm install --package-lock-only
	scripts/setup.sh python-dev
	$(PYTHON) scripts/sbom.py server

clean: ## remove what was built or installed here; var/ with the database stays
	rm -rf .venv node_modules static/dist

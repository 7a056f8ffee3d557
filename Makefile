# make book   the sample anthology in content/ as an EPUB and a PDF, in build/
# make test   format, lint, types and all tests
# make check  the same, after fetching the readers and checkers that need Node
# make bless  accept what the books look like now as what they should look like
# make bench  how long each stage takes, and against pandoc
# make pictures  the README's pictures, from the books that make book built
# make bench-pdf  the press cold, warm, after an edit, and against stock WeasyPrint
# make bench-preview  from a save to the page in the browser, e-book and print
# make lock   choose the versions in requirements/ anew
# make clean  throw away what was made

# Homebrew's Pango is found by name only through this variable; make's shell drops it
# from the environment, so it stands before each command that needs it.
ifeq ($(shell uname -s),Darwin)
RUN := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib
endif

PYTEST := $(RUN) .venv/bin/python -m pytest
WORKERS := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: book test check bless bench bench-pdf bench-preview pictures lock clean

book:
	@sh scripts/install book
	$(RUN) .venv/bin/publisher build ebook content
	$(RUN) .venv/bin/publisher build print content

test:
	@sh scripts/install test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(PYTEST) $(WORKERS)

check:
	@sh scripts/readers
	@$(MAKE) test

bless:
	@sh scripts/install test
	$(PYTEST) $(WORKERS) --bless

bench:
	@sh scripts/install bench
	$(RUN) .venv/bin/python -m bench.run

pictures: book
	@sh scripts/install test
	$(RUN) .venv/bin/publisher build print content --for kdp --guides --problems none
	$(RUN) .venv/bin/python scripts/pictures.py

bench-pdf:
	@sh scripts/install bench
	$(RUN) .venv/bin/python -m bench.pdf

bench-preview:
	@sh scripts/install bench
	$(RUN) .venv/bin/python -m bench.preview

lock:
	@sh scripts/lock

clean:
	find build -mindepth 1 ! -name .gitignore -delete
	rm -rf dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/node_modules

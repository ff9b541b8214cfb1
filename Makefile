# Commands of the checkout. Each brings along what it lacks: a fresh machine needs only make and apt.
.DEFAULT_GOAL := help
.PHONY: help setup omr tools demo test check bench lock messages

DEMO_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
LANGUAGES = $(notdir $(patsubst %/,%,$(dir $(wildcard translations/*/language.toml))))
# What a browser on a busy machine did not show in time is looked at once more, and pytest says that it was.
LATE := --reruns 1 --only-rerun 'Timeout [0-9]+ms exceeded' --only-rerun 'Locator expected' \
	--only-rerun 'Execution context was destroyed' --only-rerun 'not in time'

help:  ## этот список
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)

setup:  ## системные библиотеки, .venv, закреплённые пакеты, команда nok; второй вызов — мгновение
	@scripts/setup

omr:  ## то же и чтение отсканированных анкет: OpenCV и ONNX Runtime, ещё 310 МБ
	@scripts/setup omr

tools:
	@scripts/setup test

demo: setup  ## настоящие организации, помеченные учебные ответы, служба на http://127.0.0.1:8000
	@.venv/bin/nok demo $(DEMO_ARGS)

test: tools  ## все проверки: SQLite, свой PostgreSQL, браузер без окна
	@.venv/bin/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(LATE) $(TEST_ARGS)

check: tools  ## оформление кода, ошибки, типы
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

bench:  ## отношения к пределам этой машины
	@scripts/setup bench
	@.venv/bin/python -m benchmarks $(BENCH_ARGS)

lock: tools  ## все три списка пакетов заново (LOCK_ARGS=--upgrade — с новыми версиями)
	@scripts/lock $(LOCK_ARGS)

messages: tools  ## каталоги перевода: собрать новые тексты из кода и шаблонов
	@for which in babel babel-recipient; do \
		case $$which in babel) lazy=lazy_gettext ;; *) lazy=_l ;; esac; \
		.venv/bin/pybabel --quiet extract -F $$which.cfg -k lazy_gettext -k $$lazy --no-location --project nok \
			--version 1 --copyright-holder nok --msgid-bugs-address nok -o .venv/$$which.pot . || exit 1; \
	done
	@for language in $(LANGUAGES); do \
		case $$language in ru) which=babel ;; *) which=babel-recipient ;; esac; \
		if [ -f translations/$$language/LC_MESSAGES/messages.po ]; then \
			action='update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete'; \
		else \
			action=init; \
		fi; \
		.venv/bin/pybabel --quiet $$action -i .venv/$$which.pot -d translations -l $$language || exit 1; \
	done
	@.venv/bin/pybabel --quiet compile --domain "messages click" -d translations

# huodan: `make run` on a fresh Debian 12 machine is all it takes; `make check` runs every test.
#   make SAN=address,undefined check    the same under sanitizers, in its own build folder
#   make sim|torture|fuzz SECONDS=600   the seeded simulation, faults on the running server, the fuzzers: longer
#   make TEXTGEN_LAX=1                  build although a text is still missing in one language

BUILD   ?= build$(if $(SAN),/$(if $(findstring thread,$(SAN)),tsan,san))
export BUILD SAN TEXTGEN_LAX
MAKEFLAGS += $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc)) --no-print-directory

# ---- how it is compiled ----
PKGS = libmicrohttpd jansson sqlite3 libpq libsodium libcrypto pangocairo libzip expat xlsxwriter inih libcurl zlib gmime-3.0 libxml-2.0
# Asked once and only when something is compiled: on a fresh machine pkg-config is not there yet.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)

WARN   = -Wall -Wextra -Wshadow -Wconversion -Werror
HARDEN = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -ftrivial-auto-var-init=zero
HARDEN_LD = -Wl,--compress-debug-sections=zlib -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
SANFLAGS  = -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all
MODE      = $(if $(SAN),$(SANFLAGS),-O2 $(HARDEN))
STD      = -g -std=gnu17 -D_GNU_SOURCE
CFLAGS   = $(STD) $(MODE) $(WARN) -fPIE -pthread
CPPFLAGS = -Isrc -I$(BUILD) -MMD -MP $(PKG_CFLAGS)
COMPILE  = @mkdir -p $(@D) && echo CC $< && $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
LDFLAGS  = -pie -pthread $(if $(SAN),$(SANFLAGS),$(HARDEN_LD)) -Wl,--as-needed
LDLIBS   = $(PKG_LIBS) -lzint -lm

# ---- what there is: found, not listed ----
MODULES := $(shell sed -n 's/^MODULE(\(.*\)).*/\1/p' src/modules.def)
SOURCES := $(wildcard src/*.c src/*/*.c src/mod/*/*.c)
TESTS   := $(filter %_test.c,$(SOURCES))
LIB     := $(filter-out src/main.c $(TESTS),$(SOURCES))
PROGRAMS := $(wildcard test/*/*_test.c)
HELPERS := $(filter-out $(PROGRAMS),$(wildcard test/sim/*.c))
FUZZERS := $(wildcard test/fuzz/fuzz_*.c)
TEXTS   := $(wildcard src/*/text/*.txt src/*/*/text/*.txt)
VIEWS   := $(wildcard src/*/view/*.html src/mod/*/view/*.html)
SQL     := $(strip $(addprefix app=,$(wildcard src/app/app.sql)) $(foreach m,$(MODULES),$(addprefix $m=,$(wildcard src/mod/$m/$m.sql))))
MIGRATE := $(foreach f,$(wildcard src/app/migrate/*.sql),app=$f) \
	$(foreach m,$(MODULES),$(foreach f,$(wildcard src/mod/$m/migrate/*.sql),$m=$f))
UI      := $(filter-out ui/%.json,$(wildcard ui/*.js ui/*.css ui/*.svg ui/*.webmanifest))

GEN  = $(BUILD)/gen
OBJ  = $(BUILD)/obj
LIB_OBJ   = $(LIB:src/%.c=$(OBJ)/%.o) $(patsubst $(GEN)/%.c,$(OBJ)/gen/%.o,$(wildcard $(GEN)/*.c))
TEST_BIN  = $(foreach t,$(TESTS) $(PROGRAMS) $(FUZZERS:.c=_test.c),$(BUILD)/test/$(basename $(notdir $t)))
LIBS      = $(BUILD)/libtest.a $(BUILD)/libhuodan.a
FUZZ_BIN  = $(FUZZERS:test/fuzz/%.c=$(BUILD)/%)
MADE      = $(addprefix $(GEN)/.,text sql tmpl pinyin holiday gs1 assets migrations)

.PHONY: all gen tests fuzzers run check bench sim torture fuzz tidy format install deb deps clean
.SECONDARY:

# Generated code first: only then the second make sees all sources there are.
all: gen
	+@$(MAKE) $(BUILD)/huodan
gen: $(MADE)
tests: $(BUILD)/huodan $(TEST_BIN)
fuzzers: $(FUZZ_BIN)

# ---- generated code ----
$(BUILD)/tools/%: tools/%.c tools/gen.h
	@mkdir -p $(@D) $(GEN)
	$(CC) $(STD) -O1 $(WARN) -o $@ $<

# A lax run leaves no stamp, so that the next strict one looks again.
$(GEN)/.text: $(BUILD)/tools/textgen $(TEXTS)
	$< -o $(GEN) $(TEXTS)
	@[ -n "$$TEXTGEN_LAX" ] || touch $@
$(GEN)/.sql: $(BUILD)/tools/sqlgen $(foreach s,$(SQL),$(lastword $(subst =, ,$s)))
	$< -o $(GEN) $(SQL) && touch $@
$(GEN)/.tmpl: $(BUILD)/tools/tmplgen $(VIEWS)
	$< -o $(GEN) $(VIEWS) && touch $@
$(GEN)/.assets: $(BUILD)/tools/embed $(UI) $(BUILD)/ui/tabler.min.css
	cp $(UI) $(BUILD)/ui/
	for f in data/demo/*.csv; do cp $$f $(BUILD)/ui/demo-$$(basename $$f); done
	$< assets -o $(GEN) $(BUILD)/ui && touch $@
$(GEN)/.migrations: $(BUILD)/tools/embed src/modules.def $(foreach s,$(MIGRATE),$(lastword $(subst =, ,$s)))
	$< migrations -o $(GEN) $(MIGRATE) && touch $@
$(GEN)/.pinyin: $(BUILD)/tools/pinyingen data/pinyin/kMandarin_8105.txt data/pinyin/words.tsv
$(GEN)/.gs1: $(BUILD)/tools/gs1gen data/gs1/gs1-syntax-dictionary.txt
$(GEN)/.holiday: $(BUILD)/tools/holidaygen $(wildcard data/holiday/20*.json)
$(GEN)/.pinyin $(GEN)/.gs1 $(GEN)/.holiday:
	$< -o $(GEN) $(filter data/%,$^) && touch $@

# Tabler's stylesheet, cut down to the classes that our pages use.
ui/node_modules/.package-lock.json: ui/package-lock.json
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
$(BUILD)/ui/tabler.min.css: tools/cutcss.mjs ui/node_modules/.package-lock.json $(VIEWS) $(UI) src/app/page.c
	@mkdir -p $(@D)
	node $< ui/node_modules/@tabler/core/dist/css/tabler.min.css $(VIEWS) $(UI) src/app/page.c > $@.new
	@mv $@.new $@

# ---- compile and link ----
$(OBJ)/gen/%.o: $(GEN)/%.c
	$(COMPILE)
$(OBJ)/test/%.o: test/%.c
	$(COMPILE)
$(OBJ)/%.o: src/%.c
	$(COMPILE)
$(BUILD)/libhuodan.a: $(LIB_OBJ)
$(BUILD)/libtest.a: $(HELPERS:%.c=$(OBJ)/%.o)
$(LIBS):
	@rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/huodan: $(OBJ)/main.o $(BUILD)/libhuodan.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
define test_rule
$(BUILD)/test/$(basename $(notdir $1)): $(patsubst src/%.c,$(OBJ)/%.o,$(patsubst test/%.c,$(OBJ)/test/%.o,$1)) $(LIBS)
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) -o $$@ $$^ -lcmocka $$(LDLIBS)
endef
$(foreach t,$(TESTS) $(PROGRAMS),$(eval $(call test_rule,$t)))
$(BUILD)/test/fuzz_%_test: $(OBJ)/test/fuzz/fuzz_%.o $(OBJ)/test/fuzz/replay.o $(LIBS)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/fuzz_%: $(OBJ)/test/fuzz/fuzz_%.o $(LIBS)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# ---- what people type ----
run:
	@tools/deps.sh build
	+@$(MAKE) all
	@mkdir -p build/demo && HUODAN_DB=$${HUODAN_DB:-sqlite:build/demo/huodan-$$(cksum < $(GEN)/migrations.c | cut -c1-8).db} $(BUILD)/huodan serve --demo
check: deps
	+@TEXTGEN_LAX= $(MAKE) gen
	+@$(MAKE) tests
	test/run.sh $(T)
bench sim torture: deps
	+@$(MAKE) gen && $(MAKE) tests
	test/$@.sh $(SECONDS)
fuzz: deps
	+@$(MAKE) gen BUILD=build/fuzz
	+@$(MAKE) fuzzers BUILD=build/fuzz CC=clang WARN= SAN=fuzzer-no-link,address,undefined
	test/fuzz.sh build/fuzz $(SECONDS)
deps: ; @tools/deps.sh check
tidy: ; tools/tidy.sh
format:
	clang-format -i $(SOURCES) $(wildcard src/*/*.h src/mod/*/*.h tools/*.[ch] test/*/*.[ch])
install: all
	install -D -s -m 755 $(BUILD)/huodan $(DESTDIR)/usr/bin/huodan
	install -D -m 644 packaging/huodan.service $(DESTDIR)/lib/systemd/system/huodan.service
	install -D -m 644 packaging/huodan.conf $(DESTDIR)/usr/share/doc/huodan/examples/huodan.conf
	install -D -m 644 packaging/huodan.1 $(DESTDIR)/usr/share/man/man1/huodan.1
deb:
	@tools/deps.sh build
	+@$(MAKE) install DESTDIR=$(BUILD)/deb
	packaging/deb.sh $(BUILD)/deb
clean: ; rm -rf build
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)

# Makefile: builds lyncscope, installs what it needs, runs every test.  `make help` lists the targets.
#
# Sources are found by wildcard: adding a file never edits this one.  Every variant builds in its
# own folder, build/<variant>.

VERSION  := 0.1.0
VARIANT  ?= release
PREFIX   ?= /usr/local
SECONDS  ?= 60
DEMO     := samples/morning.pcap
CASE     ?=
BUILD    := build/$(VARIANT)
PKGS     := libpcap libxml-2.0 ncursesw ldns jansson libcrypto zlib libzstd libbrotlidec libndpi libxxhash libnghttp2 libgcrypt

CC_release := gcc
CC_debug   := gcc
CC_asan    := gcc
CC_fuzz    := clang
CC         := $(CC_$(VARIANT))
O_release  := -O3 -flto=auto -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
O_debug    := -O0
O_asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
O_fuzz     := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
L_release  := -O3 -flto=auto -pie -Wl,-z,relro,-z,now
L_asan     := -fsanitize=address,undefined
L_fuzz     := -fsanitize=fuzzer,address,undefined
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wformat=2 -Wswitch-enum $(if $(CI),-Werror)
# What building and every test need; `deps-tools` adds what remakes the samples and measures.
PACKAGES := gcc clang clang-format clang-tidy libclang-rt-14-dev pkg-config libpcap-dev libndpi-dev \
            libxml2-dev libncurses-dev libldns-dev libjansson-dev libssl-dev zlib1g-dev libzstd-dev \
            libbrotli-dev uthash-dev libxxhash-dev libnghttp2-dev libgcrypt20-dev libcmocka-dev tcpdump tmux python3 \
            python3-jsonschema shellcheck curl iproute2
TOOL_PACKAGES := $(PACKAGES) tshark nginx-light haproxy dnsmasq-base nftables ethtool apache2-utils \
                 nghttp2-client gnutls-bin libnss3-tools dnsperf zstd krb5-kdc krb5-admin-server krb5-user
# Quiet unless V=1.
Q := $(if $(V),,@)

# Only once the packages are there: `make deps` must work without them.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS   = $(shell pkg-config --libs $(PKGS) 2>/dev/null)
PKG_CFLAGS := $(PKG_CFLAGS)
PKG_LIBS   := $(PKG_LIBS)
CFLAGS  := -std=gnu11 -g $(WARN) $(O_$(VARIANT)) -Iinclude -I. -D_GNU_SOURCE -MMD -MP $(PKG_CFLAGS)
LDFLAGS := $(L_$(VARIANT))

SOURCES := $(filter-out analyzer/main.c,$(wildcard analyzer/*.c analyzer/*/*.c dissectors/*.c ui/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/liblyncscope.a
SUPPORT := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
UNIT    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/*_test.c tests/unit/*/*/*_test.c))
TOOLS   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c tests/bench/*.c))
FUZZERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/replay/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all deps deps-tools demo check test lint format fuzz bench golden rules-page readme-screens \
        samples install uninstall \
        clean help FORCE
.DEFAULT_GOAL := all
.SECONDARY:

all: lyncscope ## build ./lyncscope

ifeq ($(VARIANT),release)
lyncscope: $(BUILD)/lyncscope
	$(Q)cp $< $@
else
# Phony: ./lyncscope is the release program and says nothing of this variant's.
.PHONY: lyncscope
lyncscope: $(BUILD)/lyncscope
endif

$(BUILD)/lyncscope: $(BUILD)/analyzer/main.o $(LIBRARY)
	$(Q)echo "  LD    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(LIBRARY): $(OBJECTS)
	$(Q)rm -f $@ && gcc-ar rcs $@ $^

$(BUILD)/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(Q)echo "  CC    $<"
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(SUPPORT) $(LIBRARY)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(PKG_LIBS)

$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(SUPPORT) $(LIBRARY)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(PKG_LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIBRARY)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# The same targets without libFuzzer: main in tests/support reads the corpus files once.
$(BUILD)/tests/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/replay_main.o $(LIBRARY)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

tests-built: $(UNIT) $(TOOLS) $(REPLAYS)
.PHONY: tests-built

# ---- packages, demo ----

# The second make reads pkg-config anew.
deps: ## install the packages that are missing
	$(Q)sh tests/support/packages.sh $(PACKAGES)

deps-tools: ## the same, and what makes samples and measures speed
	$(Q)sh tests/support/packages.sh $(TOOL_PACKAGES)

demo: deps ## install, build, open a sample
	$(Q)$(MAKE) --no-print-directory lyncscope VARIANT=release
	$(Q)if [ -t 0 ] && [ -t 1 ]; then ./lyncscope $(DEMO); else ./lyncscope -o text $(DEMO); fi; \
	    [ $$? -le 1 ]

# ---- tests ----

check: deps ## install, build, run every test under ASan and UBSan
	$(Q)$(MAKE) --no-print-directory lyncscope VARIANT=release
	$(Q)$(MAKE) --no-print-directory test

test: ## every test, without looking for packages
	$(Q)$(MAKE) --no-print-directory VARIANT=asan lyncscope tests-built
	$(Q)python3 tests/support/check.py build/asan

golden: ## write the expected reports again (CASE=name: of one case)
	$(Q)$(MAKE) --no-print-directory VARIANT=asan lyncscope
	$(Q)python3 tests/golden/run.py --update $(CASE)

rules-page: ## write the rules into README.md again
	$(Q)$(MAKE) --no-print-directory VARIANT=asan lyncscope
	$(Q)python3 tests/readme/run.py --update

readme-screens: ## draw the screens in README.md again
	$(Q)$(MAKE) --no-print-directory VARIANT=asan lyncscope
	$(Q)python3 tests/screens/readme_screens.py

samples: ## make the captures again from real programs (root; CASE=name: one)
	$(Q)sh samples/make-samples.sh $(CASE)

lint: compile_commands.json ## formatting, layers, owners of libraries, banned calls, clang-tidy
	$(Q)sh tests/lint/run.sh

format: ## clang-format on every source
	$(Q)git ls-files '*.c' '*.h' | xargs clang-format -i

fuzz: ## every fuzz target for SECONDS seconds, two at a time (CASE=name: one)
	$(Q)$(MAKE) --no-print-directory VARIANT=fuzz fuzzers-built
	$(Q)sh tests/support/fuzz.sh $(SECONDS) $(CASE)

fuzzers-built: $(FUZZERS)
.PHONY: fuzzers-built

bench: ## CPU time beside a bare libpcap loop and tshark
	$(Q)$(MAKE) --no-print-directory VARIANT=release lyncscope \
	    build/release/tests/bench/pcap_loop build/release/tests/bench/certificates
	$(Q)bash tests/bench/bench.sh

# ---- install ----

install: lyncscope ## DESTDIR= PREFIX=
	install -D -m 755 lyncscope $(DESTDIR)$(PREFIX)/bin/lyncscope
	if ./lyncscope --man > build/lyncscope.1 2>/dev/null; then \
	    install -D -m 644 build/lyncscope.1 $(DESTDIR)$(PREFIX)/share/man/man1/lyncscope.1; fi

uninstall: ## what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/lyncscope $(DESTDIR)$(PREFIX)/share/man/man1/lyncscope.1

compile_commands.json: FORCE
	$(Q)python3 tests/support/compile_commands.py 'clang $(filter-out -flto%,$(CFLAGS))' \
	    analyzer/main.c $(SOURCES) > $@

-include $(shell [ -d build ] && find build -name '*.d' 2>/dev/null)

clean: ## remove what was built
	$(Q)rm -rf build lyncscope

help: ## this list
	@grep -hE '^[a-z_-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

# Makefile: builds lyncscope, installs what it needs, runs every test.  `make help` lists the targets.

VERSION  := 0.1.0
VARIANT  ?= release
PREFIX   ?= /usr/local
SECONDS  ?= 60
BUILD    := build/$(VARIANT)
PKGS     := libpcap libxml-2.0 ncursesw ldns jansson libcrypto zlib libzstd libbrotlidec libndpi libxxhash

CC_release := gcc
CC_debug   := gcc
CC_asan    := gcc
CC_fuzz    := clang
CC         := $(CC_$(VARIANT))
O_release  := -O2 -flto=auto -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
O_debug    := -O0
O_asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
O_fuzz     := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
L_release  := -O2 -flto=auto -pie -Wl,-z,relro,-z,now
L_asan     := -fsanitize=address,undefined
L_fuzz     := -fsanitize=fuzzer,address,undefined
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wformat=2 -Wswitch-enum $(if $(CI),-Werror)
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

.PHONY: all deps demo check test lint format fuzz bench golden install uninstall clean help
.DEFAULT_GOAL := all
.SECONDARY:

all: lyncscope ## build ./lyncscope

ifeq ($(VARIANT),release)
lyncscope: $(BUILD)/lyncscope
	$(Q)cp $< $@
else
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

-include $(shell [ -d build ] && find build -name '*.d' 2>/dev/null)

clean: ## remove what was built
	$(Q)rm -rf build lyncscope

help: ## this list
	@grep -hE '^[a-z_-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

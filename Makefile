# peerdeck: one Makefile.  Variants live in build/<kind>/.
#   make            the program: build/release/peerdeck
#   make demo       a lab of real routers on this machine alone, and the console on it
#   make check      every test; ends with "N passed, N failed"
#   make asan tsan  the program and its tests with sanitizers
#   make lint       floors, banned calls, warnings as errors with gcc and clang, man pages, scripts
#   make guard      a policy that acts by itself, watched on the real lab for some minutes
#   make torture    actions killed and cut at any point, by the thousand (SEED, RUNS)
#   make fuzz       long fuzzing (FUZZ_SECONDS each);  make bench  measurements beside a peer
#   make install    into $(DESTDIR)$(PREFIX)
KIND     ?= release
PREFIX   ?= /usr/local
FUZZ_SECONDS ?= 60
PKGS     := libssh ncursesw libcurl jansson expat sqlite3 libconfuse libutf8proc libpcre2-8 libcrypto zlib
B        := build/$(KIND)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
SANE := -fno-omit-frame-pointer -fno-sanitize-recover=undefined

CFLAGS_release  := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
CFLAGS_asan     := -O1 -g -fsanitize=address,undefined $(SANE)
LDFLAGS_asan    := -fsanitize=address,undefined
CFLAGS_tsan     := -O1 -g -fsanitize=thread $(SANE)
LDFLAGS_tsan    := -fsanitize=thread
CFLAGS_lint     := -O2 -Werror
CFLAGS_clang    := -O1 -Werror
CFLAGS_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(SANE)
LDFLAGS_fuzz    := -fsanitize=address,undefined

ifneq (,$(filter $(KIND),clang fuzz))
CC := clang
endif
ALL_CPPFLAGS := -I. -I$(B) -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS   := -std=c11 $(WARN) $(CFLAGS_$(KIND)) -pthread $(CFLAGS)
ALL_LDFLAGS  := $(LDFLAGS_$(KIND)) -pthread $(LDFLAGS)
LDLIBS       := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm

SRCS  := $(filter-out app/main.c,$(wildcard core/*/*.c backends/*/*.c tui/*.c tui/views/*.c app/*.c app/commands/*.c))
OBJS  := $(SRCS:%.c=$(B)/%.o) $(B)/keymaps.o $(B)/letters.o
LIB   := $(B)/libpeerdeck.a
# One short line per file; `make V=1` shows the whole commands.
ifeq ($(V),)
Q    := @
SAY   = @printf '  %-4s %s\n' $(1) $(patsubst $(B)/%,%,$@)
endif
MAKEFLAGS += --no-print-directory

# Every tests/<room>/*.c is one program; those named test_* are run by `make check`.
TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c tests/data/*.c tests/dialog/*.c tests/screen/*.c tests/plan/*.c tests/app/*.c tests/bench/*.c tests/torture/*.c))
# The simulated routers: all of tests/sim is one program, and no part of peerdeck.
SIM   := $(B)/tests/sim/simrouter
AHEAD := $(B)/tests/torture/ahead.so
SIM_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard tests/sim/*.c))
FUZZ  := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))

all: $(B)/peerdeck
tests: $(B)/peerdeck $(TESTS) $(SIM) $(AHEAD)

$(LIB): $(OBJS)
	$(call SAY,AR)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(B)/peerdeck: $(B)/app/main.o $(LIB)
	$(call SAY,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
# Keymap files become strings in the program.
$(B)/keymaps.c: tui/embed_keymaps.awk $(wildcard keymaps/*.keys)
	@mkdir -p $(@D)
	$(Q)awk -f $^ > $@
$(B)/keymaps.o: $(B)/keymaps.c
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
# So do letter templates.
$(B)/letters.c: core/judge/embed_letters.awk $(wildcard letters/*.letter)
	@mkdir -p $(@D)
	$(Q)awk -f $^ > $@
$(B)/letters.o: $(B)/letters.c core/judge/letter.h
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(TESTS): $(B)/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c,$^) $(LIB) $(ALL_LDFLAGS) $(LDLIBS) -lcmocka -lvterm -lutil
$(B)/tests/dialog/test_ssh $(B)/tests/dialog/test_worker: tests/dialog/sshd/sshd.c

$(SIM): $(SIM_OBJS) $(LIB)
	$(call SAY,LD)
	$(Q)$(CC) -o $@ $(SIM_OBJS) $(LIB) $(ALL_LDFLAGS) $(LDLIBS)

# Loaded into a console that shall live in the future; never with a sanitizer, which must be loaded first.
$(AHEAD): tests/torture/preload/ahead.c
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -fPIC -shared -o $@ $<

# A fuzz target is its own program: with the replayer it runs a corpus once (make check), with libFuzzer it searches.
FUZZ_MAIN_fuzz := -fsanitize=fuzzer
FUZZ_MAIN := $(if $(FUZZ_MAIN_$(KIND)),$(FUZZ_MAIN_$(KIND)),tests/fuzz/replay.c)
$(FUZZ): $(B)/tests/fuzz/%: tests/fuzz/%.c $(LIB) tests/fuzz/replay.c
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(FUZZ_MAIN) $(LIB) $(ALL_LDFLAGS) $(LDLIBS)
fuzz-targets: $(FUZZ)

asan tsan:
	$(MAKE) KIND=$@ tests fuzz-targets
fuzz:
	$(MAKE) KIND=fuzz fuzz-targets
	tests/fuzz/run $(FUZZ_SECONDS)
# Kills the console between any two system calls and cuts its link at any byte: SEED= and RUNS= choose.
SEED ?= 1
RUNS ?= 3000
torture: tests
	tests/torture/torture.py --seed $(SEED) --runs $(RUNS) --lanes 16 --on ios,nxos,junos,frr,bird,openbgpd,gobgp,nxos
# A policy that acts by itself, watched on the real lab for some minutes.
guard: tests
	tests/lab/guard.py
bench: tests
	tests/bench/run
lint:
	$(MAKE) KIND=lint objects
	$(MAKE) KIND=clang objects
	tests/lint/run
objects: $(OBJS) $(B)/app/main.o $(SIM_OBJS)

# check and demo are the two commands of the README: they install what is missing first, then start over with it.
check:
	demo/packages build lab test
	$(MAKE) -j$$(nproc) tests fuzz-targets
	$(MAKE) -j$$(nproc) asan
	tests/run
demo:
	demo/packages build lab
	$(MAKE) -j$$(nproc) all
	demo/run

install: all
	install -D -m 755 $(B)/peerdeck $(DESTDIR)$(PREFIX)/bin/peerdeck
	for m in man/*.[157]; do install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/}; done
	for f in keymaps/* policies/* letters/*; do install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/peerdeck/$$f; done
clean:
	rm -rf build

-include $(OBJS:.o=.d) $(B)/app/main.d $(TESTS:=.d) $(FUZZ:=.d) $(SIM_OBJS:.o=.d)
.PHONY: guard all tests objects fuzz-targets asan tsan fuzz torture bench lint check demo install clean
.DELETE_ON_ERROR:

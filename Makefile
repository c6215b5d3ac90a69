# peerdeck: one Makefile.  Variants live in build/<kind>/.
#   make            the program: build/release/peerdeck
#   make demo       a lab of real routers on this machine, and the console on it
#   make check      every test; ends with "N passed, N failed"
#   make asan tsan  the program with sanitizers;  make fuzz  long fuzzing;  make bench  measurements
KIND     ?= release
CC       ?= cc
PKGS      = libssh ncursesw libcurl jansson sqlite3 libconfuse libutf8proc libpcre2-8 libcrypto yajl zlib
B         = build/$(KIND)
WARN      = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
CFLAGS_release = -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS_asan    = -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
CFLAGS_tsan    = -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS_release = -pie -Wl,-z,relro,-z,now
LDFLAGS_asan    = -fsanitize=address,undefined
LDFLAGS_tsan    = -fsanitize=thread
CPPFLAGS += -I. -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS   ?=
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS_$(KIND)) -pthread $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(KIND)) -pthread $(LDFLAGS)
LDLIBS    = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm

SRCS = $(filter-out app/main.c,$(wildcard core/*/*.c backends/*/*.c tui/*.c tui/views/*.c app/*.c app/commands/*.c))
OBJS = $(SRCS:%.c=$(B)/%.o)
TESTS = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))

all: $(B)/peerdeck

$(B)/libpeerdeck.a: $(OBJS)
	@rm -f $@
	ar rcs $@ $^
$(B)/peerdeck: $(B)/app/main.o $(B)/libpeerdeck.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/tests/unit/%: tests/unit/%.c $(B)/libpeerdeck.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(B)/libpeerdeck.a $(ALL_LDFLAGS) $(LDLIBS) -lcmocka

unit: $(TESTS)
	@fail=0; for t in $(TESTS); do $$t || fail=1; done; exit $$fail

clean:
	rm -rf build

-include $(OBJS:.o=.d) $(B)/app/main.d $(TESTS:=.d)
.PHONY: all unit clean

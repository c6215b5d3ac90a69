#!/bin/sh
# demo/packages against a package system of our own making: nothing is asked when nothing is
# missing, and no service starts that was not there before.
# It runs in a mount namespace whose /usr/sbin is its own, so that the machine is not touched.
# shellcheck disable=SC2317 # functions called through try
set -eu

if [ "${1:-}" != inside ]; then
	unshare --user --map-root-user --mount true 2>/dev/null || {
		echo 'ok - demo/packages # skip no user namespaces here'
		exit 0
	}
	exec unshare --user --map-root-user --mount --propagation private "$0" inside
fi

root=$(cd "$(dirname "$0")/../.." && pwd)
mount -t tmpfs none /usr/sbin
mount -t tmpfs none /mnt
state=/mnt/state
stubs=/mnt/stubs
policy=/usr/sbin/policy-rc.d
mkdir "$state" "$stubs"
failed=0

check() {
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else
		echo "not ok - $2"
		failed=1
	fi
}

stub() {
	cat >"$stubs/$1"
	chmod 755 "$stubs/$1"
}

stub dpkg-query <<'STUB'
#!/bin/sh
# dpkg-query -W -f FORMAT [PACKAGE]
case "$3 ${4:-}" in
*Depends*) echo 'clang-14 (>= 14~)' ;;
*Provides*) echo 'installed, pkg-config (= 1.8.1),' ;;
*) grep -qx "$4" /mnt/state/installed && printf installed ;;
esac
STUB
stub apt-get <<'STUB'
#!/bin/sh
echo "apt-get $*" >>/mnt/state/calls
[ "$1" = install ] || exit 0
[ ! -e /mnt/state/broken ] || exit 100
[ -x /usr/sbin/policy-rc.d ] && echo guarded >>/mnt/state/calls
for package; do echo "$package" >>/mnt/state/installed; done
STUB
stub apt-cache <<'STUB'
#!/bin/sh
exit 0
STUB
for name in systemctl deb-systemd-helper update-rc.d; do
	stub "$name" <<STUB
#!/bin/sh
echo "$name \$*" >>/mnt/state/calls
STUB
done

all='gcc clang make libssh-dev libncurses-dev libcurl4-openssl-dev libjansson-dev libsqlite3-dev
	libconfuse-dev libutf8proc-dev uthash-dev libpcre2-dev libssl-dev libexpat1-dev zlib1g-dev
	frr bird2 openbgpd gobgpd openssh-server openssh-client iproute2 iputils-ping util-linux
	tmux python3 libcmocka-dev libvterm-dev mandoc libclang-rt-14-dev shellcheck
	python3-textfsm universal-ctags bgpq4 prometheus strace'

# fresh PACKAGE...: everything is installed but these
fresh() {
	: >"$state/calls"
	rm -f "$state/broken"
	for package in $all; do echo "$package"; done >"$state/installed"
	for package; do
		grep -vx "$package" "$state/installed" >"$state/rest"
		mv "$state/rest" "$state/installed"
	done
}

packages() {
	PATH=$stubs:/usr/bin:/bin "$root/demo/packages" "$@" >"$state/output" 2>&1 </dev/null
}

has() { if grep -q -- "$1" "$state/$2"; then return 0; else return 1; fi; }
try() {
	what=$1
	shift
	if "$@"; then check 0 "$what"; else check 1 "$what"; fi
}
not() { if "$@"; then return 1; else return 0; fi; }

fresh
try 'nothing missing: it succeeds' packages build lab test
try 'and says nothing' not test -s "$state/output"
try 'and calls nothing, a package provided by another included' not test -s "$state/calls"

fresh frr mandoc
try 'missing ones are installed' packages lab test
try 'by name' has 'install .*frr mandoc' calls
try 'while no service may start' has guarded calls
try 'the new service is disabled' has 'frr.service' calls
try 'a service from before is not' not has 'bird.service' calls
try 'and the guard is gone' not test -e "$policy"
try 'it said what and why' has 'for lab test: needs frr mandoc' output

fresh openssh-server
try 'sshd is installed' packages lab
try 'and its socket is disabled as well' has 'ssh.socket' calls

fresh gobgpd
echo '# of the machine' >"$policy"
try 'a guard of the machine itself' packages lab
try 'is left as it was' has '# of the machine' ../../usr/sbin/policy-rc.d
rm "$policy"

fresh bird2
: >"$state/broken"
try 'a failed installation fails' not packages lab
try 'says what to do' has 'run again: demo/packages lab' output
try 'and takes its guard away' not test -e "$policy"

fresh libclang-rt-14-dev
try "clang's run-time comes in the version of clang" packages test
try 'that is installed' has 'libclang-rt-14-dev' calls

try 'an unknown set is refused' not packages kitchen
exit "$failed"

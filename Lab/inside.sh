#!/bin/bash
# Second half of lab.sh: runs inside the overlay root. It installs and removes packages, so it
# refuses to run anywhere else.
set -u
if [ "${HELOSCOPE_LAB:-}" != inside ] || [ "$(hostname)" != mx.dest.test ]; then
    echo "inside.sh: only through lab.sh" >&2
    exit 1
fi
cd /lab || exit 1

# Removes every other mail server the base system may carry (in the overlay).
remove_others() {
    local keep=$1 name
    local -a gone=()
    for name in $(dpkg-query -W -f '${Package}:${db:Status-Abbrev}\n' \
            'postfix*' 'exim4*' 'opensmtpd*' 'sendmail*' 2>/dev/null | awk -F: '$2 ~ /^i/ { print $1 }'); do
        case $name in "$keep"*) ;; *) gone+=("$name") ;; esac
    done
    [ ${#gone[@]} -eq 0 ] || dpkg --force-all --purge "${gone[@]}" > /run/purge.log 2>&1 || true
}

# Installs packages/<folder>/*.deb; with none there the base system must have the server.
install_packages() {
    local folder=/lab/packages/$1
    ls "$folder"/*.deb > /dev/null 2>&1 || return 0
    dpkg --force-depends --force-confnew -i "$folder"/*.deb > /run/install.log 2>&1 || tail -5 /run/install.log
}

wait_for_port() {
    local address=$1 port=$2 try
    for try in $(seq 50); do
        python3 -c "import socket; socket.create_connection(('$address', $port), 1)" 2> /dev/null && return 0
        sleep 0.2
    done
    echo "no answer on $address port $port" >&2
    return 1
}

version_of() { dpkg-query -W -f '${Package} ${Version}' "$1"; }

# Plays the situations in files/ that are meant for this server (tools/drive.py).
record() {
    python3 tools/drive.py files/situations.ndjson --server "$LAB_MTA" --version "$(version_of "$package")" \
        --out "files/$LAB_MTA.replies.ndjson" "${drive_options[@]}" "$@" "${ports[@]}"
}

# Sends mail through the server with `heloscope guard` in front of it, and looks at what came of it.
guard_mail() {
    python3 tools/guarded.py "${LAB_MTA#guard-}" --version "$(version_of "$package")" \
        ${mailbox:+--mailbox "$mailbox"}
}

# For those worlds only: the program and its settings where docs/guard.md has them.
prepare_guard() {
    python3 tools/addresses.py 157.56.110.0/24 207.46.163.0/24 2a01:111:f400::/48
    ln -s /lab/files/heloscope /usr/bin/heloscope
    cp files/blocks/settings /etc/heloscope.toml
}

# Lets the server send the mails of files/cases to `heloscope listen`, and looks at what came of it.
send_cases() {
    local address helo from to reply
    printf '[dns]\ndeadline = 2.0\n' > /run/heloscope.toml
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=probe.test \
        -days 2 -keyout /run/key.pem -out /run/chain.pem 2> /dev/null || return
    listener refuse 192.0.2.250:25 --certificate /run/chain.pem --private-key /run/key.pem
    listener refuse6 '[2001:db8::250]:25'
    listener accept 198.18.100.6:25 --reply accept
    python3 tools/sink.py 198.18.200.1 files/bounces &
    wait_for_port 192.0.2.250 25 && wait_for_port 198.18.100.6 25 && wait_for_port 2001:db8::250 25 \
        && wait_for_port 198.18.200.1 25 || return
    while read -r address helo from to reply; do
        case $address in '#'*) continue ;; esac
        send "$address" "$helo" "$from" "$to" &
    done < files/cases
    python3 tools/sent.py files/cases --server "$LAB_MTA" --version "$(version_of "$package")" \
        --reports files --log "$sender_log" ${bounces:+--bounces files/bounces}
}

# $1 its name, $2 where it listens, then other options
listener() {
    local name=$1 place=$2
    shift 2
    files/heloscope listen --settings /run/heloscope.toml --resolver 127.0.0.1 --listen "$place" \
        --hostname probe.test --format json "$@" > "files/$name.ndjson" 2> "files/$name.err" &
}

python3 tools/addresses.py 192.0.2.250 2001:db8::250 198.18.0.0/15 2001:db8:18::/48 || exit 1
# A connection beyond a server's queue must come later, not half and never.
echo 0 > /proc/sys/net/ipv4/tcp_syncookies
nice -n -10 python3 tools/fakedns.py zone &
python3 tools/syslog_sink.py /run/syslog &
# It listens over TCP last, so all of it is up then; without it every reply would be about time-outs.
wait_for_port 127.0.0.1 53 || exit 1
for _ in $(seq 50); do
    [ -S /dev/log ] && break
    sleep 0.1
done
[ -S /dev/log ] || { echo "no /dev/log" >&2; exit 1; }

# A file of mta/ says: package, ports (setting=port …), setup, and what drive.py needs besides.
drive_options=()
# shellcheck source=/dev/null
. "mta/$LAB_MTA.sh"
case $LAB_MTA in guard-*) prepare_guard || exit 1 ;; esac
setup || exit 1
"$@"

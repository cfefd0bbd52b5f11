# Postfix, chrooted as Debian has it, with the guard behind a Unix socket.
# shellcheck source=/dev/null
. mta/guard-postfix-policy.sh

setup() {
    cp files/blocks/settings-unix /etc/heloscope.toml
    chroot=y
    guard_postfix postfix-policy-unix
    install -d -o root -g postfix -m 0750 /var/spool/postfix/heloscope
}

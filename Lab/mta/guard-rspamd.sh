# rspamd that asks the guard over HTTP.
# shellcheck source=/dev/null
. mta/rspamd.sh
mailbox=

setup() {
    mkdir -p /etc/rspamd
    install_packages rspamd
    cp files/blocks/rspamd /etc/rspamd/rspamd.local.lua
    rm -f /etc/rspamd/local.d/*
    mkdir -p /run/rspamd /var/lib/rspamd /var/log/rspamd
    chown _rspamd:_rspamd /run/rspamd /var/lib/rspamd /var/log/rspamd
    rspamd -c /etc/rspamd/rspamd.conf -u _rspamd -g _rspamd > /run/rspamd.start 2>&1
    wait_for_port 127.0.0.1 11333
}

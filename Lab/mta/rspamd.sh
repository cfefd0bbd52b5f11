# rspamd as Debian configures it, asked over HTTP. Only its DNS server is ours.
package=rspamd

setup() {
    install_packages rspamd
    rm -f /etc/rspamd/local.d/*
    # Its own default would be the servers of resolv.conf.
    mkdir -p /run/rspamd /var/lib/rspamd /var/log/rspamd
    chown _rspamd:_rspamd /run/rspamd /var/lib/rspamd /var/log/rspamd
    rspamd -c /etc/rspamd/rspamd.conf -u _rspamd -g _rspamd
    wait_for_port 127.0.0.1 11333
}

# In place of the one for SMTP servers.
record() {
    python3 tools/scan.py files/situations.ndjson --version "$(version_of "$package")" \
        --out files/rspamd.replies.ndjson "$@"
}

# OpenSMTPD: a filter per port. A silent DNS holds the 6.8 banner for 75 s.
package=opensmtpd
# They wait all at once, or a long run would take as many times 75 s as they take turns.
drive_options=(--waiting 300)
ports=(rdns=2501 fcrdns=2502 none=2503 rdns-421=2511)

setup() {
    remove_others opensmtpd
    install_packages opensmtpd
    cat > /etc/smtpd.conf <<'C'
filter f1 phase connect match !rdns disconnect "550 no-rdns"
filter f2 phase connect match !fcrdns disconnect "550 no-fcrdns"
filter f3 phase connect match !rdns disconnect "421 no-rdns-421"
listen on 192.0.2.250 port 2501 filter f1
listen on 192.0.2.250 port 2502 filter f2
listen on 2001:db8::250 port 2501 filter f1
listen on 2001:db8::250 port 2502 filter f2
listen on 192.0.2.250 port 2511 filter f3
listen on 2001:db8::250 port 2511 filter f3
listen on 192.0.2.250 port 2503
listen on 2001:db8::250 port 2503
action "away" relay host smtp://127.0.0.1:2599
match from any for domain "dest.test" action "away"
C
    chmod 600 /etc/smtpd.conf
    smtpd -n 2> /run/smtpd.check || { cat /run/smtpd.check; return 1; }
    ulimit -n 4096
    smtpd -d -v > /run/smtpd.log 2>&1 &
    wait_for_port 192.0.2.250 2503
}

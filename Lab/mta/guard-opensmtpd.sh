# OpenSMTPD with the guard as its filter.
package=opensmtpd
mailbox=/var/mail/mail

setup() {
    remove_others opensmtpd
    install_packages opensmtpd
    # The documented line, at the lab's addresses.
    {
        sed 's/^listen on eth0/listen on 192.0.2.250 port 2501 hostname mx.dest.test/' files/blocks/opensmtpd
        sed -n 's/^listen on eth0/listen on 2001:db8::250 port 2501 hostname mx.dest.test/p' files/blocks/opensmtpd
        cat <<'C'
table names { "user" = "mail", "postmaster" = "mail" }
action "box" mbox alias <names>
match from any for domain "dest.test" action "box"
C
    } > /etc/smtpd.conf
    chmod 600 /etc/smtpd.conf
    smtpd -n 2> /run/smtpd.check || { cat /run/smtpd.check; return 1; }
    # What the unit's Restart=always and RestartSec=1 do.
    while :; do
        smtpd -d >> /run/smtpd.log 2>&1
        sleep 1
    done &
    wait_for_port 192.0.2.250 2501
}

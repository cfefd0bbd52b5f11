# Postfix: one smtpd port per restriction and reject code.
package=postfix
ports=(client-450=2501 reverse-450=2502 unknown-helo-450=2503 invalid-helo=2504 non-fqdn-helo=2505
    client-550=2511 reverse-550=2512 unknown-helo-550=2513
    client-550-at-once=2521 reverse-550-at-once=2522 unknown-helo-550-at-once=2523
    invalid-helo-at-once=2524 non-fqdn-helo-at-once=2525)

setup() {
    remove_others postfix
    install_packages postfix
    # Code defaults but for limits: nothing may be throttled, and no error may slow a session down.
    cat > /etc/postfix/main.cf <<'C'
compatibility_level = 3.6
myhostname = mx.dest.test
mydestination = dest.test
mynetworks = 127.0.0.0/8
inet_protocols = all
local_recipient_maps =
smtpd_recipient_restrictions =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
maillog_file = /var/log/postfix.log
C
    smtpd 2501 client reject_unknown_client_hostname
    smtpd 2502 client reject_unknown_reverse_client_hostname
    smtpd 2503 helo reject_unknown_helo_hostname
    smtpd 2504 helo reject_invalid_helo_hostname
    smtpd 2505 helo reject_non_fqdn_helo_hostname
    smtpd 2511 client reject_unknown_client_hostname unknown_client_reject_code=550
    smtpd 2512 client reject_unknown_reverse_client_hostname unknown_client_reject_code=550
    smtpd 2513 helo reject_unknown_helo_hostname unknown_hostname_reject_code=550
    smtpd 2521 client reject_unknown_client_hostname unknown_client_reject_code=550 smtpd_delay_reject=no
    smtpd 2523 helo reject_unknown_helo_hostname unknown_hostname_reject_code=550 smtpd_delay_reject=no
    smtpd 2522 client reject_unknown_reverse_client_hostname unknown_client_reject_code=550 smtpd_delay_reject=no
    smtpd 2524 helo reject_invalid_helo_hostname smtpd_delay_reject=no
    smtpd 2525 helo reject_non_fqdn_helo_hostname smtpd_delay_reject=no
    no_chroot
    newaliases 2> /dev/null
    postfix start 2>&1 | grep -v 'not owned by root'
    wait_for_port 192.0.2.250 2525
}

# $1 port, $2 which restriction list, $3 the restriction, then other settings
smtpd() {
    local port=$1 list=$2 restriction=$3 setting
    shift 3
    {
        echo "$port inet n - n - - smtpd"
        echo "  -o smtpd_${list}_restrictions=$restriction"
        for setting in "$@"; do echo "  -o $setting"; done
    } >> /etc/postfix/master.cf
}

# Debian's services are chrooted below the queue directory, where the copies of resolv.conf and
# nsswitch.conf are old: only the service script refreshes them.
no_chroot() {
    sed -i -E 's/^([a-z]+ +(unix|inet) +[^ ]+ +[^ ]+ +)y /\1n /' /etc/postfix/master.cf
    grep -q '^postlog' /etc/postfix/master.cf \
        || echo 'postlog unix-dgram n - n - 1 postlogd' >> /etc/postfix/master.cf
}

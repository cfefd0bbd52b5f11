# Postfix with the guard as policy service.
# shellcheck source=/dev/null
. mta/postfix.sh
mailbox=/var/mail/lab

setup() { guard_postfix postfix-policy; }

# $1 the block of docs/guard.md for main.cf; $master the one for master.cf, $chroot y or n
guard_postfix() {
    local chroot=${chroot-n} file
    remove_others postfix
    install_packages postfix
    cat > /etc/postfix/main.cf <<'C'
compatibility_level = 3.6
myhostname = mx.dest.test
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = all
virtual_mailbox_domains = dest.test
virtual_mailbox_base = /var/mail
virtual_mailbox_maps = static:lab
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 8
smtpd_relay_restrictions = reject_unauth_destination
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
maillog_file = /var/log/postfix.log
C
    cat "files/blocks/$1" >> /etc/postfix/main.cf
    no_chroot
    sed -i "s/^smtp  *inet .*smtpd$/2501 inet n - $chroot - - smtpd/" /etc/postfix/master.cf
    [ -z "${master-}" ] || cat "files/blocks/$master" >> /etc/postfix/master.cf
    # What the start script of Debian's package copies into the chroot.
    for file in resolv.conf nsswitch.conf hosts services; do
        install -D -m 0644 "/etc/$file" "/var/spool/postfix/etc/$file"
    done
    newaliases 2> /dev/null
    postfix start 2>&1 | grep -v 'not owned by root'
    wait_for_port 192.0.2.250 2501
}

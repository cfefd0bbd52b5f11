# Sendmail with the guard as milter.
# shellcheck source=/dev/null
. mta/sendmail.sh
mailbox=/var/mail/lab

setup() {
    prepare_sendmail
    # In place of Debian's, which belongs to another package.
    cat > /usr/sbin/sensible-mda <<'C'
#!/bin/sh
mail=$(cat)
printf 'From %s\n%s\n\n' "$1" "$mail" >> /var/mail/lab
C
    chmod +x /usr/sbin/sensible-mda
    touch /var/mail/lab
    chmod 666 /var/mail/lab
    printf 'user: mail\npostmaster: mail\n' > /etc/mail/aliases
    newaliases > /dev/null 2>&1
    sendmail_instance guard 2501 "$(cat files/blocks/sendmail)"
    wait_for_port 192.0.2.250 2501
}

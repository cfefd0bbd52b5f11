# Sendmail with the guard as milter.
# shellcheck source=/dev/null
. mta/sendmail.sh
mailbox=/var/mail/mail

setup() {
    prepare_sendmail
    printf 'user: mail\npostmaster: mail\n' > /etc/mail/aliases
    newaliases > /dev/null 2>&1
    sendmail_instance guard 2501 "$(cat files/blocks/sendmail)"
    wait_for_port 192.0.2.250 2501
}

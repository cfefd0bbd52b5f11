# Exim that asks the guard in its ACLs. In the default file: with another it could not deliver.
package=exim4-daemon-light
mailbox=/var/mail/lab

setup() {
    remove_others exim4
    install_packages exim
    {
        cat <<'C'
primary_hostname = mx.dest.test
domainlist local = dest.test
log_file_path = /var/log/exim4/%slog
acl_smtp_rcpt = at_rcpt
acl_smtp_data = at_data
rfc1413_query_timeout = 0s
keep_environment =
daemon_smtp_ports = 2501
local_interfaces = <; 192.0.2.250 ; 2001:db8::250
smtp_accept_max_per_host = 0
begin acl
at_rcpt:
  require domains = +local
C
        cat files/blocks/exim-rcpt
        printf '  accept\nat_data:\n'
        cat files/blocks/exim-data
        cat <<'C'
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  file = /var/mail/lab
  user = mail
  group = mail
C
    } > /etc/exim4/exim4.conf
    exim4 -bd
    wait_for_port 192.0.2.250 2501
}

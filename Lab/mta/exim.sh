# Exim: one daemon with the default host_lookup_order (DNS, then the C library), one with DNS only.
package=exim4-daemon-light
ports=(reverse=2501 none=2502 acl-helo=2503 verify-hosts=2504
    reverse-bydns=2511 acl-helo-bydns=2513 verify-hosts-bydns=2514)

setup() {
    remove_others exim4
    install_packages exim
    exim_instance default 250 ''
    exim_instance bydns 251 'host_lookup_order = bydns'
    wait_for_port 192.0.2.250 2504 && wait_for_port 192.0.2.250 2514
}

# $1 name, $2 first three digits of the ports, $3 an extra option
exim_instance() {
    cat > "/etc/exim.$1" <<C
primary_hostname = mx.dest.test
domainlist local = dest.test
$3
acl_smtp_connect = at_connect
acl_smtp_helo = at_helo
acl_smtp_rcpt = at_rcpt
keep_environment =
daemon_smtp_ports = ${2}1 : ${2}2 : ${2}3 : ${2}4
local_interfaces = <; 0.0.0.0 ; 2001:db8::250
pid_file_path = /run/exim.$1.pid
helo_try_verify_hosts =
helo_verify_hosts = \${if ={\$received_port}{${2}4}{*}{}}
rfc1413_query_timeout = 0s
queue_only
smtp_accept_max = 500
smtp_accept_max_per_host = 0
smtp_connect_backlog = 200
begin acl
at_connect:
  accept condition = \${if ={\$received_port}{${2}1}{no}{yes}}
  require verify = reverse_host_lookup
  accept
at_helo:
  accept condition = \${if ={\$received_port}{${2}3}{no}{yes}}
  require verify = helo
  accept
at_rcpt:
  accept
begin routers
all:
  driver = accept
  transport = nowhere
begin transports
nowhere:
  driver = appendfile
  file = /dev/null
C
    exim4 -C "/etc/exim.$1" -bd
}

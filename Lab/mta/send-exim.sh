# Exim as a sender: address and HELO name by the recipient's domain.
package=exim4-daemon-light
sender_log=/run/exim.mainlog
bounces=yes

setup() {
    remove_others exim4
    install_packages exim
    local address helo from to reply
    while read -r address helo from to reply; do
        case $address in '#'*) continue ;; esac
        echo "${to#*@}: address=$address helo=$helo" >> /run/exim.cases
    done < files/cases
    # Its own place: with any other, processes that run as its user could read no queue.
    cat > /etc/exim4/exim4.conf <<'C'
primary_hostname = mx.dest.test
keep_environment =
local_interfaces = 127.0.0.1
log_file_path = /run/exim.%slog
log_selector = +tls_cipher
untrusted_set_sender = *
begin routers
out:
  driver = dnslookup
  transport = out
begin transports
out:
  driver = smtp
  interface = <; ${extract{address}{${lookup{$domain}lsearch{/run/exim.cases}}}{$value}{198.18.100.1}}
  helo_data = ${extract{helo}{${lookup{$domain}lsearch{/run/exim.cases}}}{$value}{mx.dest.test}}
begin retry
*  *  F,1h,10m
C
    chmod 777 /run
}

send() { echo test | exim4 -odi -f "$3" "$4"; }

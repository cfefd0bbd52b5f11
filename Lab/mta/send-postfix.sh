# Postfix as a sender: a transport for each case.
# shellcheck source=/dev/null
. mta/postfix.sh
sender_log=/var/log/postfix.log
bounces=yes

setup() {
    remove_others postfix
    install_packages postfix
    cat > /etc/postfix/main.cf <<'C'
compatibility_level = 3.6
myhostname = mx.dest.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = all
smtp_tls_security_level = may
smtp_tls_loglevel = 1
transport_maps = texthash:/etc/postfix/transport
maillog_file = /var/log/postfix.log
C
    sed -i '/^smtp  *inet/d' /etc/postfix/master.cf
    local address helo from to reply
    while read -r address helo from to reply; do
        case $address in '#'*) continue ;; esac
        transport "${to#*@}" "$address" "$helo"
    done < files/cases
    no_chroot
    postfix start 2>&1 | grep -v 'not owned by root'
    postfix status 2> /dev/null
}

# $1 the recipient's domain, $2 address, $3 HELO name
transport() {
    local option=smtp_bind_address
    case $2 in *:*) option=smtp_bind_address6 ;; esac
    echo "$1 ${1%%.*}:" >> /etc/postfix/transport
    {
        echo "${1%%.*} unix - - n - - smtp"
        echo "  -o $option=$2"
        echo "  -o smtp_helo_name=$3"
    } >> /etc/postfix/master.cf
}

send() { echo test | sendmail -f "$3" "$4"; }

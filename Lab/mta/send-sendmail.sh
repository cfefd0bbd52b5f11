# Sendmail as a sender: address and HELO name are options of each run.
# shellcheck source=/dev/null
. mta/sendmail.sh
sender_log=/run/syslog
bounces=yes

setup() {
    prepare_sendmail
    cat > /run/send.mc <<'C'
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`confDONT_PROBE_INTERFACES',`True')dnl
define(`confREFUSE_LA',`999')dnl
define(`confDELAY_LA',`0')dnl
define(`confQUEUE_LA',`999')dnl
FEATURE(`no_default_msa')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
C
    m4 /run/send.mc > /run/send.cf
}

send() {
    local family=inet
    case $1 in *:*) family=inet6 ;; esac
    echo test | $sendmail_binary -C/run/send.cf -odi -O "ClientPortOptions=Family=$family,Addr=$1" \
        -O "HeloName=$2" -f "$3" "$4"
}

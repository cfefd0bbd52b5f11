# Sendmail: one daemon per configuration.
package=sendmail-bin
ports=(rdns=2501 rdns-delayed=2504 bad-helo=2502 none=2503)
sendmail_binary=/usr/libexec/sendmail/sendmail

setup() {
    prepare_sendmail
    sendmail_instance rdns 2501 "FEATURE(\`require_rdns')dnl"
    sendmail_instance helo 2502 "FEATURE(\`delay_checks')dnl
FEATURE(\`block_bad_helo')dnl"
    sendmail_instance none 2503 ""
    sendmail_instance delayed 2504 "FEATURE(\`delay_checks')dnl
FEATURE(\`require_rdns')dnl"
    wait_for_port 192.0.2.250 2504
}

# $1 name, $2 port, $3 extra lines of m4. Nothing is throttled, whatever the load.
sendmail_instance() {
    cat > /run/$1.mc <<C
include(\`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(\`debian')dnl
DOMAIN(\`debian-mta')dnl
DAEMON_OPTIONS(\`Family=inet, Addr=192.0.2.250, Name=M4, Port=$2')dnl
DAEMON_OPTIONS(\`Family=inet6, Addr=IPv6:2001:db8::250, Name=M6, Port=$2')dnl
define(\`confPID_FILE',\`/run/$1.pid')dnl
define(\`confTO_IDENT',\`0')dnl
define(\`confDONT_PROBE_INTERFACES',\`True')dnl
define(\`confCONNECTION_RATE_THROTTLE',\`0')dnl
define(\`confMAX_DAEMON_CHILDREN',\`0')dnl
define(\`confREFUSE_LA',\`999')dnl
define(\`confDELAY_LA',\`0')dnl
define(\`confQUEUE_LA',\`999')dnl
FEATURE(\`no_default_msa')dnl
$3
MAILER(\`local')dnl
MAILER(\`smtp')dnl
LOCAL_CONFIG
Cwdest.test
C
    m4 /run/$1.mc > /run/$1.cf
    $sendmail_binary -C/run/$1.cf -bd -qf 2>&1 | grep -v HostStatusDirectory
}

prepare_sendmail() {
    remove_others sendmail
    local name file
    local -a others=()
    # sendmail-bin's scripts want all others configured, and sendmail-base those of the system.
    for file in packages/sendmail/*.deb; do
        case ${file##*/} in sendmail-*) ;; *) [ ! -e "$file" ] || others+=("$file") ;; esac
    done
    [ ${#others[@]} -eq 0 ] || dpkg --force-all -i "${others[@]}" >> /run/install.log 2>&1
    for name in sendmail-cf sendmail-base sendmail-bin; do
        for file in packages/sendmail/${name}_*.deb; do
            [ ! -e "$file" ] || dpkg --force-all -i "$file" >> /run/install.log 2>&1
        done
    done
    mkdir -p /etc/mail /var/lib/sendmail/host_status /var/spool/mqueue /var/spool/mqueue-client /run/sendmail/mta
    touch /etc/mail/local-host-names /etc/mail/access
    echo 'user: root' > /etc/mail/aliases
    chmod 755 /etc/mail
    chmod 644 /etc/mail/*
    newaliases > /dev/null 2>&1
}

# swaks as a client: what it prints is its log.
package=swaks
sender_log=/run/swaks.log
bounces=

setup() { install_packages swaks; }

send() {
    swaks --server "${4#*@}" --local-interface "$1" --helo "$2" --from "$3" --to "$4" --timeout 20 \
        --tls-optional --output-file /dev/stdout > "/run/swaks.$4" 2>&1
    cat "/run/swaks.$4" >> $sender_log
}

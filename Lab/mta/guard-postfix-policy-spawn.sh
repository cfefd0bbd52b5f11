# Postfix that starts the guard itself.
# shellcheck source=/dev/null
. mta/guard-postfix-policy.sh

setup() {
    master=postfix-policy-spawn-master
    guard_postfix postfix-policy-spawn
}

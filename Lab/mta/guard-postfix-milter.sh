# Postfix with the guard as milter.
# shellcheck source=/dev/null
. mta/guard-postfix-policy.sh

setup() { guard_postfix postfix-milter; }

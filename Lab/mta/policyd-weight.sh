# policyd-weight as Debian configures it, without block lists; its DNS is Benchmarks/Guard/answers.c.
package=policyd-weight

setup() {
    install_packages policyd-weight
    echo 'nameserver 127.0.0.2' > /etc/resolv.conf
    cat > /etc/policyd-weight.conf <<'C'
@dnsbl_score = ();
@rhsbl_score = ();
$NS = '127.0.0.2';
1;
C
    files/answers 127.0.0.2 53 &
    echo $! > /run/answers.pid
    policyd-weight -f /etc/policyd-weight.conf start > /run/policyd-weight.log 2>&1
    wait_for_port 127.0.0.1 12525
}

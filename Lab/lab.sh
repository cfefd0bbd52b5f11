#!/bin/bash
# Runs one real mail server against a DNS we write, in a throw-away world.
#
#   sudo Lab/lab.sh SERVER [--zone FILE] [--files DIR] [--search LIST] -- COMMAND ...
#
# SERVER is the name of a file in mta/ without ".sh". Its Debian packages are taken from packages/
# (download-packages.sh). COMMAND runs in /lab of that world with the server up; DIR is /lab/files
# there. "-- bash" gives a shell beside the running server.
#
# Everything happens in new mount, network, pid and host-name namespaces, on an overlay whose
# writable half is a tmpfs. When the script ends nothing is left.
set -euo pipefail

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64; }

[ $# -ge 1 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
if [ "${HELOSCOPE_LAB:-}" != entered ] || [ $$ -ne 1 ]; then
    [ "$(id -u)" = 0 ] || { echo "lab.sh: needs root (namespaces and mounts)" >&2; exit 77; }
    export HELOSCOPE_LAB=entered
    exec unshare --mount --net --pid --fork --kill-child --uts -- bash "$here/lab.sh" "$@"
fi

mta=$1; shift
zone='' files='' search=.
while [ $# -gt 0 ]; do
    case $1 in
        --zone) zone=$(realpath "$2"); shift 2 ;;
        --files) files=$(cd "$2" && pwd); shift 2 ;;
        --search) search=$2; shift 2 ;;
        --) shift; break ;;
        *) usage ;;
    esac
done
[ -f "$here/mta/$mta.sh" ] || { echo "lab.sh: no mta/$mta.sh" >&2; exit 64; }
[ $# -ge 1 ] || usage

# A writable copy of / that lives in memory. What comes from elsewhere is bound in from outside.
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
root=/mnt/root
mount -t proc proc $root/proc
mount -t tmpfs tmpfs $root/dev
for node in null zero full random urandom tty; do
    [ -e /dev/$node ] || continue
    touch $root/dev/$node
    mount --bind /dev/$node $root/dev/$node
done
ln -s /proc/self/fd $root/dev/fd
for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${n%%:*}" "$root/dev/${n#*:}"; done
mkdir $root/dev/shm
mkdir -p $root/lab
cp -r "$here"/{inside.sh,mta,tools} $root/lab/
if [ -n "$zone" ]; then cp "$zone" $root/lab/zone; else : > $root/lab/zone; fi
chmod -R a+rX $root/lab
mkdir -p $root/lab/packages $root/lab/files
mount --bind -o ro "$here/packages" $root/lab/packages
[ -z "$files" ] || mount --bind "$files" $root/lab/files
mount -t tmpfs -o mode=1777 tmpfs $root/tmp

# Name service: our DNS only. "search ." switches the search list off; without the line glibc would
# take the domain of the host name. Longer than one second, so that a busy machine makes no
# time-outs of its own.
rm -f $root/etc/resolv.conf
printf 'nameserver 127.0.0.1\noptions timeout:2 attempts:2\nsearch %s\n' "$search" > $root/etc/resolv.conf
sed -i '/^hosts:/d' $root/etc/nsswitch.conf
echo 'hosts: files dns' >> $root/etc/nsswitch.conf
printf '127.0.0.1 localhost\n' > $root/etc/hosts
echo mx.dest.test > $root/etc/mailname
mkdir -p $root/usr/sbin
printf '#!/bin/sh\nexit 101\n' > $root/usr/sbin/policy-rc.d
chmod +x $root/usr/sbin/policy-rc.d

hostname mx.dest.test
# Not exec: this shell is process 1 of the namespace, and its end takes every daemon with it.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive HELOSCOPE_LAB=inside LAB_MTA="$mta" \
    chroot $root /bin/bash /lab/inside.sh "$@"

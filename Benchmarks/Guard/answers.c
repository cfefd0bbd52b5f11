// A DNS server without data: whatever is asked has the answer that its name says.
//
//     answers ADDRESS PORT
//
// The PTR of A.B.C.D is host-A-B-C-D.bulk.test, that name's A is A.B.C.D; every other name from
// bulk.test on is an A of 192.0.2.1, bulk.test has an MX, as domains of senders have, and the rest does
// not exist. Clients in 46.0.0.0/8 get silence.
// SIGUSR1 begins a black-out, in which nobody gets an answer, SIGUSR2 ends it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { BATCH = 64, LONGEST = 512, HEADER = 12, NO_SUCH_NAME = 3, TTL = 3600 };
enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_MX = 15 };

static volatile sig_atomic_t is_silent;
static void on_signal(int number) { is_silent = number == SIGUSR1; }

static uint8_t *put16(uint8_t *to, unsigned value) {
    *to++ = value >> 8;
    *to++ = value;
    return to;
}

static uint8_t *put_record(uint8_t *to, unsigned type, const uint8_t *data, unsigned length) {
    to = put16(to, 0xc000 | HEADER);
    to = put16(put16(to, type), 1);
    to = put16(put16(to, 0), TTL);
    to = put16(to, length);
    memcpy(to, data, length);
    return to + length;
}

// Turns a query into its answer; 0 for none.
static size_t answer(uint8_t *bytes, size_t count) {
    if (count < HEADER + 5 || bytes[2] & 0x80) return 0;
    char name[256];
    size_t at = HEADER, length = 0;
    while (at < count && bytes[at]) {
        unsigned label = bytes[at++];
        if (label > 63 || at + label > count || length + label + 1 >= sizeof name) return 0;
        memcpy(name + length, bytes + at, label);
        length += label;
        name[length++] = '.';
        at += label;
    }
    name[length] = 0;
    if (at + 5 > count) return 0;
    unsigned type = bytes[at + 1] << 8 | bytes[at + 2];
    uint8_t *end = bytes + at + 5;
    unsigned a, b, c, d, found = 0, code = 0;
    int used = 0;
    if (sscanf(name, "%u.%u.%u.%u.in-addr.arpa.%n", &d, &c, &b, &a, &used) == 4 && used) {
        if (a == 46) return 0;
        if (type == TYPE_PTR) {
            char host[64];
            uint8_t data[80];
            unsigned size = snprintf(host, sizeof host, "host-%u-%u-%u-%u", a, b, c, d);
            data[0] = size;
            memcpy(data + 1, host, size);
            memcpy(data + 1 + size, "\4bulk\4test", 11);
            end = put_record(end, TYPE_PTR, data, size + 12);
            found = 1;
        }
    } else if (length >= 10 && !strcasecmp(name + length - 10, "bulk.test.")) {
        uint8_t address[4] = {192, 0, 2, 1};
        if (sscanf(name, "host-%u-%u-%u-%u.", &a, &b, &c, &d) == 4) {
            address[0] = a, address[1] = b, address[2] = c, address[3] = d;
        }
        if (type == TYPE_A) {
            end = put_record(end, TYPE_A, address, 4);
            found = 1;
        } else if (type == TYPE_MX && length == 10) {
            end = put_record(end, TYPE_MX, (const uint8_t *)"\0\12\2mx\4bulk\4test", 16);
            found = 1;
        }
    } else {
        code = NO_SUCH_NAME;
    }
    bytes[2] = 0x84 | (bytes[2] & 1);
    bytes[3] = 0x80 | code;
    memset(bytes + 6, 0, 6);
    bytes[7] = found;
    return end - bytes;
}

int main(int count, char **words) {
    if (count != 3) return 64;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, 0);
    sigaction(SIGUSR2, &action, 0);
    int channel = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    inet_pton(AF_INET, words[1], &here.sin_addr);
    int room = 8 << 20;
    setsockopt(channel, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    if (bind(channel, (void *)&here, sizeof here)) {
        perror("answers: bind");
        return 74;
    }
    static uint8_t bytes[BATCH][LONGEST + 256];
    static struct sockaddr_in peers[BATCH];
    static struct iovec parts[BATCH], ready[BATCH];
    static struct mmsghdr in[BATCH], out[BATCH];
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){bytes[i], LONGEST};
            in[i].msg_hdr = (struct msghdr){&peers[i], sizeof peers[i], &parts[i], 1};
        }
        int received = recvmmsg(channel, in, BATCH, MSG_WAITFORONE, 0), sent = 0;
        for (int i = 0; i < received && !is_silent; i++) {
            size_t length = answer(bytes[i], in[i].msg_len);
            if (!length) continue;
            ready[sent] = (struct iovec){bytes[i], length};
            out[sent].msg_hdr = (struct msghdr){&peers[i], sizeof peers[i], &ready[sent], 1};
            sent++;
        }
        for (int done = 0, now; done < sent; done += now) {
            if ((now = sendmmsg(channel, out + done, sent - done, 0)) <= 0) break;
        }
    }
}

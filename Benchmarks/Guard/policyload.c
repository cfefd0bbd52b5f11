// Asks a Postfix policy service as smtpd does: one request at a time on each of many connections.
//
//     policyload PORT CONNECTIONS SECONDS FIRST DISTINCT [MOST [STEP]]
//
// Client number N, of DISTINCT ones from FIRST on, STEP apart, has the address that N is as a 32-bit number, and a
// HELO name that leads back to it. It ends after SECONDS, or after MOST requests; what is open then may
// still be answered. Prints one JSON object: answers, closed connections, times in milliseconds, and the
// longest time that any request took or has been waiting for.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REPLY = 2048, MOST_TIMES = 20000000 };

struct peer {
    int channel, length;
    double asked;
    char reply[REPLY];
};

static long asked, answered, closed, marked, most = MOST_TIMES;
static uint32_t first, distinct, step = 1;
static float *times;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void ask(struct peer *peer) {
    char text[1024];
    uint32_t n = first + asked % distinct * step;
    unsigned a = n >> 24, b = n >> 16 & 255, c = n >> 8 & 255, d = n & 255;
    int size = snprintf(text, sizeof text,
        "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\n"
        "client_address=%u.%u.%u.%u\nclient_name=host-%u-%u-%u-%u.bulk.test\n"
        "reverse_client_name=host-%u-%u-%u-%u.bulk.test\nhelo_name=host-%u-%u-%u-%u.bulk.test\n"
        "sender=someone%ld@bulk.test\nrecipient=user@example.net\nrecipient_count=0\nqueue_id=\n"
        "instance=%lx.%d\nsize=4321\nsasl_method=\nsasl_username=\nsasl_sender=\n\n",
        a, b, c, d, a, b, c, d, a, b, c, d, a, b, c, d, asked, asked, peer->channel);
    asked++;
    peer->length = 0;
    peer->asked = now();
    if (write(peer->channel, text, size) != size) closed++;
}

static int by_value(const void *x, const void *y) {
    float a = *(const float *)x, b = *(const float *)y;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    if (count < 6) return 64;
    int connections = atoi(words[2]);
    double seconds = atof(words[3]);
    first = strtoul(words[4], 0, 10);
    distinct = strtoul(words[5], 0, 10);
    if (count > 6) most = atol(words[6]);
    if (count > 7) step = strtoul(words[7], 0, 10);
    times = malloc(sizeof *times * (size_t)(most + connections));
    struct peer *peers = calloc(connections, sizeof *peers);
    int queue = epoll_create1(0);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    for (int i = 0; i < connections; i++) {
        int one = 1, channel = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(channel, (void *)&there, sizeof there)) {
            perror("policyload: connect");
            return 74;
        }
        setsockopt(channel, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        peers[i].channel = channel;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
        epoll_ctl(queue, EPOLL_CTL_ADD, channel, &event);
    }
    double start = now(), end = start;
    for (int i = 0; i < connections && asked < most; i++) ask(&peers[i]);
    struct epoll_event events[256];
    while (answered + closed < most && (end = now()) - start < seconds) {
        int ready = epoll_wait(queue, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            int got = read(peer->channel, peer->reply + peer->length, REPLY - 1 - peer->length);
            if (got <= 0) {
                closed++;
                epoll_ctl(queue, EPOLL_CTL_DEL, peer->channel, 0);
                peer->asked = 0;
                continue;
            }
            peer->length += got;
            peer->reply[peer->length] = 0;
            if (peer->length < 2 || strcmp(peer->reply + peer->length - 2, "\n\n")) continue;
            if (strncmp(peer->reply, "action=", 7)) closed++;
            if (strstr(peer->reply, "iprev=temperror")) marked++;
            times[answered++] = (now() - peer->asked) * 1000;
            peer->asked = 0;
            if (asked < most) ask(peer);
        }
    }
    double longest = 0;
    for (int i = 0; i < connections; i++) {
        double waited = peers[i].asked ? (end - peers[i].asked) * 1000 : 0;
        if (waited > longest) longest = waited;
    }
    qsort(times, answered, sizeof *times, by_value);
    if (answered && times[answered - 1] > longest) longest = times[answered - 1];
    printf("{\"answered\": %ld, \"closed\": %ld, \"temperror\": %ld, \"rate\": %.1f, \"p50\": %.3f,"
           " \"p99\": %.3f, \"longest\": %.1f}\n",
           answered, closed, marked, answered / (end - start), answered ? times[answered / 2] : 0,
           answered ? times[(long)(answered * 0.99)] : 0, longest);
}

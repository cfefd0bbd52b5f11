import LookupEngine
package import NIOCore

/// What the shared driver keeps open, and for how long.
package struct SharedLimits: Hashable, Sendable {
    /// Sockets in use at once to one server.
    ///
    /// Whoever forges answers has to hit one of so many ports and the id of an open query; a query
    /// is sent from any of them. Their receive buffers add up, too.
    package var ports = 4
    /// Queries after which a port is given up.
    ///
    /// As many as make a new socket, some 50 µs, cheap beside them.
    package var queriesPerPort = 4_096
    /// How long a port is used: what was found out about it is worthless soon.
    package var portAge = TimeAmount.seconds(10)
    /// Datagrams that answer no query, after which a port is given up.
    ///
    /// Who sends so many guesses has found the port. Late answers are some of them.
    package var straysPerPort = 64
    /// Queries on their way to one server; more wait, those of honest clients behind those of silent
    /// ones. So there are three for every decision that may be under way: that many tries of one
    /// question are open on average while nobody answers. A port has 65,536 ids.
    package var window = 32_768
    /// How often the clock is looked at: a retry or deadline may be this much late.
    package var tick = TimeAmount.milliseconds(20)
    /// Answers remembered; each may be an absence or an answer of some hundred bytes.
    package var answers = 16_384
    /// How long a failure is believed here, the least that RFC 9520 §3.2 allows: who decides about
    /// clients remembers failures on its own.
    package var failureMemory = Duration.seconds(1)
    /// How long an answer is believed at most, whatever its TTL.
    package var answerMemory = LookupTimes.longestAnswerMemory
    /// The same for an absence.
    package var absenceMemory = LookupTimes.longestAbsenceMemory

    package init() {}

    /// Datagrams taken from the kernel at once; more gain nothing measurable.
    static let vector = 16
    /// Room for one of them: EDNS asks for 1,232 bytes at most.
    static let datagram = 1_280
    /// Bytes that may wait in a socket; the kernel may allow less.
    static let receiveBuffer = 1 << 20
}

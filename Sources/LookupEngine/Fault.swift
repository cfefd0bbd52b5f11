package import DNSModel

/// Something that goes wrong between a question and its answer, for tests and `--faults`.
package enum Fault: Hashable, Sendable {
    /// The server answers with this code and nothing else.
    case code(ResponseCode)
    /// Beside a code: an extended DNS error (RFC 8914).
    case extendedError(UInt16)
    /// Silence, over UDP and TCP.
    case drop
    /// Silence for the first so many packets of a question, then the truth.
    case dropFirst(Int)
    /// The first so many packets get this code, then the truth.
    case codeFirst(Int, ResponseCode)
    /// The answer comes late by so many milliseconds.
    case delay(milliseconds: Int)
    /// TC over UDP, the whole answer over TCP.
    case truncate
    /// TC over UDP, silence over TCP.
    case truncateOnly
    /// TC over UDP, connection refused over TCP.
    case truncateRefused
    /// TC over UDP, one byte a second over TCP.
    case trickle
    /// The right answer under another transaction id.
    case wrongID
    /// The right id, another question.
    case wrongQuestion
    /// The answer comes from an address that was not asked.
    case wrongSource
    /// A forged answer with a wrong id comes before the right one.
    case forgedFirst
    /// The right answer comes twice.
    case twice
    /// A negative answer without its SOA.
    case noSOA
    /// A referral upwards, as from a server that does not know the zone.
    case lame
    /// These bytes follow the transaction id.
    case raw([UInt8])
    /// A response cut off in the middle of its records.
    case cutShort
    /// A compression pointer that points at itself.
    case pointerLoop
    /// Counts in the header that are larger than the data.
    case countsTooLarge
    /// FORMERR to every query with EDNS, the truth without.
    case refuseEDNS
    /// Silence to every query with EDNS, the truth without.
    case dropEDNS
    /// Answer records whose owner is not the name that was asked.
    case wrongOwner
    /// NXDOMAIN with the answer's records still in it.
    case contradict
}

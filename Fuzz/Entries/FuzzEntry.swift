/// What must hold for any bytes that a decoder is given: one law per fuzz executable.
///
/// The laws stand here, apart from the executables, so that tests replay the corpora. A trap is the
/// other way to break a law: the process ends.
package enum FuzzEntry: String, Sendable, CaseIterable {
    case wire
    case masterFile = "master-file"
    case helo
    case evidence
    case faults
    case machine
    case policy
    case milter
    case eximLine = "eximline"
    case openSMTPD = "opensmtpd"
    case spf
    case smtp
    case sharedFacts = "shared-facts"
    case redis
    case decide

    /// What is wrong with the decoder's work on these bytes; nil when the law holds.
    package func breach(by bytes: [UInt8]) -> String? {
        switch self {
        case .wire: WireLaw.breach(by: bytes)
        case .masterFile: MasterFileLaw.breach(by: bytes)
        case .helo: HELOLaw.breach(by: bytes)
        case .evidence: EvidenceLaw.breach(by: bytes)
        case .faults: FaultsLaw.breach(by: bytes)
        case .machine: MachineLaw.breach(by: bytes)
        case .policy: PolicyLaw.breach(by: bytes)
        case .milter: MilterLaw.breach(by: bytes)
        case .eximLine: EximLineLaw.breach(by: bytes)
        case .openSMTPD: OpenSMTPDLaw.breach(by: bytes)
        case .spf: SPFLaw.breach(by: bytes)
        case .smtp: SMTPLaw.breach(by: bytes)
        case .sharedFacts: SharedFactsLaw.breach(by: bytes)
        case .redis: RedisLaw.breach(by: bytes)
        case .decide: DecideLaw.breach(by: bytes)
        }
    }

    /// For the fuzzer: stops the process when the law is broken.
    package func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
        let bytes = Array(UnsafeBufferPointer(start: start, count: count))
        if let breach = breach(by: bytes) { fatalError("\(rawValue): \(breach)") }
        return 0
    }
}

package import DNSModel

/// A DNS message: header, question and three lists of records (RFC 1035 §4.1).
///
/// Records of classes other than IN are not kept. The OPT record is ``edns``, never in a list.
package struct Message: Hashable, Sendable {
    package var id: UInt16
    package var flags: Flags
    /// Four bits; 0 is a query (RFC 1035 §4.1.1).
    package var opcode: UInt8
    /// All twelve bits, the upper eight from the OPT record.
    package var code: ResponseCode
    package var questions: [Question]
    package var answers: [ResourceRecord]
    package var authority: [ResourceRecord]
    package var additional: [ResourceRecord]
    package var edns: EDNS?

    package init(
        id: UInt16, flags: Flags, opcode: UInt8 = 0, code: ResponseCode = .noError,
        questions: [Question] = [], answers: [ResourceRecord] = [],
        authority: [ResourceRecord] = [], additional: [ResourceRecord] = [], edns: EDNS? = nil
    ) {
        self.id = id
        self.flags = flags
        self.opcode = opcode
        self.code = code
        self.questions = questions
        self.answers = answers
        self.authority = authority
        self.additional = additional
        self.edns = edns
    }

    /// The header's single bits, at the places they have in it.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        package static let response = Flags(rawValue: 0x8000)
        package static let authoritative = Flags(rawValue: 0x0400)
        package static let truncated = Flags(rawValue: 0x0200)
        package static let recursionDesired = Flags(rawValue: 0x0100)
        package static let recursionAvailable = Flags(rawValue: 0x0080)
        /// AD: in a query it asks for the bit in the answer, without signatures (RFC 6840 §5.7).
        package static let authenticated = Flags(rawValue: 0x0020)
        package static let checkingDisabled = Flags(rawValue: 0x0010)

        static let all: Flags = [
            .response, .authoritative, .truncated, .recursionDesired, .recursionAvailable,
            .authenticated, .checkingDisabled,
        ]
    }

    /// What the OPT record says (RFC 6891 §6.1).
    package struct EDNS: Hashable, Sendable {
        /// The largest datagram the sender takes.
        package var datagramSize: UInt16
        package var version: UInt8
        /// DO: the sender wants signatures.
        package var wantsSignatures: Bool
        /// The code of the first extended DNS error (RFC 8914 §2).
        package var extendedError: UInt16?

        package init(
            datagramSize: UInt16 = UInt16(WireLimits.extendedDatagram), version: UInt8 = 0,
            wantsSignatures: Bool = false, extendedError: UInt16? = nil
        ) {
            self.datagramSize = datagramSize
            self.version = version
            self.wantsSignatures = wantsSignatures
            self.extendedError = extendedError
        }
    }

    /// A question, with EDNS or plain.
    /// - Parameters:
    ///   - id: The transaction id.
    ///   - question: What is asked.
    ///   - edns: Nil for a plain query.
    ///   - isRecursive: Whether a resolver is to find the answer; name servers are asked without.
    /// - Returns: The query.
    package static func query(
        id: UInt16, _ question: Question, edns: EDNS?, isRecursive: Bool = true
    ) -> Message {
        Message(
            id: id, flags: isRecursive ? [.recursionDesired, .authenticated] : [],
            questions: [question], edns: edns)
    }
}

internal import NetNames

/// What is known of the message that is being sent.
struct MilterMessage: Hashable, Sendable {
    var decision: MilterDecision?
    /// The field of an exception for the postmaster, for a message that reaches nobody else.
    var exceptionHeader: HeaderField?
    /// How many Authentication-Results fields were seen.
    private var seen: UInt32 = 0
    /// Which of them are forged, counted from 1.
    private var forged: [UInt32] = []
    private var hasTooManyForged = false

    /// Looks at a header field for results in our server's name.
    mutating func note(_ name: [UInt8], _ value: [UInt8], server: [UInt8]) {
        let isResults =
            name.count == Self.results.count
            && name.map(Ascii.lowercased) == Self.results
        guard isResults else { return }
        seen &+= 1
        guard ResultsOwner.isForged(value, server: server) else { return }
        if forged.count < MilterLimits.forged {
            forged.append(seen)
        } else {
            hasTooManyForged = true
        }
    }

    /// The answer to the end of the message: forged fields go, ours is put on top.
    ///
    /// The last one goes first: Postfix counts anew after each removal, Sendmail does not, and so
    /// the indexes are right for both. Ours comes after that, or it would be counted too.
    func edits(canAddHeaders: Bool) -> [MilterFrame] {
        if hasTooManyForged { return [Self.refusal] }
        var frames = forged.reversed().map {
            MilterReply.delete(AuthenticationResults.name, index: $0)
        }
        if canAddHeaders, let header = decision?.header ?? exceptionHeader {
            frames.append(MilterReply.insert(header))
        }
        return frames + [MilterReply.proceed]
    }

    private static let results = AuthenticationResults.name.utf8.map(Ascii.lowercased)

    /// A message with so many forgeries is refused rather than passed on with some of them.
    private static let refusal = MilterFrame(
        UInt8(ascii: "y"),
        Array("550 5.7.1 Too many forged Authentication-Results fields".utf8) + [0])
}

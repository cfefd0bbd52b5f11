/// What the mail server itself found out about the client's names: for people who read the log,
/// never a ground of a decision.
///
/// Servers look at one PTR name of several, and what a failed look-up looks like differs: Sendmail
/// calls a name forged whose addresses cannot be looked up now.
package struct ServerHint: Hashable, Sendable {
    /// The words are part of the log's interface.
    package enum Opinion: String, Hashable, Sendable, CaseIterable {
        case confirmed = "ok"
        case noPointer = "fail"
        /// There is a PTR name that does not lead back.
        case forged
        case failed = "temp"
        /// Not confirmed, and the protocol does not tell why.
        case unknown
    }

    package let opinion: Opinion
    /// The first PTR name, confirmed or not.
    ///
    /// Untrusted.
    package let name: [UInt8]?

    /// Postfix and OpenSMTPD write words of their own where they know no name.
    package init(_ opinion: Opinion, name: [UInt8]? = nil) {
        self.opinion = opinion
        let isName = name.map { !$0.isEmpty && $0 != Self.noName && $0 != Self.noNameOpenSMTPD }
        self.name = isName == true ? name : nil
    }

    /// Whether it is at odds with what was found out here.
    package func contradicts(_ found: AuthenticationResults.Outcome) -> Bool {
        switch opinion {
        case .confirmed: found != .pass
        case .noPointer, .forged: found == .pass || found == .temperror
        case .failed: found != .temperror
        case .unknown: found == .pass
        }
    }

    /// The word, and the name behind a comma.
    package var text: [UInt8] {
        Array(opinion.rawValue.utf8) + (name.map { [UInt8(ascii: ",")] + $0 } ?? [])
    }

    static let noName = Array("unknown".utf8)
    private static let noNameOpenSMTPD = Array("<unknown>".utf8)
}

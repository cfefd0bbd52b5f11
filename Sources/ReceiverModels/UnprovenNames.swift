import NetNames
import SenderIdentity

extension PointerFacts {
    /// Whether a name holds other bytes than a host name's: `_`, `/` and worse.
    ///
    /// What c-ares (Haraka), hickory (Stalwart, KumoMTA) and Go's resolver (maddy, mox) make of such
    /// an answer nobody has tried, so a rule that rests on one of them cannot be told.
    var hasOddName: Bool {
        names.contains { name in
            if case .character = name.defect { true } else { false }
        }
    }

    /// The first failure among the forward look-ups that the receiver would not share.
    var ownForwardFailure: LookupFailure? {
        for name in names {
            if case .unknown(let failure) = name.match, failure.isOurOwn { return failure }
        }
        return nil
    }
}

extension IPAddress {
    /// Whether both are IPv4 addresses of one /24.
    func sharesIPv4Network(with other: IPAddress) -> Bool {
        guard case .v4(let one) = self, case .v4(let two) = other else { return false }
        return one >> 8 == two >> 8
    }
}

extension RuleSource {
    /// Read in the project's source or manual in the month of this release, not run.
    static func read(_ document: String, _ version: String) -> RuleSource {
        RuleSource(document, version: version, checked: "2026-11", basis: .documented)
    }
}

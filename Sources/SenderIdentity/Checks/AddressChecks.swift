import NetNames

extension Check {
    /// Does the address have a special purpose (RFC 6890)? Receivers on the Internet never see one.
    ///
    /// Documentation ranges are ordinary in a world that the user named: examples live there.
    @Sendable
    static func addressPurpose(_ facts: IdentityFacts) -> [Finding] {
        guard let purpose = facts.purpose, purpose.kind != .documentation || !facts.isAsked else {
            return []
        }
        return [Finding(.addressSpecialPurpose(purpose), [])]
    }

    /// Whether some of the work was left out because a limit was reached.
    @Sendable
    static func limits(_ facts: IdentityFacts) -> [Finding] {
        facts.limitsReached.map { Finding(.lookupLimitReached($0), []) }
    }
}

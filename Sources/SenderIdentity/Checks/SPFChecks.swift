extension Check {
    /// What SPF says about each identity that the client uses (RFC 7208 §2.6).
    @Sendable
    static func spf(_ facts: IdentityFacts) -> [Finding] {
        facts.spf.map { Finding(.spf($0), $0.ids) }
    }
}

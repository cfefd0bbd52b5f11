extension Check {
    /// What SPF says about each identity that the client uses (RFC 7208 §2.6).
    @Sendable
    static func spf(_ facts: IdentityFacts) -> [Finding] {
        var findings: [Finding] = []
        // By index: an element is large, and a copy of it counts in every verdict.
        for index in facts.spf.indices {
            let kind = Finding.Kind.spf(facts.spf[index].identity, facts.spf[index].result)
            findings.append(Finding(kind, facts.spf[index].ids))
        }
        return findings
    }
}

/// A question of the catalogue, as a pure function from facts to findings.
package struct Check: Sendable {
    package let group: FindingGroup
    package let findings: @Sendable (IdentityFacts) -> [Finding]

    /// The catalogue, in the order a report shows it.
    package static let all: [Check] = [
        Check(group: .address, findings: addressPurpose),
        Check(group: .pointerStatus, findings: pointerStatus),
        Check(group: .pointerForward, findings: pointerForward),
        Check(group: .pointerForm, findings: pointerForm),
        Check(group: .reverseTree, findings: reverseTree),
        Check(group: .heloForm, findings: heloForm),
        Check(group: .heloAndClient, findings: heloAndClient),
        Check(group: .heloAlias, findings: heloAlias),
        Check(group: .heloAndPointer, findings: heloAndPointer),
        Check(group: .topology, findings: topology),
        Check(group: .blockLists, findings: blockLists),
        Check(group: .spf, findings: spf),
        Check(group: .limits, findings: limits),
    ]

    /// Every finding about the client, in catalogue order.
    package static func findings(in facts: IdentityFacts) -> [Finding] {
        var findings: [Finding] = []
        findings.reserveCapacity(8)
        for check in all { findings += check.findings(facts) }
        return findings
    }
}

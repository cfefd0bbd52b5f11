import NetNames
import SenderIdentity

/// The triangle of an identity: the address, its PTR name, the HELO name, and which edges hold.
package struct IdentityPicture: Hashable, Sendable {
    package let address: Corner
    /// Nil without a PTR name: the first edge then leads nowhere.
    package let pointer: Corner?
    /// Nil when no HELO name is known.
    package let helo: Corner?
    /// From the address to its PTR name.
    package let reverse: Edge
    /// From the PTR name back to the address.
    package let forward: Edge
    /// From the HELO name to the address.
    package let heloForward: Edge
    /// Between the HELO name and the PTR name.
    package let relation: Edge

    /// A corner: what it is, and its name.
    package struct Corner: Hashable, Sendable {
        package let title: String
        package let name: String
    }

    /// An edge: whether it holds, and what the look-up said.
    package struct Edge: Hashable, Sendable {
        package let state: State
        package let label: String

        package init(_ state: State, _ label: String) {
            self.state = state
            self.label = label
        }
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        case holds
        /// Broken, and a fault.
        case broken
        /// Otherwise than the simplest set-up, and no fault.
        case differs
        /// Could not be found out.
        case unknown
        case notTested = "not-tested"
    }

    /// Reads the picture off the facts and the grading.
    package init(_ report: Report) {
        let facts = report.facts
        address = Corner(title: "Outbound IP address", name: "\(facts.subject.address)")
        let shown = facts.confirmedName ?? facts.pointer.names.first?.name
        pointer = shown.map { Corner(title: "PTR record", name: "\($0)") }
        helo = facts.helo.map { Corner(title: "HELO", name: Causes.shown($0.argument)) }
        reverse = Self.reverse(facts)
        forward = Self.forward(facts)
        heloForward = Self.heloForward(report)
        relation = Self.relation(facts)
    }

    private static let nothing = Edge(.notTested, "not tested")

    private static func reverse(_ facts: IdentityFacts) -> Edge {
        guard facts.isAsked else { return nothing }
        return switch facts.pointer.lookup?.outcome {
        case nil: nothing
        case .answers: Edge(.holds, facts.pointer.count == 1 ? "PTR" : "\(facts.pointer.count) PTR")
        case .noSuchName: Edge(.broken, "no PTR: NXDOMAIN")
        case .noData: Edge(.broken, "no PTR: NODATA")
        case .failed(let failure): Edge(.unknown, "PTR: \(Causes.phrase(failure))")
        }
    }

    private static func forward(_ facts: IdentityFacts) -> Edge {
        let type = facts.subject.address.family == .v4 ? "A" : "AAAA"
        guard !facts.pointer.names.isEmpty else { return nothing }
        return switch facts.iprev {
        case .pass: Edge(.holds, "\(type): confirmed")
        case .fail: Edge(.broken, "\(type): not confirmed")
        case .temperror: Edge(.unknown, "\(type): not found out")
        case .permerror: nothing
        }
    }

    private static func heloForward(_ report: Report) -> Edge {
        guard let helo = report.facts.helo else { return nothing }
        let isFault = report.verdict.findings.contains {
            $0.finding.code.group == .heloAndClient && $0.severity == .error
        }
        let state: State = isFault ? .broken : .differs
        return switch helo.match {
        case .toClient: Edge(.holds, "leads to it")
        case .elsewhere(let found): Edge(state, "leads elsewhere (\(found.count))")
        case .loopback: Edge(.broken, "leads to loopback")
        case .doesNotResolve: Edge(.broken, "no address")
        case .unknown(let failure): Edge(.unknown, Causes.phrase(failure))
        case .notAsked: nothing
        }
    }

    private static func relation(_ facts: IdentityFacts) -> Edge {
        switch facts.helo?.relation {
        case .equals?: Edge(.holds, "equal")
        case .sameOrganization?: Edge(.differs, "same organization")
        case .unrelated?: Edge(.differs, "another organization")
        case nil: nothing
        }
    }

    /// The picture in words, for those who do not see it.
    package var description: String {
        var sentences: [String] = []
        if let pointer {
            sentences.append("\(address.name) has the PTR name \(pointer.name).")
            sentences.append("Back to the address: \(forward.label).")
        } else {
            sentences.append("\(address.name): \(reverse.label).")
        }
        if let helo {
            sentences.append("The HELO name \(helo.name): \(heloForward.label).")
            if relation.state != .notTested {
                sentences.append("HELO and PTR: \(relation.label).")
            }
        } else {
            sentences.append("No HELO name was given.")
        }
        return sentences.joined(separator: " ")
    }
}

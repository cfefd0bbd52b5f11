package import FilterProtocols
import NetNames
import ReceiverModels
import SenderIdentity

/// Decisions in the words of each protocol.
package struct GuardWords: Hashable, Sendable {
    /// The name in our Authentication-Results fields (RFC 8601 §2.5).
    package let server: [UInt8]
    /// From this score on, in thousandths, OpenSMTPD marks a message as spam; nil for never.
    package let junkFrom: Int?

    package init(server: [UInt8], junkFrom: Int? = nil) {
        self.server = server
        self.junkFrom = junkFrom
    }

    /// The Authentication-Results field; nil where nothing was tried.
    ///
    /// `iprev` with the name, or why there is none, and `policy.iprev` with the address, as RFC 8601
    /// registers them; what the rules make of it follows as a method of our own, `x-heloscope`. Where
    /// names that the client chose make the field too long, it goes without them.
    package func header(for decision: GuardDecision, _ request: GuardRequest) -> HeaderField? {
        field(for: decision, request, hasNames: true)
            ?? field(for: decision, request, hasNames: false)
    }

    private func field(
        for decision: GuardDecision, _ request: GuardRequest, hasNames: Bool
    ) -> HeaderField? {
        guard let outcome = decision.iprev else { return nil }
        var statements = [
            AuthenticationResults.Statement(
                .iprev, outcome, comment: hasNames ? decision.iprevComment : [],
                [.client(request.client)])
        ]
        if let method = Self.method, let findings = Self.findings, !decision.because.isEmpty {
            var properties = [
                AuthenticationResults.Property(
                    .policy, findings,
                    Array(decision.because.map(\.rawValue).joined(separator: ",").utf8))
            ]
            if let score = Self.score, case .score(let thousandths) = decision.action {
                properties.append(.init(.policy, score, Self.points(thousandths)))
            }
            if hasNames, let helo = request.helo { properties.append(.helo(helo)) }
            statements.append(.init(method, .fail, properties))
        }
        return AuthenticationResults(server: server, statements)?.field
    }

    private static let method = AuthenticationResults.Keyword("x-heloscope")
    private static let findings = AuthenticationResults.Keyword("findings")
    private static let score = AuthenticationResults.Keyword("score")

    /// `2500` as `2.500`.
    private static func points(_ thousandths: Int) -> [UInt8] {
        var text: [UInt8] = []
        DecisionLogLine.appendThousandths(thousandths, to: &text)
        return text
    }

    /// What Postfix is told.
    ///
    /// A client that is accepted for good gets no header this way: a policy service can add one for
    /// each message at most, and DUNNO leaves the rest to others.
    /// - Parameters:
    ///   - decision: What was decided.
    ///   - request: About whom.
    ///   - canAddHeader: False at the end of the message, where Postfix takes none.
    /// - Returns: The action.
    package func policyAction(
        for decision: GuardDecision, _ request: GuardRequest, canAddHeader: Bool = true
    ) -> PolicyAction {
        switch decision.action {
        case .accept: return .dunno
        case .addHeader, .score:
            guard canAddHeader, let header = header(for: decision, request) else { return .dunno }
            return .prepend(header)
        case .defer(let refusal):
            guard let subject = UInt8(exactly: refusal.subject),
                let detail = UInt8(exactly: refusal.detail), let text = refusal.lines.first
            else { return .refuse(refusal) }
            return .deferIfPermit(subject: subject, detail: detail, text)
        case .refuse(let refusal): return .refuse(refusal)
        }
    }

    /// What a milter answers; the header goes on top of every message that is accepted.
    package func milterDecision(
        for decision: GuardDecision, _ request: GuardRequest
    ) -> MilterDecision {
        if let refusal = decision.refusal { return MilterDecision(.refuse(refusal)) }
        return MilterDecision(.proceed, header: header(for: decision, request))
    }

    /// What Exim reads: `fail` and `temperror` with a code where mail is to be kept out.
    package func eximReply(
        for decision: GuardDecision, _ request: GuardRequest
    ) -> EximReply {
        let verdict: EximReply.Verdict =
            switch decision.action {
            case .refuse: .fail
            case .defer: .temperror
            case .accept, .addHeader, .score: decision.iprev == .temperror ? .temperror : .pass
            }
        return EximReply(
            verdict, reason: decision.because.first?.rawValue, refusal: decision.refusal,
            header: decision.refusal == nil ? header(for: decision, request) : nil)
    }

    package func openSMTPDDecision(for decision: GuardDecision) -> OpenSMTPDDecision {
        switch decision.action {
        case .accept, .addHeader: .proceed
        case .score(let thousandths): junkFrom.map { thousandths >= $0 } == true ? .junk : .proceed
        case .defer(let refusal), .refuse(let refusal): .reject(refusal)
        }
    }
}

extension GuardDecision {
    /// The name, or why there is none, for people who read headers.
    var iprevComment: [UInt8] {
        switch (basis, facts?.iprev) {
        case (_, .pass(let name)): Array(name.description.utf8)
        case (_, .fail): Array("no PTR name leads back".utf8)
        case (_, .permerror): Array("no PTR record".utf8)
        case (.trouble(.resolvers), _): Array("our resolvers do not answer".utf8)
        case (.trouble(let trouble), _): Array("not looked up: \(trouble.rawValue)".utf8)
        case (_, .temperror): Array((facts?.address.failure?.rawValue ?? "").utf8)
        case (_, nil): []
        }
    }
}

import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity

/// Whatever is asked over HTTP: refused, or a request whose answer and line in the log are one line
/// each, of printable ASCII; what a query said is read again from the same written otherwise.
enum DecideLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let query = DecideRequest(query: bytes)
        guard DecideRequest(query: written(query)) == query else { return "read differently" }
        for asked in [DecideRequest(json: bytes), query] {
            guard let request = asked?.request else { continue }
            for decision in decisions(about: request) {
                if let breach = breach(by: request, decision) { return breach }
            }
        }
        return nil
    }

    private static func decisions(about request: GuardRequest) -> [GuardDecision] {
        let rules = GuardRules.honest
        return [
            rules.decisionWithoutLookup(for: request),
            rules.decision(for: request, despite: .overload),
            rules.decision(for: request, on: facts),
        ].compactMap(\.self)
    }

    private static func breach(
        by request: GuardRequest, _ decision: GuardDecision
    ) -> String? {
        let answer = words.json(for: decision, request)
        guard isLine(answer) else { return "the answer is not one line" }
        // The answer has `helo`, and reads as a question for that.
        guard let back = DecideRequest(json: answer) else { return "the answer is no JSON" }
        guard back.helo == request.helo.map({ Array(HELOArgument($0).text.utf8) }) else {
            return "another HELO"
        }
        if let text = words.mapText(for: decision), !text.allSatisfy(Ascii.isPrintable) {
            return "a symbol that is none"
        }
        let line = DecisionLogLine.bytes(
            of: decision, request, listener: "http", source: "none", elapsed: .zero)
        return isLine(line) ? nil : "the log has not one line"
    }

    private static func isLine(_ text: [UInt8]) -> Bool {
        text.last == Ascii.lineFeed && text.dropLast().allSatisfy(Ascii.isPrintable)
    }

    /// Every byte encoded (RFC 3986 §2.1).
    private static func written(_ request: DecideRequest) -> [UInt8] {
        let values = [
            ("ip", request.ip), ("helo", request.helo), ("recipient", request.recipient),
            ("queue", request.queue),
        ]
        return values.flatMap { name, value -> [UInt8] in
            guard let value else { return [] }
            let text = value.flatMap { byte -> [UInt8] in
                [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            return Array("\(name)=".utf8) + text + [UInt8(ascii: "&")]
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let words = GuardWords(server: Array("mx.example.org".utf8))
    private static let facts = GuardFacts(
        findings: FindingSet([.noPointer, .heloName]), iprev: .permerror)
}

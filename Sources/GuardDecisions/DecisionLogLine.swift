import FilterProtocols
import NetNames
import ReceiverModels
import SenderIdentity

/// The log's line about one decision: logfmt, in bytes, safe whatever the client said.
///
///     client=192.0.2.7 helo=mail.example.org verdict=refuse because=no-ptr iprev=permerror
///     findings=no-ptr,helo-name listener=policy source=dns ms=12.340 queue=4cX1yz
///
/// (on one line). `because` is missing where nothing speaks against the client, `name` is the
/// confirmed name; `exempt`, `trouble` and `would` say why it was accepted all the same; `hint` is
/// there where the mail server itself found something else (``ServerHint``). Senders and recipients
/// are not logged: the mail server has them under the same queue id.
package enum DecisionLogLine {
    /// Longest HELO argument and queue id that are written; more is cut.
    package static let longestValue = 255

    /// - Parameters:
    ///   - decision: What was decided.
    ///   - request: About whom.
    ///   - listener: `policy`, `milter`, `exim`, `http` or `opensmtpd`.
    ///   - source: `cache`, `dns`, `joined`, `shared` or `none`: where the facts are from.
    ///   - elapsed: From the request to the decision.
    /// - Returns: The line with its line feed.
    package static func bytes(
        of decision: GuardDecision, _ request: GuardRequest, listener: String, source: String,
        elapsed: Duration
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(320)
        line += "client=".utf8
        line += request.client.description.utf8
        if let helo = request.helo { append(helo, as: " helo=", to: &line) }
        line += " verdict=".utf8
        line += decision.action.word.utf8
        if case .score(let thousandths) = decision.action {
            line += " score=".utf8
            appendThousandths(thousandths, to: &line)
        }
        append(decision.because, as: " because=", to: &line)
        if let iprev = decision.iprev {
            line += " iprev=".utf8
            line += iprev.rawValue.utf8
        }
        if let name = decision.confirmedName {
            append(Array(name.description.utf8), as: " name=", to: &line)
        }
        append(decision.facts?.findings.codes ?? [], as: " findings=", to: &line)
        if let failure = decision.facts?.address.failure {
            line += " failure=".utf8
            line += failure.rawValue.utf8
        }
        switch decision.basis {
        case .evidence: break
        case .exemption(let exemption):
            line += " exempt=".utf8
            line += exemption.rawValue.utf8
        case .trouble(let trouble):
            line += " trouble=".utf8
            line += trouble.rawValue.utf8
        }
        if let wouldBe = decision.wouldBe {
            line += " would=".utf8
            line += wouldBe.word.utf8
        }
        if let hint = request.hint, let found = decision.facts.flatMap({ _ in decision.iprev }),
            hint.contradicts(found)
        {
            append(hint.text, as: " hint=", to: &line)
        }
        line += " listener=".utf8
        line += listener.utf8
        line += " source=".utf8
        line += source.utf8
        line += " ms=".utf8
        let micro =
            elapsed.components.seconds * 1_000_000
            + elapsed.components.attoseconds / 1_000_000_000_000
        appendThousandths(Int(clamping: max(0, micro)), to: &line)
        if let queueID = request.queueID { append(queueID, as: " queue=", to: &line) }
        line.append(Ascii.lineFeed)
        return line
    }

    private static func append(
        _ value: [UInt8], as name: StaticString, to line: inout [UInt8]
    ) {
        name.withUTF8Buffer { line += $0 }
        LogText.append(value.prefix(longestValue), to: &line)
    }

    private static func append(
        _ codes: [FindingCode], as name: StaticString, to line: inout [UInt8]
    ) {
        guard !codes.isEmpty else { return }
        name.withUTF8Buffer { line += $0 }
        for (place, code) in codes.enumerated() {
            if place > 0 { line.append(UInt8(ascii: ",")) }
            line += code.rawValue.utf8
        }
    }

    /// `12340` as `12.340`.
    static func appendThousandths(_ value: Int, to line: inout [UInt8]) {
        line += String(value / 1000).utf8
        line.append(Ascii.dot)
        let rest = value % 1000
        line.append(Ascii.zero + UInt8(rest / 100))
        line.append(Ascii.zero + UInt8(rest / 10 % 10))
        line.append(Ascii.zero + UInt8(rest % 10))
    }
}

import FilterProtocols
import NetNames
import ReceiverModels
import SenderIdentity

extension SMTPRefusal {
    /// Of a HELO argument, how much a reply repeats: with our words and a URL it fits one line.
    static let longestHELO = 100

    /// The template's reply to a client, and where to read about the finding.
    init?(
        _ template: ReplyTemplate, to request: GuardRequest, _ code: FindingCode?, _ urlBase: String
    ) {
        var parts: [ReplyText.Part] = []
        for piece in template.text {
            switch piece {
            case .literal(let text): parts.append(.own(text))
            case .placeholder(.client): parts.append(.own(request.client.description))
            case .placeholder(.helo):
                let said = request.helo ?? []
                parts.append(.untrusted(Array(said.prefix(Self.longestHELO))))
                if said.count > Self.longestHELO { parts.append(.own("...")) }
            case .placeholder: return nil
            }
        }
        if let code {
            parts.append(
                .own(
                    urlBase.isEmpty
                        ? "; finding \(code.rawValue)" : "; see \(urlBase)\(code.rawValue)")
            )
        }
        let numbers = (template.enhancedCode ?? "").utf8.split(separator: Ascii.dot)
        guard numbers.count == 3, let replyCode = UInt16(exactly: template.code),
            let subject: UInt16 = Ascii.decimal(numbers[1]),
            let detail: UInt16 = Ascii.decimal(numbers[2])
        else { return nil }
        self.init(code: replyCode, subject: subject, detail: detail, [ReplyText(parts)])
    }
}

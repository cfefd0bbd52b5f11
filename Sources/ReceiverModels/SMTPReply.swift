import NetNames
package import SenderIdentity

/// A reply as data: literals and named placeholders, so that the printer and a reader of bounces
/// come from one source.
package struct ReplyTemplate: Hashable, Sendable {
    package let code: Int
    /// The enhanced status code (RFC 3463), where the server gives one.
    package let enhancedCode: String?
    package let text: [Piece]

    package enum Piece: Hashable, Sendable {
        case literal(String)
        case placeholder(Placeholder)
    }

    package enum Placeholder: String, Hashable, Sendable, CaseIterable {
        /// The client's address as text.
        case client
        /// The client's address as Sendmail prints it: `IPv6:` and no compression.
        case sendmailClient = "sendmail-client"
        /// The HELO argument.
        case helo
        /// The HELO argument as Postfix repeats it: with question marks for what it does not print.
        case postfixHELO = "postfix-helo"
        /// The same during the HELO command, when less is replaced.
        case postfixRawHELO = "postfix-raw-helo"
        /// The address in RCPT TO, with its angle brackets.
        case recipient
        /// The PTR name the server looked at.
        case pointer
        /// What the admin of the server wrote.
        case wording
    }

    /// Reads the text with its placeholders in braces: `… hostname, [{client}]`.
    ///
    /// A brace without a known name stays a literal, which a test of all templates forbids.
    package init(_ code: Int, _ enhancedCode: String?, _ text: String) {
        self.code = code
        self.enhancedCode = enhancedCode
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let word = rest[rest.index(after: open)..<close]
            guard let placeholder = Placeholder(rawValue: String(word)) else { break }
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            pieces.append(.placeholder(placeholder))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.text = pieces
    }

    /// The text with its placeholders in braces, as it was given.
    package var pattern: String {
        text.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(let placeholder): "{\(placeholder.rawValue)}"
            }
        }.joined()
    }

    /// Whether a sender tries again after it.
    package var isTemporary: Bool { code < 500 }

    /// The reply line this client would get, safe for any ASCII sink.
    /// - Parameters:
    ///   - facts: The client.
    ///   - pointer: The PTR name the server looked at.
    ///   - recipient: The address in RCPT TO, with its angle brackets.
    /// - Returns: Code, enhanced code and text.
    package func line(
        for facts: IdentityFacts, pointer: String? = nil, recipient: String = "<recipient>"
    ) -> String {
        let words = text.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(.client): facts.subject.address.description
            case .placeholder(.sendmailClient): sendmailText(of: facts.subject.address)
            case .placeholder(.helo): facts.subject.helo?.text ?? "?"
            case .placeholder(.postfixHELO):
                facts.subject.helo.map { postfixText(of: $0, replacing: "<>()\\\";@") } ?? "?"
            case .placeholder(.postfixRawHELO):
                facts.subject.helo.map { postfixText(of: $0, replacing: "") } ?? "?"
            case .placeholder(.recipient): recipient
            case .placeholder(.wording): "(the admin's own words)"
            case .placeholder(.pointer):
                pointer ?? facts.pointer.names.first.map { "\($0.name)" } ?? "?"
            }
        }
        return ([String(code), enhancedCode].compactMap { $0 } + [words.joined()])
            .joined(separator: " ")
    }
}

/// White space in a row is one blank to Postfix; then blanks, control bytes and the odd ones are
/// replaced: by question marks, or by blanks where none is odd.
private func postfixText(of argument: HELOArgument, replacing odd: String) -> String {
    let blank = odd.isEmpty ? Ascii.space : UInt8(ascii: "?")
    let words = argument.raw.split { $0 == Ascii.space || $0 == Ascii.tab }
    let text = words.map { word in
        word.map { $0 < Ascii.space || $0 == 0x7f || odd.utf8.contains($0) ? blank : $0 }
    }
    return HELOArgument(Array(text.joined(separator: [blank]))).text
}

private func sendmailText(of address: IPAddress) -> String {
    guard case .v6 = address else { return address.description }
    let bytes = address.bytes
    let groups = stride(from: 0, to: bytes.count, by: 2).map {
        String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    return "IPv6:" + groups.joined(separator: ":")
}

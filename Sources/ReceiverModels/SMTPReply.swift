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
        /// The PTR name the server looked at.
        case pointer
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
    package func line(for facts: IdentityFacts, pointer: String? = nil) -> String {
        let words = text.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(.client): facts.subject.address.description
            case .placeholder(.sendmailClient): sendmailText(of: facts.subject.address)
            case .placeholder(.helo): facts.subject.helo?.text ?? "?"
            case .placeholder(.pointer):
                pointer ?? facts.pointer.names.first.map { "\($0.name)" } ?? "?"
            }
        }
        return ([String(code), enhancedCode].compactMap { $0 } + [words.joined()])
            .joined(separator: " ")
    }
}

private func sendmailText(of address: IPAddress) -> String {
    guard case .v6 = address else { return address.description }
    let bytes = address.bytes
    let groups = stride(from: 0, to: 16, by: 2).map {
        String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    return "IPv6:" + groups.joined(separator: ":")
}

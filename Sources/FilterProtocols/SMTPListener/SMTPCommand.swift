internal import NetNames

/// A command line of an SMTP client (RFC 5321 §4.1).
enum SMTPCommand: Hashable, Sendable {
    case hello(argument: [UInt8], isExtended: Bool)
    case mail(SMTPPath)
    case recipient(SMTPPath)
    case data
    /// A chunk of a message follows, which is not to be taken for commands (RFC 3030 §2).
    case chunk
    case reset
    case noOperation
    case quit
    case help
    case verify
    case startTLS
    /// Known, and never offered.
    case notOffered
    /// Of another protocol: a browser was led here.
    case foreign
    case unknown

    /// Reads a line, without its end.
    /// - Throws: ``SMTPSyntaxError``.
    init(parsing line: [UInt8]) throws(SMTPSyntaxError) {
        // A CR that ends no line, and a NUL, have no place in any command.
        guard !line.contains(where: { $0 == 0 || $0 == Ascii.carriageReturn }) else {
            throw .controlByte
        }
        let end = line.lastIndex { $0 != Ascii.space && $0 != Ascii.tab }
        let text = end.map { line[...$0] } ?? []
        let word = text.prefix { $0 != Ascii.space && $0 != Ascii.tab }
        let verb = String(decoding: word.prefix(Self.longestVerb), as: UTF8.self).uppercased()
        guard
            line.count + 2 <= SMTPLimits.commandLine || verb == "MAIL" || verb == "RCPT"
        else { throw .lineTooLong }
        let argument = Array(
            text.dropFirst(word.count).drop { $0 == Ascii.space || $0 == Ascii.tab })
        switch verb {
        case "EHLO", "HELO":
            guard !argument.isEmpty else { throw .argument }
            self = .hello(argument: argument, isExtended: verb == "EHLO")
        case "MAIL": self = .mail(try SMTPPath(parsing: argument, behind: "FROM:"))
        case "RCPT": self = .recipient(try SMTPPath(parsing: argument, behind: "TO:"))
        case "DATA":
            guard argument.isEmpty else { throw .argument }
            self = .data
        case "BDAT": self = .chunk
        case "RSET":
            guard argument.isEmpty else { throw .argument }
            self = .reset
        case "STARTTLS":
            guard argument.isEmpty else { throw .argument }
            self = .startTLS
        case "NOOP": self = .noOperation
        case "QUIT": self = .quit
        case "HELP": self = .help
        case "VRFY": self = .verify
        case "AUTH", "EXPN", "ETRN", "TURN", "SEND", "SOML", "SAML": self = .notOffered
        case "GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS": self = .foreign
        default: self = .unknown
        }
    }

    private static let longestVerb = 16
}

/// Why a line is no command; the words are made where it is answered.
enum SMTPSyntaxError: Error, Hashable, Sendable {
    case controlByte
    case lineTooLong
    /// There is one too many or too few.
    case argument
    case path
    case parameter
}

/// The path of MAIL or RCPT (RFC 5321 §4.1.2), without brackets and route.
struct SMTPPath: Hashable, Sendable {
    /// As the client sent it; empty for the null reverse-path.
    let mailbox: [UInt8]

    /// Reads `FROM:<a@b>`, also without brackets or with a space behind the colon, as many servers do.
    init(parsing argument: [UInt8], behind word: String) throws(SMTPSyntaxError) {
        let word = Array(word.utf8)
        guard argument.count >= word.count,
            zip(word, argument).allSatisfy({ Ascii.lowercased($0) == Ascii.lowercased($1) })
        else { throw .argument }
        let rest = argument.dropFirst(word.count).drop { $0 == Ascii.space }
        guard let first = rest.first else { throw .argument }
        let isBracketed = first == UInt8(ascii: "<")
        guard let end = Self.end(of: rest, isBracketed: isBracketed) else { throw .path }
        let path = Array(rest[..<end].dropFirst(isBracketed ? 1 : 0))
        let parameters = isBracketed ? rest[(end + 1)...] : rest[end...]
        guard path.allSatisfy({ $0 > 0x1f && $0 != 0x7f }) else { throw .path }
        mailbox = Self.withoutRoute(path)
        guard parameters.isEmpty || parameters.first == Ascii.space else { throw .path }
        for parameter in parameters.split(separator: Ascii.space)
        where word.count != 5 || !Self.isKnown(Array(parameter)) {
            throw .parameter
        }
    }

    /// The closing bracket that no quotes hold, or where a path without brackets ends.
    private static func end(of text: ArraySlice<UInt8>, isBracketed: Bool) -> Int? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                if byte == Ascii.backslash { isEscaped = true }
                if byte == Ascii.quote { isQuoted = false }
            } else if byte == Ascii.quote {
                isQuoted = true
            } else if isBracketed ? byte == UInt8(ascii: ">") : byte == Ascii.space {
                return index
            }
        }
        return isBracketed || isQuoted ? nil : text.endIndex
    }

    /// `@a,@b:c@d` is c@d: a route has to be accepted and ignored (RFC 5321 §4.1.1.3).
    private static func withoutRoute(_ path: [UInt8]) -> [UInt8] {
        guard path.first == UInt8(ascii: "@"), let colon = path.firstIndex(of: Ascii.colon) else {
            return path
        }
        return Array(path[(colon + 1)...])
    }

    /// The parameters of MAIL that change nothing here: SIZE (RFC 1870) and BODY (RFC 6152).
    private static func isKnown(_ parameter: [UInt8]) -> Bool {
        let text = String(decoding: parameter, as: UTF8.self).uppercased()
        if text == "BODY=7BIT" || text == "BODY=8BITMIME" { return true }
        let size = Array("SIZE=".utf8)
        return Array(text.utf8).starts(with: size)
            && parameter.count > size.count
            && parameter.dropFirst(size.count).allSatisfy(Ascii.isDigit)
    }
}

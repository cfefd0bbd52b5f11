package import NetNames

/// What a server sends to a filter.
enum MilterCommand: Hashable, Sendable {
    case negotiate
    case macros([MilterMacros.Pair])
    case connect(MilterClient)
    case helo([UInt8])
    case mail([[UInt8]])
    case recipient([[UInt8]])
    case data
    case header(name: [UInt8], value: [UInt8])
    case endOfHeaders
    case body
    case endOfMessage
    case abort
    case quit
    /// The connection goes on with another client.
    case quitNewConnection
    /// A command of SMTP that the server does not know.
    case unknown

    enum Code {
        static let negotiate = UInt8(ascii: "O")
        static let macros = UInt8(ascii: "D")
        static let connect = UInt8(ascii: "C")
        static let helo = UInt8(ascii: "H")
        static let mail = UInt8(ascii: "M")
        static let recipient = UInt8(ascii: "R")
        static let data = UInt8(ascii: "T")
        static let header = UInt8(ascii: "L")
        static let endOfHeaders = UInt8(ascii: "N")
        static let body = UInt8(ascii: "B")
        static let endOfMessage = UInt8(ascii: "E")
        static let abort = UInt8(ascii: "A")
        static let quit = UInt8(ascii: "Q")
        static let quitNewConnection = UInt8(ascii: "K")
        static let unknown = UInt8(ascii: "U")
    }

    init(_ frame: MilterFrame) throws(MilterError) {
        var reader = MilterDataReader(frame)
        switch frame.command {
        case Code.negotiate: self = .negotiate
        case Code.macros: self = .macros(try MilterMacros.pairs(&reader))
        case Code.connect: self = .connect(try MilterClient(&reader))
        case Code.helo: self = .helo(try reader.string())
        case Code.mail: self = .mail(try reader.strings())
        case Code.recipient: self = .recipient(try reader.strings())
        case Code.data: self = .data
        case Code.header:
            self = .header(name: try reader.string(), value: try reader.string())
        case Code.endOfHeaders: self = .endOfHeaders
        case Code.body: self = .body
        case Code.endOfMessage: self = .endOfMessage
        case Code.abort: self = .abort
        case Code.quit: self = .quit
        case Code.quitNewConnection: self = .quitNewConnection
        case Code.unknown: self = .unknown
        default: throw .unknownCommand(frame.command)
        }
    }
}

/// The client, as the server's connect command tells it.
package struct MilterClient: Hashable, Sendable {
    /// The name that the server confirmed, or the address in brackets.
    package let host: [UInt8]
    /// Nil for a Unix socket, an unknown family, and an address that cannot be read.
    package let address: IPAddress?
    /// The text of an address that cannot be read.
    package let unreadable: [UInt8]?

    init(_ reader: inout MilterDataReader) throws(MilterError) {
        host = Array(try reader.string().prefix(MilterLimits.text))
        let family = try reader.byte()
        switch family {
        case UInt8(ascii: "4"), UInt8(ascii: "6"):
            _ = try reader.short()
            let text = try reader.string()
            address = PeerText.address(text)
            unreadable = address == nil ? Array(text.prefix(MilterLimits.text)) : nil
        case UInt8(ascii: "L"):
            _ = try reader.short()
            _ = try reader.string()
            address = nil
            unreadable = nil
        case UInt8(ascii: "U"):
            address = nil
            unreadable = nil
        default:
            address = nil
            unreadable = [family]
        }
    }
}

/// The macros that are of use, as the server last gave them.
package struct MilterMacros: Hashable, Sendable {
    package enum Name: String, Hashable, Sendable, CaseIterable {
        case server = "j"
        case validatedClient = "_"
        case queueID = "i"
        case daemonName = "daemon_name"
        case clientAddress = "client_addr"
        case clientName = "client_name"
        case clientPort = "client_port"
        case clientPointer = "client_ptr"
        case clientResolve = "client_resolve"
        case authenticatedUser = "auth_authen"
        case authenticationType = "auth_type"
        case mailAddress = "mail_addr"
    }

    struct Pair: Hashable, Sendable {
        let name: [UInt8]
        let value: [UInt8]
    }

    private var values: [Name: [UInt8]] = [:]

    package init() {}

    /// Nil for a macro that is empty or was not given.
    package subscript(_ name: Name) -> [UInt8]? { values[name] }

    /// What the server found out itself; nil for a word that is none of the four.
    package var hint: ServerHint? {
        let opinion: ServerHint.Opinion? =
            switch self[.clientResolve].map({ String(decoding: $0, as: UTF8.self) }) {
            case "OK": .confirmed
            case "FAIL": .noPointer
            case "FORGED": .forged
            case "TEMP": .failed
            default: nil
            }
        return opinion.map { ServerHint($0, name: self[.clientPointer]) }
    }

    /// Names of one letter may stand in braces or not; unknown ones, and long values, are left out.
    mutating func take(_ pair: Pair) {
        var name = pair.name[...]
        if name.first == UInt8(ascii: "{"), name.last == UInt8(ascii: "}") {
            name = name.dropFirst().dropLast()
        }
        guard let known = Self.names[Array(name)] else { return }
        let isUsable = !pair.value.isEmpty && pair.value.count <= MilterLimits.text
        values[known] = isUsable ? pair.value : nil
    }

    /// What belongs to the client, and not to a message of it.
    mutating func forgetMessage() {
        values[.queueID] = nil
        values[.mailAddress] = nil
    }

    /// Reads the data of a macro command: the command it goes with, then pairs, of which there may
    /// be none.
    static func pairs(_ reader: inout MilterDataReader) throws(MilterError) -> [Pair] {
        _ = try reader.byte()
        var pairs: [Pair] = []
        while !reader.isAtEnd {
            let name = try reader.string()
            guard !reader.isAtEnd else { throw .oddMacros }
            pairs.append(Pair(name: name, value: try reader.string()))
        }
        return pairs
    }

    private static let names = Dictionary(
        uniqueKeysWithValues: Name.allCases.map { (Array($0.rawValue.utf8), $0) })
}

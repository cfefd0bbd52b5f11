package import NetNames

/// The protocols that the guard speaks.
package enum GuardProtocol: String, Hashable, Sendable, CaseIterable {
    case policy
    case milter
    case exim
    case http
    case openSMTPD = "opensmtpd"

    /// For tables.
    var index: Int {
        switch self {
        case .policy: 0
        case .milter: 1
        case .exim: 2
        case .http: 3
        case .openSMTPD: 4
        }
    }
}

/// A protocol and where it is spoken.
package struct GuardListener: Hashable, Sendable {
    package let speaks: GuardProtocol
    package let place: ListenerPlace

    package init(_ speaks: GuardProtocol, at place: ListenerPlace) {
        self.speaks = speaks
        self.place = place
    }
}

package enum ListenerPlace: Hashable, Sendable {
    case tcp(IPAddress, port: UInt16)
    case unix(UnixSocketFile)
    /// A socket that the service manager opened and passed on (sd_listen_fds(3)).
    case descriptor(CInt)
}

/// Where a Unix socket is, and who may connect to it.
package struct UnixSocketFile: Hashable, Sendable {
    package let path: String
    /// Permissions, such as 0o660; connecting needs the right to write.
    package var mode: UInt32
    /// The group's name or number; empty leaves the process's own.
    package var group: String

    package init(path: String, mode: UInt32 = 0o660, group: String = "") {
        self.path = path
        self.mode = mode
        self.group = group
    }
}

extension ListenerPlace: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tcp(let address, let port):
            address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .unix(let file): "unix:\(file.path)"
        case .descriptor(let number): "descriptor \(number)"
        }
    }
}

extension ListenerPlace {
    /// Reads `ADDR:PORT`, `[ADDR]:PORT`, `inet:ADDR:PORT` or `unix:PATH`; nil for anything else.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let unix = Array("unix:".utf8)
        if bytes.starts(with: unix) {
            let path = bytes.dropFirst(unix.count)
            // sun_path holds 108 bytes with its NUL.
            guard path.first == UInt8(ascii: "/"), path.count < 108, !path.contains(0) else {
                return nil
            }
            self = .unix(UnixSocketFile(path: String(decoding: path, as: UTF8.self)))
            return
        }
        let inet = Array("inet:".utf8)
        if bytes.starts(with: inet) { bytes = bytes.dropFirst(inet.count) }
        guard let colon = bytes.lastIndex(of: Ascii.colon),
            let port = Ascii.decimal(bytes[(colon + 1)...], as: UInt16.self)
        else { return nil }
        var host = bytes[..<colon]
        if host.first == Ascii.openBracket, host.last == Ascii.closeBracket {
            host = host.dropFirst().dropLast()
        } else if host.contains(Ascii.colon) {
            return nil
        }
        guard let address = try? IPAddress(parsing: host) else { return nil }
        self = .tcp(address, port: port)
    }
}

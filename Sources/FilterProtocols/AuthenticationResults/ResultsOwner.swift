internal import NetNames

/// In whose name a received Authentication-Results field speaks (RFC 8601 §5).
///
/// A field that names our server, and came from outside, is a forgery: readers behind us would
/// trust it. Only the server's name is read, since whatever follows it does not matter.
package enum ResultsOwner: Hashable, Sendable {
    /// The name that stands first, without quotes and comments.
    case server([UInt8])
    /// No name can be found.
    case unreadable

    /// Reads the value of a field, folded or not.
    package init(of value: [UInt8]) {
        var rest = value[...]
        guard Self.skipComments(&rest), let name = Self.name(&rest), !name.isEmpty else {
            self = .unreadable
            return
        }
        self = .server(name)
    }

    /// Whether a field with this value must not pass a server of this name.
    ///
    /// Where no name can be read, another reader might still find ours in it, so a field that has
    /// our name anywhere goes too.
    package static func isForged(_ value: [UInt8], server: [UInt8]) -> Bool {
        let ours = server.map(Ascii.lowercased)
        switch ResultsOwner(of: value) {
        case .server(let name): return name.map(Ascii.lowercased) == ours
        case .unreadable:
            let lowered = value.map(Ascii.lowercased)
            return lowered.indices.contains { lowered[$0...].starts(with: ours) }
        }
    }

    /// Skips spaces, line ends and comments, nested or not; false when a comment does not end.
    private static func skipComments(_ rest: inout ArraySlice<UInt8>) -> Bool {
        var depth = 0
        while let byte = rest.first {
            switch byte {
            case Ascii.openParenthesis: depth += 1
            case Ascii.closeParenthesis where depth > 0: depth -= 1
            case Ascii.backslash where depth > 0: rest = rest.dropFirst()
            case Ascii.space, Ascii.tab, Ascii.carriageReturn, Ascii.lineFeed: break
            case _ where depth > 0: break
            default: return true
            }
            rest = rest.dropFirst()
        }
        return depth == 0
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        if rest.first == Ascii.quote { return quoted(rest.dropFirst()) }
        let ends: Set<UInt8> = [
            Ascii.space, Ascii.tab, Ascii.carriageReturn, Ascii.lineFeed, Ascii.semicolon,
            Ascii.openParenthesis, Ascii.closeParenthesis, Ascii.quote,
        ]
        return Array(rest.prefix { !ends.contains($0) })
    }

    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = text
        var name: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case Ascii.quote: return name
            case Ascii.backslash:
                guard let next = rest.popFirst() else { return nil }
                name.append(next)
            case Ascii.carriageReturn, Ascii.lineFeed: break
            default: name.append(byte)
            }
        }
        return nil
    }
}

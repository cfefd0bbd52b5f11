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
        // RFC 8601 §2.2 wants a token or a quoted-string. A reader that is less exact may stop at
        // any other byte, and find our name before it.
        self = name.allSatisfy(AuthenticationResults.isTokenByte) ? .server(name) : .unreadable
    }

    /// Whether a field with this value must not pass a server of this name.
    ///
    /// Where no name can be read, another reader might still find ours in it, so a field that has
    /// our name anywhere goes too, with backslashes in it or not.
    package static func isForged(_ value: [UInt8], server: [UInt8]) -> Bool {
        let ours = plain(server)
        switch ResultsOwner(of: value) {
        case .server(let name): return plain(name) == ours
        case .unreadable:
            let lowered = value.filter { $0 != Ascii.backslash }.map(Ascii.lowercased)
            return lowered.indices.contains { lowered[$0...].starts(with: ours) }
        }
    }

    /// In lower case and without the dot of the root: as readers compare names of hosts.
    private static func plain(_ name: [UInt8]) -> [UInt8] {
        let lowered = name.map(Ascii.lowercased)
        return lowered.last == Ascii.dot ? lowered.dropLast() : lowered
    }

    /// Skips spaces, line ends and comments, nested or not; false when a comment does not end.
    private static func skipComments(_ rest: inout ArraySlice<UInt8>) -> Bool {
        var depth = 0
        while let byte = rest.first {
            switch byte {
            case Ascii.openParenthesis: depth += 1
            case Ascii.closeParenthesis where depth > 0: depth -= 1
            case Ascii.backslash where depth > 0: rest = rest.dropFirst()
            case _ where isSpace(byte) || depth > 0: break
            default: return true
            }
            rest = rest.dropFirst()
        }
        return depth == 0
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        if rest.first == Ascii.quote { return quoted(rest.dropFirst()) }
        return Array(rest.prefix { !isSpace($0) && !ends.contains($0) })
    }

    /// What may stand behind a name: results, or a comment.
    private static let ends: Set<UInt8> = [Ascii.semicolon, Ascii.openParenthesis]

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == Ascii.space || byte == Ascii.tab || byte == Ascii.carriageReturn
            || byte == Ascii.lineFeed
    }

    /// Without the spaces at its ends, which readers may leave out.
    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = text
        var name: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case Ascii.quote:
                let start = name.drop(while: isSpace)
                return start.lastIndex { !isSpace($0) }.map { Array(start[...$0]) }
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

package import DNSModel
package import NetNames

/// Records derived from published ones, where only one thing can be meant.
///
/// A record says what a domain's owner wants. What is derived here changes the answer for the one
/// client, or joins and spells what is there; nothing else is guessed.
package enum SPFRepair {
    /// RFC 7208 §3.4: records up to this fit an answer of 512 bytes with some room.
    static let longestText = 450
    /// What one string of a TXT record holds (RFC 1035 §3.3).
    private static let longestString = 255
    private static let qualifiers = Array("+-~?".utf8)

    /// The record with the client's address in front of all mechanisms, so that it is found first.
    /// - Parameters:
    ///   - client: The address to allow.
    ///   - text: The published record.
    /// - Returns: The record; nil where the published one cannot be read, or it would be too long.
    package static func allowing(_ client: IPAddress, in text: [UInt8]) -> RecordData? {
        guard (try? SPFRecord(parsing: text)) != nil else { return nil }
        let term = (client.family == .v4 ? " ip4:" : " ip6:") + client.description
        return data(Array(version1) + Array(term.utf8) + text.dropFirst(version1.count))
    }

    /// Two or more records as one, which RFC 7208 §4.5 wants.
    /// - Parameter texts: The published records.
    /// - Returns: The record; nil where they contradict each other in what stands behind all
    ///   mechanisms, lead on to other records, or ask DNS more often than one record may.
    package static func merging(_ texts: [[UInt8]]) -> RecordData? {
        var terms: [[UInt8]] = []
        var ends: Set<[UInt8]> = []
        var askingDNS = 0
        for text in texts {
            guard let record = try? SPFRecord(parsing: text), record.redirect == nil,
                record.explanation == nil
            else { return nil }
            var end: [UInt8] = []
            for directive in record.directives {
                let term = Array(text[directive.place])
                if directive.mechanism == .all {
                    end = term.map(Ascii.lowercased)
                } else if !terms.contains(term) {
                    terms.append(term)
                    if case .include = directive.mechanism { return nil }
                    if directive.mechanism.asksDNS { askingDNS += 1 }
                    // A mechanism of one record would overrule those of the other.
                    guard directive.result == .pass else { return nil }
                }
            }
            ends.insert(end)
        }
        guard ends.count == 1, let end = ends.first, askingDNS <= SPFLimits.lookupTerms else {
            return nil
        }
        let all = terms + (end.isEmpty ? [] : [end])
        return data(all.reduce(version1) { $0 + [Ascii.space] + $1 })
    }

    /// The record with `ip4` where it says `ipv4`, and the same for IPv6: the slip seen most.
    ///
    /// A qualifier in front (RFC 7208 §4.6.2) stays as it is.
    /// - Parameter text: The published record, which cannot be read.
    /// - Returns: The record; nil where something else is wrong with it.
    package static func respelling(_ text: [UInt8]) -> RecordData? {
        var isChanged = false
        let terms = text.split(separator: Ascii.space).map { term -> [UInt8] in
            let start = term.first.map(qualifiers.contains) == true ? 1 : 0
            let name = Array(term.dropFirst(start).prefix(5).map(Ascii.lowercased))
            guard name == Array("ipv4:".utf8) || name == Array("ipv6:".utf8) else {
                return Array(term)
            }
            isChanged = true
            return term.prefix(start) + Array("ip".utf8) + term.dropFirst(start + 3)
        }
        let joined = Array(terms.joined(separator: [Ascii.space]))
        guard isChanged, (try? SPFRecord(parsing: joined)) != nil else { return nil }
        return data(joined)
    }

    /// A record of one mechanism and what is to be thought of everybody else.
    package static func record(_ text: String) -> RecordData {
        .txt([Array(text.utf8)])
    }

    /// The text as strings of a TXT record; nil where it is too long.
    private static func data(_ text: [UInt8]) -> RecordData? {
        guard text.count <= longestText else { return nil }
        return .txt(
            stride(from: 0, to: text.count, by: longestString).map {
                Array(text[$0..<min($0 + longestString, text.count)])
            })
    }
}

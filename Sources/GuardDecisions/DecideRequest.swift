import NetNames

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is asked over HTTP, from a JSON object or from the query of a URL.
///
/// Text is untrusted.
package struct DecideRequest: Hashable, Sendable {
    package private(set) var ip: [UInt8]?
    package private(set) var helo: [UInt8]?
    package private(set) var recipient: [UInt8]?
    package private(set) var queue: [UInt8]?

    /// Reads `{"ip": "192.0.2.1", "helo": "mail.example.org", …}`; other keys are ignored.
    /// - Returns: Nil for anything but an object, and where one of the four is no text.
    package init?(json: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Texts.self, from: Data(json)) else { return nil }
        let bytes = { (text: String?) in text.map { Array($0.utf8) } }
        ip = bytes(read.ip)
        helo = bytes(read.helo)
        recipient = bytes(read.recipient)
        queue = bytes(read.queue)
    }

    private struct Texts: Decodable {
        let ip: String?
        let helo: String?
        let recipient: String?
        let queue: String?
    }

    /// Reads `ip=192.0.2.1&helo=mail.example.org`; the first of two equal names counts, other names
    /// and what is not encoded as it should be are ignored.
    package init(query: some Collection<UInt8>) {
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = Self.decoded(parts[1]) else { continue }
            switch Array(parts[0]) {
            case Array("ip".utf8): ip = ip ?? value
            case Array("helo".utf8): helo = helo ?? value
            case Array("recipient".utf8): recipient = recipient ?? value
            case Array("queue".utf8): queue = queue ?? value
            default: continue
            }
        }
    }

    /// Nil without an address.
    package var request: GuardRequest? {
        guard let address = ip.flatMap({ try? IPAddress(parsing: $0) }) else { return nil }
        let text = { (bytes: [UInt8]?) in bytes.flatMap { $0.isEmpty ? nil : $0 } }
        return GuardRequest(
            client: address, helo: text(helo), recipient: text(recipient), queueID: text(queue))
    }

    /// Percent-encoding undone (RFC 3986 §2.1), and `+` as forms write a space.
    private static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Ascii.hexValue),
                    let low = rest.popFirst().flatMap(Ascii.hexValue)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+"): bytes.append(Ascii.space)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

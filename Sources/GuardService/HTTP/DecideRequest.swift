import FoundationEssentials
import GuardDecisions
import NetNames

/// What is asked over HTTP, from a JSON object or from the query of a URL.
struct DecideRequest: Decodable {
    var ip: String?
    var helo: String?
    var sender: String?
    var recipient: String?
    var queue: String?

    /// Reads `{"ip": "192.0.2.1", "helo": "mail.example.org", …}`; other keys are ignored.
    init?(json: [UInt8]) {
        guard let read = try? JSONDecoder().decode(DecideRequest.self, from: Data(json)) else {
            return nil
        }
        self = read
    }

    /// Reads `ip=192.0.2.1&helo=mail.example.org`; the first of two equal names counts.
    init(query: some Collection<UInt8>) {
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = Self.decoded(parts[1]) else { continue }
            let text = String(decoding: value, as: UTF8.self)
            switch Array(parts[0]) {
            case Array("ip".utf8): ip = ip ?? text
            case Array("helo".utf8): helo = helo ?? text
            case Array("sender".utf8): sender = sender ?? text
            case Array("recipient".utf8): recipient = recipient ?? text
            case Array("queue".utf8): queue = queue ?? text
            default: continue
            }
        }
    }

    /// Nil without an address.
    var request: GuardRequest? {
        guard let address = ip.flatMap({ try? IPAddress(parsing: Array($0.utf8)) }) else {
            return nil
        }
        let bytes = { (text: String?) in text.flatMap { $0.isEmpty ? nil : Array($0.utf8) } }
        return GuardRequest(
            client: address, helo: bytes(helo), sender: bytes(sender),
            recipient: bytes(recipient), queueID: bytes(queue))
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

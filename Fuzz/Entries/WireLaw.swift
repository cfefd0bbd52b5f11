import DNSWire

/// A message that can be read is written to bytes that read as the same message.
enum WireLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        frameBreach(by: bytes) ?? messageBreach(by: bytes)
    }

    private static func messageBreach(by bytes: [UInt8]) -> String? {
        guard let message = try? Message(reading: bytes) else { return nil }
        let written: [UInt8]
        do {
            written = try MessageWriter.bytes(of: message)
        } catch .messageTooLong {
            // Our compression keeps the spelling of names, so it may need more room.
            return nil
        } catch {
            return "read, but not written: \(error)"
        }
        guard let again = try? Message(reading: written) else { return "written, but not read" }
        return again == message ? nil : "reads differently: \(message) and \(again)"
    }

    /// The first message of a stream does not depend on the pieces it comes in.
    private static func frameBreach(by bytes: [UInt8]) -> String? {
        var whole = StreamFrame()
        var parts = StreamFrame()
        let expected = whole.append(bytes)
        let border = bytes.last.map { min(Int($0), bytes.count) } ?? 0
        let first = parts.append(bytes[..<border])
        let found = first == .needMore ? parts.append(bytes[border...]) : first
        return found == expected ? nil : "a stream cut at \(border) gives \(found)"
    }
}

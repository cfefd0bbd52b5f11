#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Values as JSON that people read, too: sorted keys, a line a field, safe for a terminal.
enum JSONText {
    /// The text with a closing line feed; on one line where many follow each other.
    static func encode(_ value: some Encodable, onOneLine: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        return escapingControls(Array(try encoder.encode(value))) + [0x0a]
    }

    /// DEL and the C1 controls as `\u0080`: JSON allows them, terminals obey them.
    ///
    /// They can only stand inside strings. The encoder has escaped everything below a space.
    private static func escapingControls(_ json: [UInt8]) -> [UInt8] {
        var safe: [UInt8] = []
        safe.reserveCapacity(json.count)
        var index = 0
        while index < json.count {
            // U+0080 to U+009F are the byte 0xC2 and the code itself.
            let isPair =
                json[index] == 0xc2 && index + 1 < json.count && json[index + 1] < 0xa0
            if isPair { index += 1 }
            if isPair || json[index] == 0x7f {
                safe += Array("\\u00\(String(json[index], radix: 16))".utf8)
            } else {
                safe.append(json[index])
            }
            index += 1
        }
        return safe
    }
}

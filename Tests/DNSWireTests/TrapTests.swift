import DNSModel
import DNSWire
import NetNames
import Testing

/// Bytes that set one of the traps of RFC 9267, and how the reader refuses them.
struct Trap: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let hex: String
    let error: WireError

    static func trap(_ label: String, _ hex: String, _ error: WireError) -> Trap {
        Trap(testDescription: label, hex: hex, error: error)
    }

    /// The header of a response with one question and nothing else.
    static let question = "0001 8180 0001 0000 0000 0000 "
    /// One answer, after the question `a. A` that ends at offset 19.
    static let answer = "0001 8180 0001 0001 0000 0000 01 'a' 00 0001 0001 "
    /// No question, one record in additional at offset 12.
    static let additional = "0001 8180 0000 0000 0000 0001 "

    static let all: [Trap] = [
        .trap("nothing at all", "", .endOfData(offset: 0)),
        .trap("half a header", "0001 8180 0001", .endOfData(offset: 6)),
        .trap("a pointer to itself", question + "c00c 0001 0001", .pointer(offset: 12)),
        .trap("a pointer forward", question + "c010 0001 0001 00", .pointer(offset: 12)),
        .trap("a pointer into the header", question + "c004 0001 0001", .pointer(offset: 12)),
        .trap("a pointer past the end", question + "ffff 0001 0001", .pointer(offset: 12)),
        .trap(
            "a pointer to its own labels", question + "01 'a' c00c 0001 0001", .pointer(offset: 14)),
        .trap(
            "a pointer to labels that lead back to it",
            answer + "c00c 0005 0001 00000000 0004 01 'b' c01f",
            .pointer(offset: 33)),
        .trap("half a pointer", question + "c0", .endOfData(offset: 12)),
        .trap("a label of type 0x40", question + "41 'a' 00 0001 0001", .labelType(offset: 12)),
        .trap("a label of type 0x80", question + "81 'a' 00 0001 0001", .labelType(offset: 12)),
        .trap("a label past the end", question + "05 'abc'", .endOfData(offset: 12)),
        .trap("a name without its root", question + "01 'a'", .endOfData(offset: 14)),
        .trap("a question without its type", question + "01 'a' 00 00", .endOfData(offset: 16)),
        .trap("more questions than data", "0001 8180 ffff 0000 0000 0000", .endOfData(offset: 12)),
        .trap(
            "more answers than data",
            "0001 8180 0001 ffff 0000 0000 01 'a' 00 0001 0001 c00c 0001 0001 00000000 0004 c0000201",
            .endOfData(offset: 35)),
        .trap(
            "more authority than data", "0001 8180 0000 0000 0001 0000", .endOfData(offset: 12)),
        .trap(
            "more additional than data", "0001 8180 0000 0000 0000 ffff", .endOfData(offset: 12)),
        .trap(
            "RDLENGTH past the end", answer + "c00c 0001 0001 00000000 0005 c0000201",
            .dataLength(offset: 31)),
        .trap(
            "an A record of three bytes", answer + "c00c 0001 0001 00000000 0003 c00002",
            .dataLength(offset: 31)),
        .trap(
            "an A record of five bytes", answer + "c00c 0001 0001 00000000 0005 c000020100",
            .dataLength(offset: 31)),
        .trap(
            "an empty A record", answer + "c00c 0001 0001 00000000 0000", .dataLength(offset: 31)),
        .trap(
            "an AAAA record of four bytes", answer + "c00c 001c 0001 00000000 0004 c0000201",
            .dataLength(offset: 31)),
        .trap(
            "a PTR longer than its name", answer + "c00c 000c 0001 00000000 0003 c00c00",
            .dataLength(offset: 31)),
        .trap(
            "a PTR shorter than its name", answer + "c00c 000c 0001 00000000 0002 01 'b' 00",
            .dataLength(offset: 31)),
        .trap(
            "an MX without its exchange", answer + "c00c 000f 0001 00000000 0002 000a",
            .dataLength(offset: 31)),
        .trap(
            "a SOA cut off", answer + "c00c 0006 0001 00000000 0008 c00c c00c 00000001",
            .dataLength(offset: 31)),
        .trap(
            "a TXT whose string is longer", answer + "c00c 0010 0001 00000000 0002 05 'a'",
            .dataLength(offset: 31)),
        .trap(
            "a record of another class past the end",
            answer + "c00c 0010 0003 00000000 0009 05 'a'", .dataLength(offset: 31)),
        .trap(
            "an OPT record below a name", additional + "01 'a' 00 0029 04d0 00000000 0000",
            .badExtension(offset: 12)),
        .trap(
            "two OPT records",
            "0001 8180 0000 0000 0000 0002 00 0029 04d0 00000000 0000 00 0029 04d0 00000000 0000",
            .badExtension(offset: 23)),
        .trap(
            "an option longer than its record",
            additional + "00 0029 04d0 00000000 0004 000f 0009", .dataLength(offset: 27)),
        .trap(
            "an extended error of one byte",
            additional + "00 0029 04d0 00000000 0005 000f 0001 00", .dataLength(offset: 27)),
    ]
}

struct TrapTests {
    @Test(arguments: Trap.all)
    func `the reader refuses`(trap: Trap) throws {
        let input = try bytes(trap.hex)
        #expect(throws: trap.error) { try Message(reading: input) }
    }

    @Test func `a chain of 16 pointers is followed, of 17 is not`() throws {
        for (count, isRead) in [(16, true), (17, false)] {
            var input = try bytes("0001 8180 0000 0001 0000 0000 00 0001 0001 00000000")
            // The chain lies in the data of a record of an unknown type: root, then pointers.
            let start = input.count + 2
            var chain: [UInt8] = [0]
            var target = start
            for _ in 1..<count {
                chain += [0xc0 | UInt8(target >> 8), UInt8(target & 255)]
                target = start + chain.count - 2
            }
            input[18] = 99
            input[14] = 99
            input += [0, UInt8(chain.count)] + chain
            input[7] = 2
            input += [0xc0, UInt8(target)] + (try bytes("0001 0001 00000000 0004 c0000201"))
            if isRead {
                #expect(try Message(reading: input).answers.count == 2)
            } else {
                #expect(throws: WireError.tooManyPointers(offset: start + 1)) {
                    try Message(reading: input)
                }
            }
        }
    }

    @Test func `a name of 255 bytes is read, of 256 is not`() throws {
        let label = [UInt8(62)] + Array(repeating: UInt8(ascii: "x"), count: 62)
        let header = try bytes("0001 8180 0001 0000 0000 0000")
        let end: [UInt8] = [0, 0, 1, 0, 1]
        // Four labels of 63 bytes in all and the root are 253; a label of 1 makes 255, of 2 256.
        let four = label + label + label + label
        let fitting = header + four + [1, 0x61] + end
        #expect(try Message(reading: fitting).questions.first?.name.wire.count == 255)
        let over = header + four + [2, 0x61, 0x61] + end
        #expect(throws: WireError.nameTooLong(offset: 12 + 255)) { try Message(reading: over) }
    }

    @Test func `a name may not grow over 255 bytes through a pointer`() throws {
        let label = [UInt8(63)] + Array(repeating: UInt8(ascii: "x"), count: 63)
        let first = label + label + [0]
        let input =
            try bytes("0001 8180 0002 0000 0000 0000") + first + [0, 1, 0, 1]
            + label + label + [0xc0, 12, 0, 1, 0, 1]
        #expect(throws: WireError.self) { try Message(reading: input) }
    }

    @Test func `more than 65535 bytes are refused unread`() {
        let input = [UInt8](repeating: 0, count: 65536)
        #expect(throws: WireError.messageTooLong) { try Message(reading: input) }
    }

    @Test func `a header is read from twelve bytes on`() throws {
        #expect(Message.Header(of: [0, 1, 2]) == nil)
        let header = try #require(
            Message.Header(of: try bytes("abcd 9500 0000 0000 0000 0000")))
        #expect(header.id == 0xabcd)
        #expect(header.opcode == 2)
        #expect(header.flags == [.response, .authoritative, .recursionDesired])
    }

    @Test func `no prefix of a message and no flipped byte traps`() throws {
        for vector in Vector.all {
            let whole = try bytes(vector.hex)
            for count in whole.indices {
                #expect(throws: WireError.self) { try Message(reading: Array(whole[..<count])) }
            }
            for index in whole.indices {
                for bit in 0..<8 {
                    var changed = whole
                    changed[index] ^= 1 << UInt8(bit)
                    _ = try? Message(reading: changed)
                }
            }
        }
    }
}

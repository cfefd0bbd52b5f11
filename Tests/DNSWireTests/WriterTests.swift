import DNSModel
import DNSWire
import NetNames
import Testing

struct WriterTests {
    @Test func `5,000 generated messages come back as they were`() throws {
        var generator = Seeded(state: 2317)
        for _ in 0..<5000 {
            let message = try Generated.message(using: &generator)
            let written = try MessageWriter.bytes(of: message)
            #expect(try Message(reading: written) == message)
        }
    }

    @Test func `5,000 messages of noise never trap`() throws {
        var generator = Seeded(state: 9267)
        for _ in 0..<5000 {
            let base = try MessageWriter.bytes(of: Generated.message(using: &generator))
            var noise = base
            for _ in 0..<4 {
                noise[Int.random(in: noise.indices, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            if let read = try? Message(reading: noise) {
                // What can be read can be written, unless a code lost its extension.
                #expect((try? MessageWriter.bytes(of: read)) != nil)
            }
        }
    }

    @Test func `a chain of names that each extend the last stays readable`() throws {
        var names = [DomainName.root]
        for _ in 0..<100 { names.append(try names[names.count - 1].prepending([0x61])) }
        var message = Message(id: 1, flags: .response)
        message.answers = names.map { .init(name: $0, ttl: 0, data: .ptr($0)) }
        #expect(try Message(reading: try MessageWriter.bytes(of: message)) == message)
    }

    @Test func `names beyond the reach of a pointer are written out`() throws {
        var message = Message(id: 1, flags: .response)
        message.answers = try (0..<1500).map {
            .init(name: try name("host\($0).example"), ttl: 0, data: .ptr(try name("p\($0).test")))
        }
        #expect(try Message(reading: try MessageWriter.bytes(of: message)) == message)
    }

    @Test func `a message over 64 KiB has no wire form`() throws {
        var message = Message(id: 1, flags: .response)
        let long = [[UInt8]](repeating: [UInt8](repeating: 0, count: 255), count: 100)
        message.answers = [.init(name: .root, ttl: 0, data: .txt(long))]
        #expect(try MessageWriter.bytes(of: message).count > 25_000)
        message.answers = Array(repeating: message.answers[0], count: 3)
        #expect(throws: WireError.messageTooLong) { try MessageWriter.bytes(of: message) }
        message.answers = [
            .init(name: .root, ttl: 0, data: .other(.any, [UInt8](repeating: 0, count: 65536)))
        ]
        #expect(throws: WireError.messageTooLong) { try MessageWriter.bytes(of: message) }
        message.answers = Array(
            repeating: .init(name: .root, ttl: 0, data: .other(.any, [])), count: 65536)
        #expect(throws: WireError.messageTooLong) { try MessageWriter.bytes(of: message) }
    }

    @Test func `a string over 255 bytes has no wire form`() {
        var message = Message(id: 1, flags: .response)
        message.answers = [
            .init(name: .root, ttl: 0, data: .txt([[UInt8](repeating: 0, count: 256)]))
        ]
        #expect(throws: WireError.stringTooLong) { try MessageWriter.bytes(of: message) }
    }

    @Test func `a code over 15 needs EDNS`() {
        let message = Message(id: 1, flags: .response, code: .badVersion)
        #expect(throws: WireError.codeNeedsExtension) { try MessageWriter.bytes(of: message) }
    }
}

struct StreamFrameTests {
    @Test func `a frame is the same in pieces of every size`() throws {
        let message = try MessageWriter.bytes(of: try Vector.answer("example", .ptr))
        let stream = StreamFrame.bytes(around: message) + [0xff, 0xff]
        for size in 1...stream.count {
            var frame = StreamFrame()
            var found: [StreamFrame.Step] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                found.append(frame.append(stream[start..<min(start + size, stream.count)]))
                if found.last != .needMore { break }
            }
            #expect(found.last == .message(message))
            #expect(found.dropLast().allSatisfy { $0 == .needMore })
        }
    }

    @Test func `a length shorter than a header is broken`() {
        var frame = StreamFrame()
        #expect(frame.append([0, 11]) == .broken)
        var empty = StreamFrame()
        #expect(empty.append([0, 0]) == .broken)
    }

    @Test func `a length of 65535 without data waits`() {
        var frame = StreamFrame()
        #expect(frame.append([0xff, 0xff, 1, 2, 3]) == .needMore)
    }
}

/// Messages of every shape the model can hold.
enum Generated {
    static func message(using generator: inout Seeded) throws -> Message {
        let edns = Bool.random(using: &generator)
        var message = Message(
            id: .random(in: 0...65535, using: &generator),
            flags: flags.filter { _ in Bool.random(using: &generator) }.reduce(into: []) {
                $0.insert($1)
            },
            opcode: .random(in: 0...15, using: &generator),
            code: ResponseCode(rawValue: .random(in: 0...(edns ? 4095 : 15), using: &generator)))
        if edns {
            message.edns = .init(
                datagramSize: .random(in: 0...65535, using: &generator),
                version: .random(in: 0...255, using: &generator),
                wantsSignatures: .random(using: &generator),
                extendedError: Bool.random(using: &generator)
                    ? .random(in: 0...65535, using: &generator) : nil)
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            message.questions.append(
                Question(
                    try name(using: &generator),
                    RecordType(rawValue: .random(in: 1...300, using: &generator))))
        }
        message.answers = try records(using: &generator)
        message.authority = try records(using: &generator)
        message.additional = try records(using: &generator)
        return message
    }

    private static let flags: [Message.Flags] = [
        .response, .authoritative, .truncated, .recursionDesired, .recursionAvailable,
        .authenticated, .checkingDisabled,
    ]

    /// Names of few labels over a small alphabet, so that tails repeat; some long, some odd.
    private static func name(using generator: inout Seeded) throws -> DomainName {
        var labels: [[UInt8]] = []
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                let count = Int.random(in: 1...48, using: &generator)
                labels.append(
                    (0..<count).map { _ in .random(in: 0...255, using: &generator) })
            default:
                labels.append([.random(in: 0x61...0x64, using: &generator)])
            }
        }
        return try DomainName(labels: labels)
    }

    private static func records(using generator: inout Seeded) throws -> [ResourceRecord] {
        try (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            ResourceRecord(
                name: try name(using: &generator),
                ttl: .random(in: 0...UInt32(Int32.max), using: &generator),
                data: try data(using: &generator))
        }
    }

    private static func data(using generator: inout Seeded) throws -> RecordData {
        let number = UInt32.random(in: 0...UInt32.max, using: &generator)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: return .address(.v4(number))
        case 1: return .address(IPAddress(high: UInt64(number) << 20 | 1, low: UInt64(number)))
        case 2: return .ns(try name(using: &generator))
        case 3: return .cname(try name(using: &generator))
        case 4: return .ptr(try name(using: &generator))
        case 5:
            return .mx(
                preference: UInt16(truncatingIfNeeded: number),
                exchange: try name(using: &generator))
        case 6:
            return .soa(
                .init(
                    primary: try name(using: &generator), mailbox: try name(using: &generator),
                    serial: number, refresh: number / 2, retry: number / 3, expire: 1, minimum: 0))
        case 7:
            return .txt(
                (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    [UInt8](
                        repeating: 0x74, count: Int.random(in: 0...255, using: &generator))
                })
        default:
            return .other(
                RecordType(rawValue: .random(in: 256...65535, using: &generator)),
                (0..<Int.random(in: 0...30, using: &generator)).map { UInt8($0) })
        }
    }
}

import DNSModel
import DNSWire
import NetNames
import Testing

/// A message and its bytes: one table for reading and writing.
struct Vector: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let hex: String
    let message: @Sendable () throws -> Message

    static func vector(
        _ label: String, _ hex: String, _ message: @escaping @Sendable () throws -> Message
    ) -> Vector {
        Vector(testDescription: label, hex: hex, message: message)
    }

    static let all: [Vector] = [
        .vector(
            "a plain query for a PTR record",
            "1234 0120 0001 0000 0000 0000 01 '1' 02 '10' 00 000c 0001"
        ) {
            .query(id: 0x1234, Question(try name("1.10"), .ptr), edns: nil)
        },
        .vector(
            "a query with EDNS and 1232 bytes",
            "0001 0120 0001 0000 0000 0001 02 'mx' 00 0001 0001 00 0029 04d0 00 00 0000 0000"
        ) {
            .query(id: 1, Question(try name("mx"), .a), edns: .init())
        },
        .vector(
            "an answer whose owner is compressed",
            """
            0001 8580 0001 0001 0000 0000 02 'mx' 01 'a' 00 0001 0001
            c00c 0001 0001 00000e10 0004 c0000201
            """
        ) {
            var message = try Vector.answer("mx.a", .a)
            message.answers = [
                .init(name: try name("mx.a"), ttl: 3600, data: .address(.v4(0xc000_0201)))
            ]
            return message
        },
        .vector(
            "every type that is read, its names compressed",
            """
            0001 8580 0001 0007 0000 0000 01 'a' 00 00ff 0001
            c00c 0002 0001 00000001 0005 02 'ns' c00c
            c00c 0005 0001 00000002 0002 c00c
            c00c 000c 0001 00000003 0004 01 'b' c00c
            c00c 000f 0001 00000004 0006 000a 01 'm' c00c
            c00c 0010 0001 00000005 0005 01 'x' 00 01 'y'
            c00c 001c 0001 00000006 0010 20010db8000000000000000000000001
            c00c 0006 0001 00000007 0018 c01f c03e 00000001 00000002 00000003 00000004 00000005
            """
        ) {
            let owner = try name("a")
            var message = try Vector.answer("a", .any)
            message.answers = [
                .init(name: owner, ttl: 1, data: .ns(try name("ns.a"))),
                .init(name: owner, ttl: 2, data: .cname(owner)),
                .init(name: owner, ttl: 3, data: .ptr(try name("b.a"))),
                .init(name: owner, ttl: 4, data: .mx(preference: 10, exchange: try name("m.a"))),
                .init(name: owner, ttl: 5, data: .txt([Array("x".utf8), [], Array("y".utf8)])),
                .init(
                    name: owner, ttl: 6,
                    data: .address(IPAddress(high: 0x2001_0db8_0000_0000, low: 1))),
                .init(
                    name: owner, ttl: 7,
                    data: .soa(
                        .init(
                            primary: try name("ns.a"), mailbox: try name("b.a"), serial: 1,
                            refresh: 2, retry: 3, expire: 4, minimum: 5))),
            ]
            return message
        },
        .vector(
            "a mapped IPv4 address in an AAAA record stays as it came",
            """
            0001 8580 0001 0001 0000 0000 01 'a' 00 001c 0001
            c00c 001c 0001 00000000 0010 00000000000000000000ffffc0000201
            """
        ) {
            var message = try Vector.answer("a", .aaaa)
            let raw = try bytes("00000000000000000000ffffc0000201")
            message.answers = [.init(name: try name("a"), ttl: 0, data: .other(.aaaa, raw))]
            return message
        },
        .vector(
            "a type without a name of its own",
            """
            0001 8580 0001 0001 0000 0000 01 'a' 00 0041 0001
            c00c 0041 0001 00000000 0003 000100
            """
        ) {
            var message = try Vector.answer("a", RecordType(rawValue: 65))
            message.answers = [
                .init(
                    name: try name("a"), ttl: 0, data: .other(RecordType(rawValue: 65), [0, 1, 0]))
            ]
            return message
        },
        .vector(
            "SERVFAIL with an extended error: the signature has expired",
            """
            0001 8182 0001 0000 0000 0001 01 'a' 00 0001 0001
            00 0029 04d0 00 00 8000 0006 000f 0002 0007
            """
        ) {
            var message = try Vector.answer("a", .a)
            message.flags = [.response, .recursionDesired, .recursionAvailable]
            message.code = .serverFailure
            message.edns = .init(wantsSignatures: true, extendedError: 7)
            return message
        },
        .vector(
            "BADVERS, a code of more than four bits",
            "0001 8580 0001 0000 0000 0001 01 'a' 00 0001 0001 00 0029 0200 01 00 0000 0000"
        ) {
            var message = try Vector.answer("a", .a)
            message.code = .badVersion
            message.edns = .init(datagramSize: 512)
            return message
        },
        .vector(
            "a referral: NS below authority, addresses in additional",
            """
            0001 8180 0001 0000 0001 0001 01 'x' 01 'a' 00 0001 0001
            c00e 0002 0001 0000003c 0004 01 'n' c00e
            c021 0001 0001 0000003c 0004 c0000235
            """
        ) {
            var message = try Vector.answer("x.a", .a)
            message.flags.remove(.authoritative)
            message.authority = [
                .init(name: try name("a"), ttl: 60, data: .ns(try name("n.a")))
            ]
            message.additional = [
                .init(name: try name("n.a"), ttl: 60, data: .address(.v4(0xc000_0235)))
            ]
            return message
        },
        .vector(
            "labels of any byte",
            "0001 8580 0001 0000 0000 0000 05 001b0a2eff 00 000c 0001"
        ) {
            var message = try Vector.answer("a", .ptr)
            let odd = try DomainName(labels: [[0x00, 0x1b, 0x0a, 0x2e, 0xff]])
            message.questions = [Question(odd, .ptr)]
            return message
        },
        .vector("a header alone", "ffff 7a30 0000 0000 0000 0000") {
            Message(
                id: 0xffff, flags: [.truncated, .authenticated, .checkingDisabled], opcode: 15)
        },
    ]

    /// A response with one question, authoritative and recursive.
    static func answer(_ text: String, _ type: RecordType) throws -> Message {
        Message(
            id: 1,
            flags: [.response, .authoritative, .recursionDesired, .recursionAvailable],
            questions: [Question(try name(text), type)])
    }
}

struct VectorTests {
    @Test(arguments: Vector.all)
    func `bytes are read as the message`(vector: Vector) throws {
        #expect(try Message(reading: try bytes(vector.hex)) == vector.message())
    }

    @Test(arguments: Vector.all)
    func `the message is written as the bytes`(vector: Vector) throws {
        #expect(try MessageWriter.bytes(of: vector.message()) == bytes(vector.hex))
    }

    @Test func `spelling survives compression`() throws {
        var message = try Vector.answer("MX.Example", .a)
        message.answers = [
            .init(name: try name("mx.example"), ttl: 1, data: .ptr(try name("Mx.eXample")))
        ]
        let read = try Message(reading: try MessageWriter.bytes(of: message))
        #expect(read.questions.first?.name.wire == message.questions.first?.name.wire)
        #expect(read.answers.first?.name.description == "mx.example")
        #expect(read.answers.first?.data == .ptr(try name("Mx.eXample")))
    }

    @Test func `records and questions of other classes are read over`() throws {
        let read = try Message(
            reading: try bytes(
                """
                0001 8580 0002 0002 0000 0000 01 'a' 00 0010 0003 01 'a' 00 0001 0001
                c00c 0010 0003 00000000 0002 01 'x'
                c00c 0001 0001 00000001 0004 c0000201
                """))
        #expect(read.questions == [Question(try name("a"), .a)])
        #expect(read.answers.map(\.data) == [.address(.v4(0xc000_0201))])
    }

    @Test func `a TTL with the top bit set counts as zero`() throws {
        let read = try Message(
            reading: try bytes(
                """
                0001 8580 0001 0001 0000 0000 01 'a' 00 0001 0001
                c00c 0001 0001 80000001 0004 c0000201
                """))
        #expect(read.answers.first?.ttl == 0)
    }

    @Test func `an empty TXT record is kept raw`() throws {
        let read = try Message(
            reading: try bytes(
                "0001 8580 0000 0001 0000 0000 01 'a' 00 0010 0001 00000001 0000"))
        #expect(read.answers.first?.data == .other(.txt, []))
    }

    @Test func `bytes behind the last record are ignored`() throws {
        let read = try Message(reading: try bytes("0001 8580 0000 0000 0000 0000 deadbeef"))
        #expect(read.answers.isEmpty)
    }

    @Test func `the first extended error counts, other options are read over`() throws {
        let read = try Message(
            reading: try bytes(
                """
                0001 8582 0000 0000 0000 0001 00 0029 04d0 00 00 0000
                0014 000a 0002 abcd 000f 0004 0006 'no' 000f 0002 0009
                """))
        #expect(read.edns?.extendedError == 6)
    }
}

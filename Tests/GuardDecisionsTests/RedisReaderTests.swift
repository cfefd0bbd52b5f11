import GuardDecisions
import Testing

/// Replies of the shared cache's server.
@Suite struct RedisReaderTests {
    @Test func `replies come in their order`() throws {
        var reader = RedisReader(longest: 64)
        reader.append(Array("+OK\r\n$5\r\nab\r\nc\r\n$-1\r\n:12\r\n-ERR no\r\n+".utf8))
        var replies: [RedisReply] = []
        while let reply = try reader.next() { replies.append(reply) }
        #expect(
            replies == [
                .status(Array("OK".utf8)), .value(Array("ab\r\nc".utf8)), .absent,
                .number(Array("12".utf8)), .failure(Array("ERR no".utf8)),
            ])
    }

    /// Each piece ends within a value, so that there is never a moment without an open one.
    @Test func `replies that were given are not kept`() throws {
        var reader = RedisReader(longest: 64)
        reader.append(Array("$4\r\nab".utf8))
        for _ in 0..<10_000 {
            #expect(try reader.next() == nil)
            reader.append(Array("cd\r\n$4\r\nab".utf8))
            #expect(try reader.next() == .value(Array("abcd".utf8)))
        }
        #expect(try reader.next() == nil)
        #expect(reader.heldCount < 100)
    }

    @Test(arguments: [
        "*1\r\n", "$65\r\n", "$-2\r\n", "$x\r\n", "\r\n", "+OK\n", "$1\r\nabc",
        String(repeating: "a", count: 2_000),
    ])
    func `nonsense ends it`(text: String) {
        #expect(throws: RedisReader.Broken.self) {
            var reader = RedisReader(longest: 64)
            reader.append(Array(text.utf8))
            _ = try reader.next()
        }
    }
}

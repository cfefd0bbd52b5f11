import GuardDecisions

/// Whatever a server of the shared cache sends, in whatever pieces: the same replies, little in
/// memory, no value longer than allowed; and a reply that was read is one that a server could have
/// written.
enum RedisLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let read = Reading([bytes])
        let border = bytes.last.map { min(Int($0), bytes.count) } ?? 0
        let halves = Reading([Array(bytes.prefix(border)), Array(bytes.dropFirst(border))])
        let single = Reading(bytes.map { [$0] })
        guard read.replies == single.replies, read.isBroken == single.isBroken,
            read.replies == halves.replies, read.isBroken == halves.isBroken
        else { return "pieces make a difference" }
        let most = max(read.mostHeld, single.mostHeld, halves.mostHeld)
        // The line that tells a value's length, the value, and CR LF behind it.
        guard most <= RedisReader.longestLine + 1 + longest + 2 else { return "too much in memory" }
        for case .value(let value) in read.replies where value.count > longest {
            return "a value too long"
        }
        let written = Reading([read.replies.flatMap(bytes(of:))])
        guard written.replies == read.replies, !written.isBroken else {
            return "written differently"
        }
        return nil
    }

    /// The longest value; small, so that the bound is reached.
    private static let longest = 64

    private struct Reading {
        var replies: [RedisReply] = []
        var isBroken = false
        /// The most bytes in memory while more was waited for.
        var mostHeld = 0

        init(_ pieces: [[UInt8]]) {
            var reader = RedisReader(longest: RedisLaw.longest)
            for piece in pieces {
                reader.append(piece)
                do {
                    while let reply = try reader.next() { replies.append(reply) }
                } catch {
                    isBroken = true
                    return
                }
                mostHeld = max(mostHeld, reader.heldCount)
            }
        }
    }

    private static func bytes(of reply: RedisReply) -> [UInt8] {
        let end = Array("\r\n".utf8)
        return switch reply {
        case .status(let text): Array("+".utf8) + text + end
        case .failure(let text): Array("-".utf8) + text + end
        case .number(let text): Array(":".utf8) + text + end
        case .value(let value): Array("$\(value.count)".utf8) + end + value + end
        case .absent: Array("$-1".utf8) + end
        }
    }
}

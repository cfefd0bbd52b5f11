import NIOCore
import NIOPosix

/// HTTP by hand: what a test sends is exactly what arrives.
enum RawClient {
    struct Answer {
        let status: Int
        /// The status line's words.
        let phrase: String
        /// By name in lower case; of equal ones the last.
        let fields: [String: String]
        let body: String

        init(_ text: String) {
            var fields: [String: String] = [:]
            var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
            let words = lines.popFirst()?.split(separator: " ") ?? []
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
            phrase = words.dropFirst(2).joined(separator: " ")
            while let line = lines.popFirst(), !line.isEmpty {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
            }
            self.fields = fields
            body = lines.joined(separator: "\r\n")
        }
    }

    /// Sends the parts, a pause after each, and reads until the other end closes.
    static func talk(
        _ port: Int, _ parts: [String], pause: Duration = .zero
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    for part in parts {
                        // The other end may have closed: that is what such a test is about.
                        try? await outbound.write(ByteBuffer(string: part))
                        try? await Task.sleep(for: pause)
                    }
                }
                var received = ByteBuffer()
                do {
                    for try await var buffer in inbound { received.writeBuffer(&buffer) }
                } catch {
                    // A reset is an end too.
                }
                tasks.cancelAll()
                return String(buffer: received)
            }
        }
    }

    /// Sends a text on a connection that is then left alone: open, and nothing read.
    static func neverRead(_ port: Int, _ text: String) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// One request on a connection of its own.
    static func ask(
        _ port: Int, _ method: String, _ path: String, fields: [String] = [], body: String = ""
    ) async throws -> Answer {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for field in fields { text += field + "\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return Answer(try await talk(port, [text + "\r\n" + body]))
    }

    static func get(_ port: Int, _ path: String, fields: [String] = []) async throws -> Answer {
        try await ask(port, "GET", path, fields: fields)
    }

    /// A check through the API.
    static func check(
        _ port: Int, _ address: String, keep: Bool = false, fields: [String] = []
    ) async throws -> Answer {
        try await ask(
            port, "POST", "/api/v1/check", fields: ["Content-Type: application/json"] + fields,
            body: "{\"ip\":\"\(address)\",\"keep\":\(keep)}")
    }

    static func pool(_ port: Int, _ body: String) async throws -> Answer {
        try await ask(
            port, "POST", "/api/v1/pool", fields: ["Content-Type: application/json"], body: body)
    }

    /// A form as a browser sends it.
    static func form(_ port: Int, _ path: String, _ body: String) async throws -> Answer {
        try await ask(
            port, "POST", path, fields: ["Content-Type: application/x-www-form-urlencoded"],
            body: body)
    }
}

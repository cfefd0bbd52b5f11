import NIOCore
import NIOPosix
import NIOSSL

/// SMTP by hand: what a test sends is exactly what arrives.
struct MailClient {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ""

    static func connect<Result>(
        _ port: Int, _ body: (inout MailClient) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = MailClient(
                channel: channel, outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&client)
        }
    }

    private init(
        channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.channel = channel
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// One whole reply, all its lines; what there is when the other end closes.
    mutating func reply() async -> String {
        while true {
            if let end = Self.endOfReply(in: received) {
                let reply = String(received.utf8.prefix(end)) ?? ""
                received = String(received.utf8.dropFirst(end)) ?? ""
                return reply
            }
            guard let more = try? await inbound.next(isolation: #isolation) else {
                defer { received = "" }
                return received
            }
            received += String(buffer: more)
        }
    }

    mutating func say(_ line: String) async -> String {
        // The other end may have closed: then there is no reply.
        try? await send(line + "\r\n")
        return await reply()
    }

    /// Everything until the other end closes.
    mutating func rest() async -> String {
        var text = ""
        while case let reply = await reply(), !reply.isEmpty { text += reply }
        return text
    }

    /// The client's side of the handshake begins.
    func startTLS() async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        try await channel.channel.eventLoop.submit { [channel = channel.channel] in
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: nil), position: .first)
        }.get()
    }

    private static func endOfReply(in text: String) -> Int? {
        var start = 0
        let bytes = Array(text.utf8)
        while let end = bytes[start...].firstIndex(of: 0x0a) {
            if end - start > 3, bytes[start + 3] == 0x20 { return end + 1 }
            start = end + 1
        }
        return nil
    }
}

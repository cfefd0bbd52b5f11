import LookupEngine
import NIOCore
import NIOPosix

/// One query on its way: whose it is, and the id that its run gave it.
struct SharedQuery {
    let run: SharedRun
    let token: SocketToken
    var bytes: [UInt8]
    /// The first two bytes of a message (RFC 1035 §4.1.1).
    let ownID: (UInt8, UInt8)

    /// Nil for a message without a header.
    init?(_ bytes: [UInt8], of run: SharedRun, _ token: SocketToken) {
        guard bytes.count >= 12 else { return nil }
        self.run = run
        self.token = token
        self.bytes = bytes
        ownID = (bytes[0], bytes[1])
    }
}

/// A datagram socket, connected to one server, that carries the queries of many runs.
///
/// Each query has an id that no other query on this socket has; the run's own id is put back into
/// the answer. Connecting lets the kernel drop what others send, and pick a random port.
final class QueryPort {
    let channel: any Channel
    let openedAt: NIODeadline
    private(set) var served = 0
    private var open: [UInt16: SharedQuery] = [:]
    private var hasUnsent = false
    /// Datagrams that answer no open query: late ones, and guesses.
    private(set) var strays = 0

    init(_ channel: any Channel, at now: NIODeadline) {
        self.channel = channel
        openedAt = now
    }

    var openCount: Int { open.count }

    /// Sends with the next ``flush()``.
    /// - Returns: The id on the wire, by which the query is released.
    func send(_ query: SharedQuery, using generator: inout BulkRandom) -> UInt16 {
        var id = generator.id()
        while open[id] != nil { id = generator.id() }
        var buffer = channel.allocator.buffer(capacity: query.bytes.count)
        buffer.writeInteger(id)
        buffer.writeBytes(query.bytes[2...])
        var kept = query
        kept.bytes = []
        open[id] = kept
        served += 1
        hasUnsent = true
        channel.write(buffer, promise: nil)
        return id
    }

    func flush() {
        guard hasUnsent else { return }
        hasUnsent = false
        channel.flush()
    }

    /// No answer to this id is awaited any more.
    func release(_ id: UInt16) { open[id] = nil }

    func received(_ envelope: AddressedEnvelope<ByteBuffer>) {
        let bytes = envelope.data.readableBytesView
        guard let id = envelope.data.getInteger(at: envelope.data.readerIndex, as: UInt16.self),
            let query = open[id]
        else {
            strays += 1
            return
        }
        var message = Array(bytes)
        message[0] = query.ownID.0
        message[1] = query.ownID.1
        // The kernel has compared the sender since the socket was connected, not before.
        let isFromServer = envelope.remoteAddress == channel.remoteAddress
        query.run.take(.datagram(query.token, message, isFromServer: isFromServer))
    }

    /// The network says that the server is out of reach: so it is for every query.
    func fail() {
        for query in Array(open.values) { query.run.take(.sendFailed(query.token)) }
    }
}

/// Hands what a socket receives to its port.
final class QueryPortHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    var port: QueryPort?
    weak var shelf: ServerPorts?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        port?.received(unwrapInboundIn(data))
    }

    /// On a connected socket an ICMP error comes back as an error of the next operation.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { port?.fail() }

    func channelInactive(context: ChannelHandlerContext) {
        guard let port else { return }
        self.port = nil
        shelf?.forget(port)
        port.fail()
    }
}

import NIOCore
import NIOHTTP1
import NetNames

/// Settles what only a head as it came tells: whether it names a host, and whether it is the last.
///
/// HTTP/1.1 that names no host, or two, gets 400 (RFC 9112 §3.2): it fails like the parser does, whose
/// errors are answered in the order of requests. Whether the host is ours is asked later, where an
/// answer can say so.
///
/// Connection becomes `close` alone where the client wants no further request, in any case, in a list,
/// or by speaking HTTP/1.0 (RFC 9112 §9.3): Hummingbird compares the field with that word exactly, and
/// does not know the version.
final class HeadCheck: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        guard head.version != .http1_1 || head.headers["host"].count == 1 else {
            isBroken = true
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            return
        }
        guard let option = ConnectionOption.wanted(by: head) else {
            context.fireChannelRead(data)
            return
        }
        head.headers.replaceOrAdd(name: "connection", value: option)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

/// What the Connection field says of the connection itself.
enum ConnectionOption {
    static let close = "close"
    static let keepAlive = "keep-alive"

    /// What a request says, in one word; nil where HTTP/1.1 keeps the connection as it does anyway.
    fileprivate static func wanted(by head: HTTPRequestHead) -> String? {
        // `close` counts before all else, whatever stands beside it.
        let options = head.headers[canonicalForm: "connection"].map {
            String(decoding: $0.utf8.map(Ascii.lowercased), as: UTF8.self)
        }
        if options.contains(close) { return close }
        guard head.version != .http1_1 else { return nil }
        return options.contains(keepAlive) ? keepAlive : close
    }

    /// What the answer says to a request that came through ``HeadCheck``.
    ///
    /// A client of HTTP/1.0 takes the answer for the last unless it hears the word, too.
    static func answer(to option: String?) -> String? {
        option == close || option == keepAlive ? option : nil
    }
}

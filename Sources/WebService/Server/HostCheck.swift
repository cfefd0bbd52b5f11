import NIOCore
import NIOHTTP1

/// Refuses what names no host, or two: RFC 9112 §3.2 wants 400 for HTTP/1.1.
///
/// It stands where the head is still as it came, and fails like the parser does, whose errors are
/// answered in the order of requests.
final class HostCheck: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        if case .head(let head) = unwrapInboundIn(data), head.version == .http1_1,
            head.headers["host"].count != 1
        {
            isBroken = true
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            return
        }
        context.fireChannelRead(data)
    }
}

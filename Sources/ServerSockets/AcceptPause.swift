import Glibc
package import NIOCore

/// Stops accepting for a moment when the system has no descriptor or memory for a connection.
///
/// A listening socket stays readable then, and the event loop would be told so without end. NIO's
/// own `AcceptBackoffHandler` (2.101) holds back the next read only, while the failed one is still
/// pending and keeps the socket registered: it went on at full speed in our test.
package final class AcceptPause: ChannelInboundHandler {
    package typealias InboundIn = any Channel

    /// Short beside what a client waits for, long beside an attempt in vain.
    private static let pause = TimeAmount.milliseconds(200)

    /// accept(2): no descriptor is left, for the process or the system, or no memory.
    private static let shortages: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

    package init() {}

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Others are of one connection, which has been closed.
        guard let error = error as? IOError, Self.shortages.contains(error.errnoCode),
            let options = context.channel.syncOptions
        else { return }
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            try? options.setOption(.autoRead, value: true)
        }
    }
}

import Hummingbird
import NIOCore
import NetNames

/// What is known of a request beside its content.
struct WebContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection.
    let peer: IPAddress
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        peer = Visitor(peer: source.channel.remoteAddress).address
    }

    /// Whether the other end can still be answered.
    var isOpen: Bool { channel.isActive }
}

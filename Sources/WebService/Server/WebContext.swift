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
        let text = source.channel.remoteAddress?.ipAddress ?? ""
        // A socket that serves both families sees IPv4 visitors mapped; they are held as IPv4.
        peer = (try? IPAddress(parsing: text.utf8)) ?? .v4(0)
    }

    /// Whether the other end can still be answered.
    var isOpen: Bool { channel.isActive }
}

import Hummingbird
import NIOCore
import NetNames

/// What is known of a request beside its content.
struct WebContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection.
    let peer: IPAddress

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        let text = source.channel.remoteAddress?.ipAddress ?? ""
        // A mapped address is the IPv4 visitor of a socket that serves both families.
        peer = (try? IPAddress(parsing: text.utf8)) ?? .v4(0)
    }
}

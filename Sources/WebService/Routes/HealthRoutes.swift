import Hummingbird
import NIOCore

/// For those who watch over the service.
struct HealthRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        routes.get(Self.health) { _, _ in Self.text("ok\n") }
        routes.get(Self.readiness) { _, _ in
            guard await site.desk.store.isReady() else { throw WebError.storeDown }
            return Self.text("ready\n")
        }
        routes.get(Self.metrics) { _, _ in
            Self.text(
                site.metrics.text(checksUnderWay: site.desk.underWay),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static let health = "/healthz"
    private static let readiness = "/readyz"
    private static let metrics = "/metrics"

    /// Whether a path is one of these: who asks them knows the service's address, not its name.
    static func isOne(_ path: String) -> Bool {
        [health, readiness, metrics].contains(path)
    }

    private static func text(
        _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

import Hummingbird
import NIOCore

/// For those who watch over the service.
struct HealthRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        routes.get("/healthz") { _, _ in Self.text("ok\n") }
        routes.get("/readyz") { _, _ in
            guard await site.desk.store.isReady() else { throw WebError.storeDown }
            return Self.text("ready\n")
        }
        routes.get("/metrics") { _, _ in
            Self.text(
                site.metrics.text(checksUnderWay: site.desk.underWay),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static func text(
        _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

import HTTPTypes
import Hummingbird

/// Adds routes to a router, and notes them.
struct RouteList {
    typealias Handler = @Sendable @concurrent (Request, WebContext) async throws -> Response

    let router: Router<WebContext>
    private(set) var table = RouteTable()

    init(_ router: Router<WebContext>) {
        self.router = router
    }

    mutating func get(_ path: String, _ handler: @escaping Handler) {
        router.get(RouterPath(path), use: handler)
        table.note(path, [.get, .head])
    }

    mutating func delete(_ path: String, _ handler: @escaping Handler) {
        router.delete(RouterPath(path), use: handler)
        table.note(path, [.delete])
    }

    mutating func post(_ path: String, _ handler: @escaping Handler) {
        router.post(RouterPath(path), use: handler)
        table.note(path, [.post])
    }
}

/// Which methods a path knows, for 405, Allow and OPTIONS.
struct RouteTable: Sendable {
    private var methods: [(path: [Substring], methods: [HTTPRequest.Method])] = []

    mutating func note(_ path: String, _ added: [HTTPRequest.Method]) {
        let parts = Self.parts(path)
        if let index = methods.firstIndex(where: { $0.path == parts }) {
            methods[index].methods += added
        } else {
            methods.append((parts, added))
        }
    }

    /// The methods of a path as the Allow field has them (RFC 9110 §10.2.1).
    /// - Returns: Nil for a path that no route has.
    func allowed(_ path: String) -> String? {
        let parts = Self.parts(path)
        let known = methods.filter { route in
            route.path.count == parts.count
                && zip(route.path, parts).allSatisfy { $0.first == ":" || $0 == $1 }
        }
        // `/r/:name` would take `/r/x` and `/r/:name/delete` only what it is: no two overlap.
        guard let route = known.first else { return nil }
        return (route.methods + [.options]).map(\.rawValue).joined(separator: ", ")
    }

    /// Whether programs ask there, so that errors are for them.
    static func isAPI(_ path: String) -> Bool {
        let parts = parts(path)
        return parts.first == "api" && parts.count > 1
    }

    /// As the router sees it: empty parts do not count.
    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}

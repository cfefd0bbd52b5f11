import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import ServiceLifecycle

/// «What do I really send?»: an address for one mail, and the page that waits for it.
struct MailRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        guard let mail = site.mail?.addresses else { return }
        routes.post("/mail") { request, context in try make(mail, request, context) }
        routes.get("/mail/:id/events") { _, context in try events(mail, context) }
        routes.get("/mail/:id") { request, context in try await wait(mail, request, context) }
    }

    private func make(
        _ mail: MailAddresses, _ request: Request, _ context: WebContext
    ) throws -> Response {
        // The check is counted now: its mail cannot be.
        try site.admit(request, context)
        let address = try mail.make()
        return .seeOther("/mail/\(address.id)?owner=\(address.token)")
    }

    private func wait(
        _ mail: MailAddresses, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let id = try context.parameters.require("id")
        guard RandomName.isOne(id) else { throw WebError.gone }
        let address = mail.address(id)
        let owner = request.uri.queryParameters["owner"].map { String($0) }
        let isOwner = address.map { RandomName.areEqual($0.token, owner ?? "") } ?? false
        let query = isOwner ? "?owner=\(owner ?? "")" : ""
        guard let address else {
            guard try await site.isKept(id) else { throw Self.expired }
            return .seeOther(site.path(of: id))
        }
        guard !address.hasCome else { return .seeOther(site.path(of: id) + query) }
        var response = Response.html(
            site.pages.page(
                title: "What do I really send?",
                content: site.pages.mail(
                    MailModel(
                        mailbox: address.mailbox, events: "/mail/\(id)/events",
                        here: "/mail/\(id)\(query)")),
                refresh: Self.interval))
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    /// Server-sent events: a line when a server has connected, then `done`: the page itself knows
    /// how to go on.
    ///
    /// A mail may come half an hour later, so this looks now and then instead of waiting: a watcher
    /// who went away, or the service's end, is found out. The browser asks again by itself.
    private func events(_ mail: MailAddresses, _ context: WebContext) throws -> Response {
        let id = try context.parameters.require("id")
        let job = mail.job(id)
        let body = ResponseBody { writer in
            var seen = 0
            var hasEnded = job == nil
            let end = ContinuousClock.now + Self.longestWatch
            while let job, !hasEnded, ContinuousClock.now < end {
                let news = job.present(after: seen)
                seen += news.lines.count
                for line in news.lines {
                    try await writer.write(ByteBuffer(string: "event: answer\ndata: \(line)\n\n"))
                }
                hasEnded = news.outcome != nil
                guard !hasEnded else { break }
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
            }
            if hasEnded {
                try await writer.write(ByteBuffer(string: "event: done\ndata: done\n\n"))
            } else {
                try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    private static let pause = Duration.milliseconds(500)
    /// Shorter than a request may take.
    private static let longestWatch = Duration.seconds(60)

    /// Seconds between looks where there is no script.
    private static let interval = 10

    private static let expired = WebError(
        status: .notFound, what: "The time of this address is over.",
        hint: "Get another one at the form, and send the mail within half an hour.")
}

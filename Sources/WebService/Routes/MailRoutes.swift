import HTTPTypes
import Hummingbird
import Pages

/// «What do I really send?»: an address for one mail, and the page that waits for it.
struct MailRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        guard let mail = site.mail else { return }
        routes.post("/mail") { request, context in try make(mail, request, context) }
        routes.get("/mail/:id") { request, context in try await wait(mail, request, context) }
    }

    private func make(
        _ mail: MailDesk, _ request: Request, _ context: WebContext
    ) throws -> Response {
        // The check is counted now: its mail cannot be.
        try site.admit(request, context)
        let address = try mail.make()
        return .seeOther("/mail/\(address.id)?owner=\(address.token)")
    }

    private func wait(
        _ mail: MailDesk, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let id = try context.parameters.require("id")
        guard RandomName.isOne(id) else { throw WebError.gone }
        let address = mail.address(id)
        let owner = request.uri.queryParameters["owner"].map { String($0) }
        let isOwner = address.map { RandomName.areEqual($0.token, owner ?? "") } ?? false
        let query = isOwner ? "?owner=\(owner ?? "")" : ""
        if mail.endedJob(id) != nil { return .seeOther(site.path(of: id) + query) }
        guard let address else {
            guard try await site.kept(id) != nil else { throw Self.expired }
            return .seeOther(site.path(of: id))
        }
        var response = Response.html(
            site.pages.page(
                title: "What do I really send?",
                content: site.pages.mail(
                    MailModel(
                        mailbox: address.mailbox, events: "/checks/\(id)/events",
                        report: site.path(of: id) + query, here: "/mail/\(id)\(query)")),
                refresh: Self.interval))
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    /// Seconds between looks where there is no script.
    private static let interval = 10

    private static let expired = WebError(
        status: .notFound, what: "The time of this address is over.",
        hint: "Get another one at the form, and send the mail within half an hour.")
}

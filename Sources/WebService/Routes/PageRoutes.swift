import HTTPTypes
import Hummingbird
import NIOCore
import NetNames
import Pages
import ReceiverModels
import Reports
import SenderIdentity

/// The form, the articles, and what they need.
struct PageRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        routes.get("/") { request, context in form(request, context) }
        routes.get("/findings") { _, _ in findings }
        routes.get("/findings/:code") { _, context in try finding(context) }
        routes.get("/receivers") { _, _ in receivers }
        routes.get("/receivers/:name") { _, context in try receiver(context) }
        routes.get("/api") { _, _ in api }
        routes.get("/assets/:name") { request, context in try asset(request, context) }
    }

    private func form(_ request: Request, _ context: WebContext) -> Response {
        let query = request.uri.queryParameters
        let value = { (name: Substring) in query[name].map { String($0) } ?? "" }
        return page(
            title: "Check a mail server",
            content: site.pages.form(
                FormModel(
                    address: value("ip"), helo: value("helo"), mailFrom: value("mail_from"),
                    visitor: site.offered(request, context), offersMail: site.mail != nil)))
    }

    private var findings: Response {
        article("/findings", title: "Findings") {
            site.pages.articles(
                ArticleList(
                    title: "Findings",
                    entries: FindingPages.pages.map { page in
                        .init(
                            path: "/findings/\(page.code)", name: page.code,
                            text: Self.message(of: page.text))
                    }))
        }
    }

    /// The bold line of an article.
    private static func message(of text: String) -> String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("**") } ?? ""
        return String(line.dropFirst(2).dropLast(2))
    }

    private func finding(_ context: WebContext) throws -> Response {
        let code = try context.parameters.require("code")
        guard let found = FindingPages.pages.first(where: { $0.code == code }) else {
            throw WebError.notFound
        }
        return article("/findings/\(code)", title: code) {
            site.pages.article(
                ArticleModel(markdown: found.text, back: "/findings", backTitle: "All findings"))
        }
    }

    private var receivers: Response {
        article("/receivers", title: "Receivers") {
            site.pages.articles(
                ArticleList(
                    title: "Receivers",
                    entries: Receiver.all.map { receiver in
                        .init(
                            path: "/receivers/\(receiver.id)", name: receiver.name,
                            text: receiver.rules.map(\.id).joined(separator: ", "))
                    }))
        }
    }

    private func receiver(_ context: WebContext) throws -> Response {
        let name = try context.parameters.require("name")
        guard let found = Receiver.all.first(where: { $0.id == name }) else {
            throw WebError.notFound
        }
        return article("/receivers/\(name)", title: found.name) {
            let text = ReceiverCatalogue.page(found, month: site.month())
            return site.pages.article(
                ArticleModel(
                    markdown: "# \(found.name)\n\n" + Self.indented(text), back: "/receivers",
                    backTitle: "All receivers"))
        }
    }

    /// The catalogue's text as one block: an empty line would end it.
    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            .map { $0.isEmpty ? "    \u{a0}" : "    " + $0 }.joined(separator: "\n") + "\n"
    }

    private var api: Response {
        article("/api", title: "API") {
            site.pages.article(
                ArticleModel(markdown: OpenAPI.article, back: "/", backTitle: "To the form"))
        }
    }

    private func asset(_ request: Request, _ context: WebContext) throws -> Response {
        let (text, type): (String, String) =
            switch try context.parameters.require("name") {
            case "heloscope.css": (StyleSheet.text, "text/css; charset=utf-8")
            case "heloscope.js": (Script.text, "text/javascript; charset=utf-8")
            case "icon.svg": (Script.icon, "image/svg+xml")
            default: throw WebError.notFound
            }
        return Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "public, max-age=3600"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// A page of the catalogue, which is the same for everybody.
    private func article(
        _ path: String, title: String, content: () -> String
    ) -> Response {
        let body = site.articles.page(path, in: site.month()) {
            site.metrics.countRendered()
            return site.pages.page(title: title, content: content())
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: body))
    }

    private func page(title: String, content: String) -> Response {
        .html(site.pages.page(title: title, content: content))
    }
}

import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import Reports
import SenderIdentity

/// Running a check from the form, watching it, and its report.
struct CheckRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        routes.post("/check") { request, context in try await check(request, context) }
        routes.get("/checks/:id/events") { _, context in try events(context) }
        routes.get("/r/:name") { request, context in try await report(request, context) }
        routes.post("/r/:name/delete") { request, context in
            try await delete(request, context)
        }
    }

    private struct Form: Decodable {
        let ip: String?
        let helo: String?
        let mail_from: String?
    }

    private func check(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Self.form(Form.self, in: request)
        let subject: Subject
        do {
            subject = try site.subject(
                SubjectInput(
                    address: form.ip ?? "", helo: form.helo ?? "", mailFrom: form.mail_from ?? ""))
        } catch {
            return .html(
                site.pages.page(
                    title: "Check a mail server",
                    content: site.pages.form(
                        FormModel(
                            address: form.ip ?? "", helo: form.helo ?? "",
                            mailFrom: form.mail_from ?? "",
                            visitor: site.offered(request, context),
                            offersMail: site.mail != nil,
                            error: .init(what: error.what, hint: error.hint)))),
                status: error.status)
        }
        try site.admit(request, context)
        let (job, token) = try site.desk.begin(subject)
        let path = "\(site.path(of: job.id))?owner=\(token)"
        if request.headers[.accept] == "application/json" {
            return .json(
                "{\"events\":\"/checks/\(job.id)/events\",\"report\":\"\(path)\"}",
                status: .accepted)
        }
        // Without a script the browser waits on the report's own address.
        return .seeOther(path)
    }

    /// Server-sent events: a line per answer, then `done`.
    private func events(_ context: WebContext) throws -> Response {
        let id = try context.parameters.require("id")
        let job = site.desk.job(id)
        let body = ResponseBody { writer in
            var seen = 0
            while let job {
                // Too many watch: the page goes to the report and waits there.
                guard let news = try? await job.news(after: seen) else { break }
                seen += news.lines.count
                var text = ""
                // A name in presentation form holds no line break, so an event is a line.
                for line in news.lines { text += "event: answer\ndata: \(line)\n\n" }
                if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
                if news.outcome != nil { break }
            }
            try await writer.write(ByteBuffer(string: "event: done\ndata: done\n\n"))
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    // MARK: Kept reports

    private func report(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, form) = try Self.name(try context.parameters.require("name"))
        if let job = site.desk.job(id) ?? site.mail?.addresses.endedJob(id) {
            switch try await job.result() {
            case .kept: break
            case .failed(let error): throw error
            case .unkept(let subject, let evidence):
                return form.response(
                    try await site.unkept(id, subject, evidence, as: form))
            }
        }
        let entry = try await site.kept(id, as: form)
        guard let token = request.uri.queryParameters["owner"].map({ String($0) }),
            entry.owner.matches(token)
        else { return form.response(entry.body) }
        return form.response(site.ownersPage(entry, of: id, token: token))
    }

    private struct Deletion: Decodable {
        let token: String
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, _) = try Self.name(try context.parameters.require("name"))
        let form = try await Self.form(Deletion.self, in: request)
        try await site.desk.delete(id, token: form.token)
        return .html(
            site.pages.page(
                title: "Deleted",
                content: site.pages.message(
                    MessageModel(
                        title: "Deleted", text: "The report is gone.",
                        hint: "Its address leads nowhere now."))))
    }

    /// `ID`, or `ID.json` and its like.
    /// - Throws: ``WebError/gone`` for anything that no report is called.
    static func name(_ text: String) throws -> (id: String, form: ReportForm) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = parts.first, RandomName.isOne(id) else { throw WebError.gone }
        guard parts.count == 2 else { return (String(id), .html) }
        guard let form = ReportForm(rawValue: String(parts[1])), form != .html else {
            throw WebError.gone
        }
        return (String(id), form)
    }

    private static func form<Value: Decodable>(
        _ type: Value.Type, in request: Request
    ) async throws -> Value {
        let body = try await Site.body(of: request, atMost: Site.longestBody)
        do {
            return try URLEncodedFormDecoder().decode(type, from: String(buffer: body))
        } catch {
            throw WebError(
                status: .badRequest, what: "The form could not be read.", hint: "Send it again.")
        }
    }
}

import HTTPTypes
import Hummingbird
import NIOCore
import NetNames
import Reports
import SenderIdentity

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The API, version 1; docs/schema has its documents, OpenAPI describes it.
struct APIRoutes: Sendable {
    let site: Site

    func add(to routes: inout RouteList) {
        routes.get("/api/openapi.json") { _, _ in Response.json(OpenAPI.document) }
        routes.get("/api/v1/receivers") { _, _ in Response.json(try Self.catalogue.get()) }
        routes.get("/api/v1/reports/:id") { _, context in try await report(context) }
        routes.delete("/api/v1/reports/:id") { request, context in
            try await delete(request, context)
        }
        routes.post("/api/v1/check") { request, context in try await check(request, context) }
        routes.post("/api/v1/pool") { request, context in try await pool(request, context) }
    }

    /// Made once: it depends on nothing.
    private static let catalogue = Result { try CatalogueJSON.render() }

    private struct CheckRequest: Decodable {
        let ip: String
        let helo: String?
        let mail_from: String?
        /// Whether the report is kept for others to look at; private by default.
        let keep: Bool?
    }

    private func check(_ request: Request, _ context: WebContext) async throws -> Response {
        let input = try await Self.input(CheckRequest.self, in: request)
        let subject = try site.subject(
            SubjectInput(
                address: input.ip, helo: input.helo ?? "", mailFrom: input.mail_from ?? ""))
        try site.admit(request, context)
        let evidence = try await site.desk.evidence(about: subject)
        let report = Report(subject: subject, evidence: evidence)
        var response = Response.json(try ReportJSON.render(report))
        if input.keep == true {
            let id = RandomName.make()
            let token = RandomName.make()
            try await site.desk.keep(evidence, of: subject, as: id, token: token)
            response.headers[.location] = site.publicURL + site.path(of: id)
            response.headers[.ownerToken] = token
        }
        return response
    }

    /// A pool of a thousand hosts asks as much as some hundred checks; most are smaller.
    private static let poolCost = 10

    private func pool(_ request: Request, _ context: WebContext) async throws -> Response {
        let target = try await Self.input(
            PoolInput.self, in: request, atMost: Site.longestPool
        ).target()
        try site.admit(request, context, cost: Self.poolCost)
        return .json(
            try await site.desk.judgement(on: target) { evidence in
                try PoolJSON.render(PoolReport(on: target, evidence: evidence))
            })
    }

    private func report(_ context: WebContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard RandomName.isOne(id) else { throw WebError.gone }
        return ReportForm.json.response(try await site.kept(id, as: .json).body)
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard RandomName.isOne(id) else { throw WebError.gone }
        try await site.desk.delete(id, token: request.headers[.ownerToken] ?? "")
        return Response(status: .noContent, headers: [.cacheControl: "no-store"], body: .init())
    }

    /// Reads a JSON body.
    /// - Throws: ``WebError`` with 413, 415 or 400.
    static func input<Value: Decodable>(
        _ type: Value.Type, in request: Request, atMost longest: Int = Site.longestBody
    ) async throws -> Value {
        let media = request.headers[.contentType]?.utf8.prefix { $0 != Ascii.semicolon }
        // Spaces may stand before the semicolon (RFC 9110 §5.6.6).
        let name = media?.filter { $0 != Ascii.space && $0 != Ascii.tab }.map(Ascii.lowercased)
        guard name == Array("application/json".utf8) else {
            throw WebError(
                status: .unsupportedMediaType, what: "The body must be application/json.",
                hint: "Send Content-Type: application/json.")
        }
        let body = try await Site.body(of: request, atMost: longest).readableBytesView
        // Foundation reads UTF-16 and UTF-32 too; each has a zero byte in its first sign.
        guard !body.contains(0) else { throw notJSON }
        guard !JSONNesting.isTooDeep(body) else {
            throw WebError(
                status: .badRequest,
                what: "The body has more than \(JSONNesting.deepest) levels of lists and objects.",
                hint: "See /api/openapi.json.")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.keyNotFound(let key, let context) {
            throw WebError.badInput(
                "The field \(key.stringValue) is missing.", hint: "See /api/openapi.json.",
                field: Self.field(at: context.codingPath + [key]))
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            throw WebError.badInput(
                "A value has the wrong type.", hint: "See /api/openapi.json.",
                field: Self.field(at: context.codingPath))
        } catch {
            throw notJSON
        }
    }

    private static let notJSON = WebError(
        status: .badRequest, what: "The body is not JSON.", hint: "See /api/openapi.json.")

    /// Such as `hosts[0].ip`; nil for the whole body.
    private static func field(at path: [any CodingKey]) -> String? {
        let text = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text.isEmpty ? nil : text
    }
}

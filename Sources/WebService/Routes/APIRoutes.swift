import HTTPTypes
import Hummingbird
import NIOCore
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
            try await site.desk.keep(evidence, of: subject, as: id, token: RandomName.make())
            response.headers[.location] = site.publicURL + site.path(of: id)
        }
        return response
    }

    /// A pool of a thousand hosts asks as much as some hundred checks; most are smaller.
    private static let poolCost = 10

    private func pool(_ request: Request, _ context: WebContext) async throws -> Response {
        let target = try await Self.input(PoolInput.self, in: request).target()
        try site.admit(request, context, cost: Self.poolCost)
        let evidence = try await site.desk.evidence(about: target)
        return .json(try PoolJSON.render(PoolReport(on: target, evidence: evidence)))
    }

    private func report(_ context: WebContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard RandomName.isOne(id),
            let kept = try await site.kept(id)
        else { throw WebError.gone }
        let (subject, evidence) = try EvidenceCodec.decode(kept.evidence)
        return .json(try ReportJSON.render(Report(subject: subject, evidence: evidence)))
    }

    /// Reads a JSON body.
    /// - Throws: ``WebError`` with 413, 415 or 400.
    static func input<Value: Decodable>(
        _ type: Value.Type, in request: Request
    ) async throws -> Value {
        let media = request.headers[.contentType]?.split(separator: ";").first
        guard media.map({ $0.lowercased() }) == "application/json" else {
            throw WebError(
                status: .unsupportedMediaType, what: "The body must be application/json.",
                hint: "Send Content-Type: application/json.")
        }
        let body = try await request.body.collect(upTo: Site.longestBody)
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch DecodingError.keyNotFound(let key, _) {
            throw WebError.badInput(
                "The field \(key.stringValue) is missing.", hint: "See /api/openapi.json.",
                field: key.stringValue)
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw WebError.badInput(
                "A value has the wrong type.", hint: "See /api/openapi.json.", field: field)
        } catch {
            throw WebError(
                status: .badRequest, what: "The body is not JSON.", hint: "See /api/openapi.json.")
        }
    }
}

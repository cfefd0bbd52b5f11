import FoundationEssentials
import Testing
import WebService

/// /api/openapi.json against what the API answers.
@Suite(.timeLimit(.minutes(1))) struct DescriptionTests {
    private struct Document: Decodable {
        let paths: [String: [String: Operation]]

        struct Operation: Decodable {
            let responses: [String: Response]
        }

        struct Response: Decodable {}
    }

    private static func document(_ site: TestSite) async throws -> Document {
        let text = try await RawClient.get(site.port, "/api/openapi.json").body
        return try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }

    private static let id = "AAAAAAAAAAAAAAAAAAAAAA"

    @Test func `every answer is described`() async throws {
        try await TestSite.run {
            $0.burst = 1000
        } _: { site in
            let document = try await Self.document(site)
            let json = "Content-Type: application/json"
            let one = "{\"ip\":\"192.0.2.1\"}"
            let pool = "{\"hosts\":[\(one)]}"
            let requests: [(String, String, [String], String, Int)] = [
                ("POST", "/api/v1/check", [json], one, 200),
                ("POST", "/api/v1/check", [json], "{", 400),
                ("POST", "/api/v1/check", [json, "Sec-Fetch-Site: cross-site"], one, 403),
                ("POST", "/api/v1/check", [], one, 415),
                ("POST", "/api/v1/check", [json], "{}", 422),
                ("POST", "/api/v1/pool", [json], pool, 200),
                ("POST", "/api/v1/pool", [json, "Sec-Fetch-Site: cross-site"], pool, 403),
                ("GET", "/api/v1/reports/\(Self.id)", [], "", 404),
                ("DELETE", "/api/v1/reports/\(Self.id)", [], "", 404),
                ("GET", "/api/v1/receivers", [], "", 200),
            ]
            for (method, path, fields, body, status) in requests {
                let answer = try await RawClient.ask(
                    site.port, method, path, fields: fields, body: body)
                #expect(answer.status == status, "\(method) \(path)")
                let route = path.replacing(Self.id, with: "{id}")
                let described = document.paths[route]?[method.lowercased()]?.responses
                #expect(described?["\(status)"] != nil, "\(method) \(path) \(status)")
            }
            site.source.fail()
            // Of another client, or the evidence at hand would answer.
            let other = "{\"ip\":\"192.0.2.2\"}"
            for (path, body) in [
                ("/api/v1/check", other), ("/api/v1/pool", "{\"hosts\":[\(other)]}"),
            ] {
                let answer = try await RawClient.ask(
                    site.port, "POST", path, fields: [json], body: body)
                #expect(answer.status == 500)
                #expect(answer.fields["content-type"] == "application/problem+json")
                #expect(document.paths[path]?["post"]?.responses["500"] != nil)
            }
        }
    }

    /// Of each path, whoever asks it: by a method it does not know, for another site, in a bad moment.
    @Test func `what any path may answer is described for each`() async throws {
        try await TestSite.run({ $0.publicURL = "https://check.example.org" }) { site in
            let document = try await Self.document(site)
            #expect(document.paths.count == 4)
            for (path, operations) in document.paths {
                let real = path.replacing("{id}", with: Self.id)
                #expect(try await RawClient.ask(site.port, "PATCH", real).status == 405)
                let elsewhere = RawClient.Answer(
                    try await RawClient.talk(
                        site.port,
                        ["GET \(real) HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"]))
                #expect(elsewhere.status == 421)
                for (method, operation) in operations {
                    for status in ["405", "421", "500"] {
                        #expect(operation.responses[status] != nil, "\(method) \(path) \(status)")
                    }
                }
            }
        }
    }
}

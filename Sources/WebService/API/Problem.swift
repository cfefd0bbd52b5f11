import HTTPTypes
import Hummingbird
import NIOCore
import Reports

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An error for programs: application/problem+json (RFC 9457).
struct Problem: Encodable {
    let type = "about:blank"
    let title: String
    let status: Int
    let detail: String
    /// The input that is wrong.
    let field: String?

    init(_ error: WebError) {
        title = error.phrase
        status = error.status.code
        detail = MarkupText.visible("\(error.what) \(error.hint)")
        field = error.field
    }

    var response: Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let body = (try? encoder.encode(self)) ?? Data()
        return Response(
            status: .init(code: status),
            headers: [.contentType: "application/problem+json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension Response {
    /// A page.
    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Sends the browser on, to be asked with GET.
    static func seeOther(_ path: String) -> Response {
        Response(
            status: .seeOther, headers: [.location: path, .cacheControl: "no-store"],
            body: .init())
    }
}

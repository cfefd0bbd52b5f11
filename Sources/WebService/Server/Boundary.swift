import HTTPTypes
import Hummingbird
import Logging
import Pages

/// The outermost ring: every error becomes an answer, every answer is counted.
struct Boundary: RouterMiddleware {
    typealias Context = WebContext

    let pages: PageRenderer
    let metrics: WebMetrics

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            response = try await next(request, context)
        } catch let error as WebError {
            response = answer(error, to: request)
        } catch let error as any HTTPResponseError {
            response = answer(Self.described(error.status), to: request)
        } catch is CancellationError {
            response = answer(.overloaded, to: request)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            response = answer(.broken, to: request)
        }
        metrics.countRequest(
            route: context.endpointPath ?? "none", status: response.status.code)
        return response
    }

    private static func described(_ status: HTTPResponse.Status) -> WebError {
        switch status {
        case .notFound: .notFound
        case .contentTooLarge:
            WebError(
                status: status, what: "The request is too large.",
                hint: "A check takes an address and two names.")
        default:
            WebError(
                status: status, what: "The request could not be understood.",
                hint: "See /api/openapi.json for what is understood.")
        }
    }

    private func answer(_ error: WebError, to request: Request) -> Response {
        var response =
            request.uri.path.hasPrefix("/api/")
            ? Problem(error).response
            : Response.html(
                pages.page(
                    title: error.what,
                    content: pages.message(
                        MessageModel(
                            title: "\(error.status.code) \(error.status.reasonPhrase)",
                            text: error.what, hint: error.hint))),
                status: error.status)
        if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}

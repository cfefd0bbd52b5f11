import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOHTTP1
import Pages

/// The outermost ring: every error becomes an answer, every answer is counted.
struct Boundary: RouterMiddleware {
    typealias Context = WebContext

    let pages: PageRenderer
    let metrics: WebMetrics
    let routes: RouteTable
    /// Nil where the settings say no name of the site.
    let host: PublicHost?

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            // HTTP/1.0 may name no host, and no browser speaks it.
            if let host, let named = request.head.authority, !host.isMeant(by: named),
                !HealthRoutes.isOne(request.uri.path)
            {
                throw WebError.misdirected(to: host.url)
            }
            // No other site's page may spend a visitor's rate.
            guard request.method != .post || request.headers[.fetchSite] != "cross-site" else {
                throw WebError.fromElsewhere
            }
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // A body that is no HTTP: the server answers 400 and closes.
            throw error
        } catch let error as WebError {
            response = answer(error, to: request)
        } catch let error as any HTTPResponseError {
            response = refused(error.status, request)
        } catch is CancellationError {
            response = answer(.ending, to: request)
        } catch {
            // Whoever goes away in the middle of his request gets no answer, and no alarm is due.
            if !context.isOpen {
                response = answer(.unreadable, to: request)
            } else {
                context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
                response = answer(.broken, to: request)
            }
        }
        metrics.countRequest(
            route: context.endpointPath ?? "none", status: response.status.code)
        return response
    }

    /// What the router or the reading of a body refused.
    private func refused(_ status: HTTPResponse.Status, _ request: Request) -> Response {
        guard status == .notFound, let allowed = routes.allowed(request.uri.path) else {
            return answer(Self.described(status), to: request)
        }
        if request.method == .options {
            return Response(
                status: .noContent, headers: [.allow: allowed, .cacheControl: "no-store"],
                body: .init())
        }
        var response = answer(.notAllowed, to: request)
        response.headers[.allow] = allowed
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
            .unreadable
        }
    }

    private func answer(_ error: WebError, to request: Request) -> Response {
        var response =
            RouteTable.isAPI(request.uri.path)
            ? Problem(error).response
            : Response.html(
                pages.page(
                    title: error.what,
                    content: pages.message(
                        MessageModel(
                            title: "\(error.status.code) \(error.phrase)",
                            text: error.what, hint: error.hint))),
                status: error.status)
        // The rest of the body is not worth reading.
        if error.status == .contentTooLarge {
            response.headers[.connection] = ConnectionOption.close
        }
        if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}

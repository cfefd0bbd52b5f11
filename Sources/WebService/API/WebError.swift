import HTTPTypes
import NIOHTTP1

/// What a visitor is told: status, what, and how to go on.
struct WebError: Error, Hashable, Sendable {
    let status: HTTPResponse.Status
    let what: String
    let hint: String
    /// Seconds for Retry-After.
    var retryAfter: Int?
    /// The input that is wrong, for the API.
    var field: String?

    /// What a visitor is told of any error.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as WebError: error
            // Only the service's own end cancels what somebody waits for.
            case is CancellationError: .ending
            default: .broken
            }
    }

    init(
        status: HTTPResponse.Status, what: String, hint: String, retryAfter: Int? = nil,
        field: String? = nil
    ) {
        self.status = status
        self.what = what
        self.hint = hint
        self.retryAfter = retryAfter
        self.field = field
    }

    /// The status in words, the same as in the status line.
    var phrase: String { HTTPResponseStatus(statusCode: status.code).reasonPhrase }

    static let fromElsewhere = WebError(
        status: .forbidden, what: "Another site's page sent this.",
        hint: "Fill in the form on this site.")

    /// The Host field names another site (RFC 9110 §15.5.20).
    static func misdirected(to url: String) -> WebError {
        WebError(
            status: .misdirectedRequest, what: "This site has another name.",
            hint: "Ask \(url) for it.")
    }

    static let overloaded = WebError(
        status: .serviceUnavailable, what: "Too many checks are under way.",
        hint: "Try again in a few seconds.", retryAfter: 5)

    static let ending = WebError(
        status: .serviceUnavailable, what: "The service is ending.",
        hint: "Try again in a few seconds.", retryAfter: 5)

    static let poolUnderWay = WebError(
        status: .serviceUnavailable, what: "Another pool is being looked at.",
        hint: "Try again in a few seconds.", retryAfter: 5)

    /// More want to see reports than can be rendered.
    static let crowded = WebError(
        status: .serviceUnavailable, what: "Too many reports are being shown.",
        hint: "Try again in a few seconds.", retryAfter: 2)

    static let broken = WebError(
        status: .internalServerError, what: "The check could not be carried out.",
        hint: "Try again later.")

    static let unreadable = WebError(
        status: .badRequest, what: "The request could not be understood.",
        hint: "See /api/openapi.json for what is understood.")

    static let notAllowed = WebError(
        status: .methodNotAllowed, what: "This page is not asked that way.",
        hint: "The Allow field of the answer says how.")

    /// The store refuses, such as on a full disk; checks go on, their reports are not kept.
    static let notKept = WebError(
        status: .serviceUnavailable, what: "The report cannot be kept now.",
        hint: "Ask without keeping it, or try again later.", retryAfter: 60)

    /// Neither the store nor memory has room for the report of a mail.
    static let noRoom = WebError(
        status: .serviceUnavailable, what: "There is no room for the report.",
        hint: "The server that sent the mail was told the verdict.", retryAfter: 60)

    static let storeDown = WebError(
        status: .serviceUnavailable, what: "Kept reports cannot be read now.",
        hint: "Try again later.", retryAfter: 60)

    static let gone = WebError(
        status: .notFound, what: "There is no such report.",
        hint: "Reports are deleted after some time. Run the check again.")

    static let notFound = WebError(
        status: .notFound, what: "There is no such page.", hint: "Begin at the form.")

    static func tooMany(retryAfter: Int) -> WebError {
        WebError(
            status: .tooManyRequests, what: "Too many checks in a short time.",
            hint: "Try again in \(retryAfter) s, or run heloscope on a host of your own.",
            retryAfter: retryAfter)
    }

    static func badInput(_ what: String, hint: String, field: String?) -> WebError {
        WebError(status: .unprocessableContent, what: what, hint: hint, field: field)
    }
}

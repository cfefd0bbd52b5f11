import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NetNames
import Pages
import SenderIdentity
import Synchronization

/// What the routes share.
struct Site: Sendable {
    let pages: PageRenderer
    let desk: CheckDesk
    /// Nil where no mail addresses are offered.
    let mail: MailDesk?
    let articles = ArticleCache()
    private let proxyWarning = Said()
    let limiter: RateLimiter
    let metrics: WebMetrics
    let trusted: [AddressBlock]
    /// Before paths where a link has to be whole; empty for relative ones.
    let publicURL: String
    let blockLists: [IPAddress.Family: [BlockListZone]]
    /// The present month, as `2026-11`.
    let month: @Sendable () -> String

    /// An address and two names, in JSON or as a form.
    static let longestBody = 64 << 10
    /// A thousand hosts, each with an address and a HELO name of 255 bytes, escaped if need be.
    static let longestPool = 512 << 10

    /// Reads a body.
    /// - Throws: ``WebError`` with 413.
    static func body(of request: Request, atMost longest: Int) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: longest)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw WebError(
                status: .contentTooLarge,
                what: "The request is larger than \(longest >> 10) KiB.",
                hint: longest == longestPool
                    ? "A pool has at most \(PoolLimits.hosts) hosts, an address and a name each."
                    : "A check takes an address and two names.")
        }
    }

    var cache: BodyCache { desk.cache }

    /// What to check for an input: with the block lists that this site asks.
    /// - Throws: ``WebError`` about the field that is wrong.
    func subject(_ input: SubjectInput) throws(WebError) -> Subject {
        let subject = try input.subject()
        return subject.asking(blockLists[subject.address.family] ?? [])
    }

    func visitor(_ request: Request, _ context: WebContext) -> Visitor {
        let visitor = Visitor(
            peer: context.peer, forwardedFor: request.headers[values: .xForwardedFor],
            trusted: trusted)
        if visitor.isUnreadable, proxyWarning.isFirst() {
            context.logger.warning(
                "a trusted proxy's X-Forwarded-For cannot be read: visitors count as the proxy")
        }
        return visitor
    }

    /// The visitor's own address, where it could be one to test.
    func offered(_ request: Request, _ context: WebContext) -> String? {
        let address = visitor(request, context).address
        guard SpecialAddresses.purpose(of: address) == nil else { return nil }
        return "\(address)"
    }

    /// Counts a check, or as many as the cost says, against the visitor's rate.
    /// - Throws: ``WebError`` with 429.
    func admit(_ request: Request, _ context: WebContext, cost: Int = 1) throws {
        let elapsed = ContinuousClock.now - Self.epoch
        let (seconds, attoseconds) = elapsed.components
        let now = Double(seconds) + Double(attoseconds) / 1e18
        guard let wait = limiter.take(visitor(request, context), at: now, cost: cost)
        else { return }
        metrics.countRefused()
        throw WebError.tooMany(retryAfter: wait)
    }

    private static let epoch = ContinuousClock.now

    func path(of id: String) -> String { "/r/\(id)" }
}

extension HTTPField.Name {
    static let xForwardedFor = ours("X-Forwarded-For")
    /// What an API client shows to delete the report that it had kept.
    static let ownerToken = ours("Heloscope-Owner-Token")
    static let fetchSite = ours("Sec-Fetch-Site")

    private static func ours(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            preconditionFailure("a valid field name")
        }
        return name
    }
}

/// What is said once only.
final class Said: Sendable {
    private let isSaid = Atomic(false)

    /// Whether it is the first time.
    func isFirst() -> Bool { !isSaid.exchange(true, ordering: .relaxed) }
}

import HTTPTypes
import Hummingbird
import NetNames
import Pages
import SenderIdentity

/// What the routes share.
struct Site: Sendable {
    let pages: PageRenderer
    let desk: CheckDesk
    /// Nil where no mail addresses are offered.
    let mail: MailDesk?
    let cache: BodyCache
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

    /// What to check for an input: with the block lists that this site asks.
    /// - Throws: ``WebError`` about the field that is wrong.
    func subject(_ input: SubjectInput) throws(WebError) -> Subject {
        let subject = try input.subject()
        return subject.asking(blockLists[subject.address.family] ?? [])
    }

    func visitor(_ request: Request, _ context: WebContext) -> Visitor {
        Visitor(
            peer: context.peer, forwardedFor: request.headers[values: .xForwardedFor],
            trusted: trusted)
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

    /// A kept report.
    /// - Throws: ``WebError/storeDown``.
    func kept(_ id: String) async throws -> ReportStore.Kept? {
        do {
            return try await desk.store.report(id, at: desk.now)
        } catch {
            metrics.countStoreFailure()
            throw WebError.storeDown
        }
    }

    func path(of id: String) -> String { "/r/\(id)" }
}

extension HTTPField.Name {
    static let xForwardedFor: HTTPField.Name = {
        guard let name = HTTPField.Name("X-Forwarded-For") else {
            preconditionFailure("a valid field name")
        }
        return name
    }()
}

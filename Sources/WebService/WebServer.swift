import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import NetNames
import Pages
package import SenderIdentity
import ServiceLifecycle

/// The web page and the API as one service.
package struct WebServer: Service {
    /// What the service is told.
    package struct Options: Sendable {
        package var address: ListeningAddress
        package var publicURL = ""
        package var database = ""
        package var reportDays = 30
        package var maxReports = 100_000
        package var maxMegabytes = 4096
        package var trustedProxies: [AddressBlock] = []
        /// Block lists that every check asks, for IPv4 and for IPv6 clients.
        package var blockLists: [IPAddress.Family: [BlockListZone]] = [:]
        package var maxChecks = 32
        package var maxConnections = 4096
        package var maxConnectionsPerClient = 128
        package var checksPerMinute = 10
        package var burst = 20
        package var checksPerHour = 2000
        /// The domain of one-time mail addresses; nil where none are offered.
        package var mailDomain: String?
        package var times = Times()
        /// SQLite's limit of the database, for tests of a full disk.
        package var databasePages: Int?

        package init(address: ListeningAddress) {
            self.address = address
        }
    }

    private let options: Options
    private let site: Site
    private let logger: Logger
    private let dates: HTTPDate
    private let onListening: @Sendable (Int) async -> Void

    /// Prepares the service; the database is opened, no connection accepted yet.
    /// - Parameters:
    ///   - options: What the settings say.
    ///   - source: Where evidence comes from.
    ///   - logger: Told of failures; never of who asks what.
    ///   - clock: Seconds since 1970-01-01 UTC.
    ///   - month: The present month, as `2026-11`.
    ///   - onListening: Told the port once connections are accepted.
    /// - Throws: ``StoreError``.
    package init(
        _ options: Options, source: EvidenceSource, logger: Logger,
        clock: @escaping @Sendable () -> Int64, month: @escaping @Sendable () -> String,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        self.options = options
        self.logger = logger
        dates = HTTPDate(clock: clock)
        self.onListening = onListening
        let metrics = WebMetrics()
        let addresses = options.mailDomain.map { MailAddresses(domain: $0, clock: clock) }
        let desk = CheckDesk(
            source: source,
            store: try ReportStore(
                path: options.database, most: options.maxReports,
                mostMegabytes: options.maxMegabytes, mostPages: options.databasePages),
            mostChecks: options.maxChecks, reportDays: options.reportDays, metrics: metrics,
            logger: logger, clock: clock, onGone: { addresses?.forget($0) })
        site = Site(
            pages: try PageRenderer(), desk: desk,
            mail: addresses.map { MailDesk($0, desk: desk) },
            limiter: RateLimiter(
                perMinute: options.checksPerMinute, burst: options.burst,
                perHour: options.checksPerHour),
            metrics: metrics, trusted: options.trustedProxies, publicURL: options.publicURL,
            blockLists: options.blockLists, month: month)
    }

    /// What the sender of a mail to a one-time address is told.
    package func mail(to recipient: [UInt8], from client: Subject) async -> MailArrival {
        let subject = client.asking(site.blockLists[client.address.family] ?? [])
        return await site.mail?.arrival(of: recipient, from: subject, publicURL: site.publicURL)
            ?? .unknown
    }

    package func run() async throws {
        let responder = router().buildResponder()
        let dates = dates
        let logger = logger
        let times = RequestDeadline.Times(options.times)
        let closing = ClosingTime(
            grace: .milliseconds(Int64(options.times.closing * 1000)))
        let channel = HTTP1Channel(
            responder: { request, writer, channel in
                let context = WebContext(
                    source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response: Response
                do {
                    response = try await responder.respond(to: request, context: context)
                } catch let error as HTTPParserError {
                    throw error
                } catch {
                    response = Response(status: .internalServerError, body: .init())
                }
                response.headers[.date] = dates.text
                if response.headers[.connection] == nil {
                    response.headers[.connection] = ConnectionOption.answer(
                        to: request.headers[.connection])
                }
                let body = request.method == .head ? ResponseBody() : response.body
                try await writer.write(response: response.head, body: body)
            },
            configuration: .init(
                additionalChannelHandlers: [RequestDeadline(times, closing: closing)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Self.longestHead, maxHeaderListSize: Self.longestHead,
                    maxHeaderFieldCount: Self.mostHeaders)))
        let listener = HTTPListener(
            channel: channel, address: options.address,
            mostConnections: options.maxConnections,
            clients: ClientGate(
                most: options.maxConnectionsPerClient, exempt: options.trustedProxies),
            closing: closing, group: MultiThreadedEventLoopGroup.singleton,
            logger: logger, onListening: onListening)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: Sweeper(site: site), successTerminationBehavior: .ignore),
                .init(service: listener, successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: logger)
        // Below the unit's TimeoutStopSec, whatever keeps a connection.
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            site.desk.cancel()
            await drain()
            throw error
        }
        await drain()
    }

    /// Waits for what is under way, and ends it where this task is cancelled: nothing of it may
    /// outlive the service.
    private func drain() async {
        let site = site
        await withTaskCancellationHandler {
            await Task {
                await site.desk.drain()
                await site.mail?.drain()
            }.value
        } onCancel: {
            site.desk.cancel()
        }
    }

    /// A browser's head takes one or two kilobytes.
    private static let longestHead = 16 << 10
    private static let mostHeaders = 100

    private func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        // Middleware holds for routes that come after it, and it has to know them all before.
        let known = routes(of: Router(context: WebContext.self))
        router.addMiddleware {
            SecurityHeaders()
            Boundary(
                pages: site.pages, metrics: site.metrics, routes: known,
                host: PublicHost(site.publicURL))
        }
        _ = routes(of: router)
        return router
    }

    private func routes(of router: Router<WebContext>) -> RouteTable {
        var list = RouteList(router)
        PageRoutes(site: site).add(to: &list)
        CheckRoutes(site: site).add(to: &list)
        MailRoutes(site: site).add(to: &list)
        APIRoutes(site: site).add(to: &list)
        HealthRoutes(site: site).add(to: &list)
        return list.table
    }
}

extension WebServer.Options {
    /// Seconds that a connection may take, for tests that do not wait as long as strangers may.
    package struct Times: Hashable, Sendable {
        package var head = 10.0
        package var body = 20.0
        package var answer = 120.0
        package var idle = 30.0
        /// For all that is open when the service is to end.
        package var closing = 20.0

        package init() {}
    }
}

extension RequestDeadline.Times {
    init(_ times: WebServer.Options.Times) {
        let amount = { (seconds: Double) in TimeAmount.milliseconds(Int64(seconds * 1000)) }
        head = amount(times.head)
        body = amount(times.body)
        answer = amount(times.answer)
        idle = amount(times.idle)
    }
}

/// Deletes reports past their time.
private struct Sweeper: Service {
    let site: Site

    func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            await site.desk.sweep()
            site.mail?.addresses.sweep()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(60)) }
        }
    }
}

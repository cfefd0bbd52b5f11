import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import NetNames
package import SenderIdentity

/// Asks a registry who holds an address (RDAP: RFC 9082 §3.1.1, found by RFC 9224).
///
/// It shares nothing with the look-ups of DNS, and what fails here changes no verdict.
package struct RegistrationClient: Sendable {
    /// For everything: bootstrap, redirects, answer.
    package static let deadline: Duration = .seconds(5)
    /// A body is read no further: IANA's files have about 10 KiB, networks less than 50.
    package static let longestBody = 256 << 10
    /// Registries send on to the one that has the network: one or two steps.
    package static let mostRedirects = 3

    /// The bootstrap file; nil for IANA's of the address's family.
    let bootstrap: String?
    let reading: RegistrationReading
    let deadline: Duration

    /// - Parameters:
    ///   - bootstrap: A bootstrap file's URL; whoever names one may use plain HTTP.
    ///   - reading: How answers are read.
    ///   - deadline: For everything together.
    package init(
        bootstrap: String?, reading: RegistrationReading, deadline: Duration = Self.deadline
    ) {
        self.bootstrap = bootstrap
        self.reading = reading
        self.deadline = deadline
    }

    /// What the registry says of an address.
    /// - Throws: ``RegistrationFailure``.
    package func registration(of address: IPAddress) async throws(RegistrationFailure)
        -> Registration
    {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .init(deadline), read: .init(deadline))
        // A refused connection is an answer: trying again would only use up the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        let result = await withinDeadline { () async throws(RegistrationFailure) in
            try await ask(client, about: address)
        }
        try? await client.shutdown()
        return try result.get()
    }

    private func ask(
        _ client: HTTPClient, about address: IPAddress
    ) async throws(RegistrationFailure) -> Registration {
        let (file, _) = try await fetch(bootstrap ?? Self.file(for: address), client)
        let bases = try reading.servers(file, address)
        guard let base = bases.first(where: isAllowed) else { throw .refusedAddress }
        let slash = base.utf8.last == UInt8(ascii: "/") ? "" : "/"
        let answer: (body: [UInt8], url: String)
        do {
            answer = try await fetch("\(base)\(slash)ip/\(address)", client)
        } catch .status(404) {
            throw .notFound
        }
        return try reading.registration(answer.body, address, answer.url)
    }

    private static func file(for address: IPAddress) -> String {
        "https://data.iana.org/rdap/\(address.family == .v4 ? "ipv4" : "ipv6").json"
    }

    private func isAllowed(_ url: String) -> Bool {
        url.hasPrefix("https://") || bootstrap != nil && url.hasPrefix("http://")
    }

    /// Gets a URL, through a few redirects, none of them to plain HTTP unless that was chosen.
    private func fetch(
        _ start: String, _ client: HTTPClient
    ) async throws(RegistrationFailure) -> (body: [UInt8], url: String) {
        var url = start
        for _ in 0...Self.mostRedirects {
            guard isAllowed(url) else { throw .refusedAddress }
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "accept", value: "application/rdap+json, application/json")
            request.headers.add(name: "user-agent", value: "heloscope")
            do {
                let response = try await client.execute(request, timeout: .init(deadline))
                switch response.status.code {
                case 200:
                    let body = try await response.body.collect(upTo: Self.longestBody)
                    return (Array(body.readableBytesView), url)
                case 301, 302, 303, 307, 308:
                    guard let next = response.headers.first(name: "location"),
                        let target = Self.target(next, from: url)
                    else { throw RegistrationFailure.refusedAddress }
                    url = target
                case let code:
                    throw RegistrationFailure.status(Int(code))
                }
            } catch let failure as RegistrationFailure {
                throw failure
            } catch is NIOTooManyBytesError {
                throw .tooLarge
            } catch let error as HTTPClientError {
                throw Self.failure(error)
            } catch {
                throw .unreachable
            }
        }
        throw .tooManyRedirects
    }

    private static func failure(_ error: HTTPClientError) -> RegistrationFailure {
        switch error {
        case .deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            .cancelled:
            .timeout
        case .invalidURL, .emptyHost, .emptyScheme: .refusedAddress
        default: .unreachable
        }
    }

    /// An absolute URL, or a path on the same server; registries use nothing else (RFC 3986 §4.2).
    private static func target(_ location: String, from url: String) -> String? {
        if location.hasPrefix("https://") || location.hasPrefix("http://") { return location }
        guard location.hasPrefix("/"), !location.hasPrefix("//") else { return nil }
        // scheme, nothing, host: what stands before the third slash.
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        return "\(parts[0])//\(parts[2])\(location)"
    }

    /// The work's result, or that the time was over first; a body that drips is cut off, too.
    private func withinDeadline(
        _ work: @escaping @Sendable () async throws(RegistrationFailure) -> Registration
    ) async -> Result<Registration, RegistrationFailure> {
        await withTaskGroup(of: Result<Registration, RegistrationFailure>.self) { group in
            group.addTask {
                do throws(RegistrationFailure) {
                    return .success(try await work())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: deadline)
                return .failure(.timeout)
            }
            let first = await group.next() ?? .failure(.timeout)
            group.cancelAll()
            return first
        }
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}

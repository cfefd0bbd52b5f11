/// The settings of the services: heloscope.toml.
///
/// Every key has a default and a comment; scripts/settings-sample makes the sample file and the
/// schema from them. In the file a key is written with hyphens: `max-checks`.
package struct Settings: Codable, Hashable, Sendable {
    /// How DNS is asked.
    package var dns = DNS()
    /// The web page and the API: heloscope serve.
    package var serve = Serve()
    /// The SMTP listener: heloscope listen.
    package var listen = Listen()
    /// The service for mail servers: heloscope guard.
    package var `guard` = Guard()

    package init() {}

    package init(from decoder: any Decoder) throws {
        let table = try SettingsTable(decoder)
        try table.read(&dns, "dns")
        try table.read(&serve, "serve")
        try table.read(&listen, "listen")
        try table.read(&`guard`, "guard")
        try table.refuseOthers()
    }

    /// How DNS is asked.
    package struct DNS: Codable, Hashable, Sendable {
        /// Resolvers as ADDR or ADDR#PORT; empty means those of the system.
        package var resolvers: [String] = []
        /// Seconds for all look-ups of one check.
        package var deadline = 5.0
        /// Whether to walk from the root servers to the keeper where there is no PTR record.
        package var keeper = true

        package init() {}

        package init(from decoder: any Decoder) throws {
            let table = try SettingsTable(decoder)
            try table.read(&resolvers, "resolvers")
            try table.read(&deadline, "deadline", in: 0.1...60)
            try table.read(&keeper, "keeper")
            try table.refuseOthers()
        }
    }

    /// The web page and the API: heloscope serve.
    package struct Serve: Codable, Hashable, Sendable {
        /// Address and port to listen on.
        package var listen = "127.0.0.1:8080"
        /// The site's address, such as https://check.example.org: reports are linked with it, and requests
        /// that name another host get 421; empty means relative links, and any host.
        package var publicURL = ""
        /// The file that keeps reports; empty keeps them in memory until the service ends.
        package var database = ""
        /// Days until a report is deleted.
        package var reportDays = 30
        /// Reports kept, in memory at most 1,000; a new one takes the place of the oldest.
        package var maxReports = 100_000
        /// Megabytes of evidence kept, in memory at most 64; the oldest reports make room.
        package var maxMegabytes = 4096
        /// Proxies whose X-Forwarded-For counts, as addresses or blocks.
        package var trustedProxies: [String] = []
        /// Block lists that every check asks: zones, or "default" for the built-in ones; their keepers
        /// limit who may ask and how often.
        package var blockLists: [String] = []
        /// Checks under way at once; more are answered with 503.
        package var maxChecks = 32
        /// Connections at once; more wait.
        package var maxConnections = 4096
        /// Connections at once of one client, an IPv4 address or an IPv6 /64, but of no trusted proxy.
        package var maxConnectionsPerClient = 128
        /// Checks a minute for one visitor: an IPv4 address, or an IPv6 /64.
        package var checksPerMinute = 10
        /// Checks a visitor may make at once before the rate counts.
        package var burst = 20
        /// Checks an hour for all visitors together.
        package var checksPerHour = 2000
        /// Whether one-time mail addresses are offered; the listener of [listen] answers them.
        package var smtp = false

        package init() {}

        package init(from decoder: any Decoder) throws {
            let table = try SettingsTable(decoder)
            try table.read(&listen, "listen")
            try table.read(&publicURL, "public-url")
            try table.read(&database, "database")
            try table.read(&reportDays, "report-days", in: 1...3650)
            try table.read(&maxReports, "max-reports", in: 1...100_000_000)
            try table.read(&maxMegabytes, "max-megabytes", in: 1...1_000_000)
            try table.read(&trustedProxies, "trusted-proxies")
            try table.read(&blockLists, "block-lists")
            try table.read(&maxChecks, "max-checks", in: 1...10_000)
            try table.read(&maxConnections, "max-connections", in: 1...1_000_000)
            try table.read(
                &maxConnectionsPerClient, "max-connections-per-client", in: 1...1_000_000)
            try table.read(&checksPerMinute, "checks-per-minute", in: 1...1_000_000)
            try table.read(&burst, "burst", in: 1...1_000_000)
            try table.read(&checksPerHour, "checks-per-hour", in: 1...100_000_000)
            try table.read(&smtp, "smtp")
            try table.refuseOthers()
        }
    }

    /// The SMTP listener: heloscope listen.
    package struct Listen: Codable, Hashable, Sendable {
        /// Address and port to listen on; port 25 needs the right to open it.
        package var address = "0.0.0.0:2525"
        /// The name in the greeting; empty means the host's own.
        package var hostname = ""
        /// The reply to RCPT TO: refuse (550) or accept (250, and refuse at DATA).
        package var reply = "refuse"
        /// The certificate chain for STARTTLS, a PEM file; empty offers none.
        package var certificate = ""
        /// The private key for STARTTLS, a PEM file.
        package var privateKey = ""
        /// Connections at once.
        package var maxConnections = 100
        /// Connections at once from one address.
        package var maxConnectionsPerClient = 5

        package init() {}

        package init(from decoder: any Decoder) throws {
            let table = try SettingsTable(decoder)
            try table.read(&address, "address")
            try table.read(&hostname, "hostname")
            try table.read(&reply, "reply", among: ["refuse", "accept"])
            try table.read(&certificate, "certificate")
            try table.read(&privateKey, "private-key")
            try table.read(&maxConnections, "max-connections", in: 1...100_000)
            try table.read(
                &maxConnectionsPerClient, "max-connections-per-client", in: 1...100_000)
            try table.refuseOthers()
        }
    }
}

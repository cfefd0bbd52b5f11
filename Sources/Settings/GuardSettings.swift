extension Settings {
    /// The service for mail servers: heloscope guard.
    package struct Guard: Codable, Hashable, Sendable {
        /// Postfix policy service: addresses as 127.0.0.1:10040, [::1]:10040 or unix:/path.
        package var policy: [String] = []
        /// Milter, for Postfix and Sendmail.
        package var milter: [String] = []
        /// One line in, one line out: for Exim's readsocket.
        package var exim: [String] = []
        /// The HTTP API for rspamd, KumoMTA, Haraka, and metrics.
        package var http: [String] = []
        /// Mode of Unix sockets, as chmod writes it.
        package var socketMode = "0660"
        /// Group of Unix sockets, such as postfix; empty leaves the service's own.
        package var socketGroup = ""
        /// honest refuses nothing; fcrdns-required and strict-helo do, the last against RFC 5321.
        package var profile = "honest"
        /// Per finding accept, header, score N, defer or refuse, such as { no-ptr="refuse" }.
        package var actions: [String: String] = [:]
        /// Accept all mail and log what would have been done.
        package var dryRun = false
        /// Addresses and blocks that are accepted without a look-up.
        package var acceptAddresses: [String] = []
        /// Domains whose clients are accepted: those that a PTR name in them leads back to.
        package var acceptDomains: [String] = []
        /// HELO names, or domains of them, that are accepted where they lead to the client.
        package var acceptHelo: [String] = []
        /// What stands before a code in replies, such as https://mx.example.org/findings/ does.
        package var urlBase = ""
        /// The name in Authentication-Results; empty means the host's own.
        package var authservId = ""
        /// Whether received Authentication-Results in that name are removed (milter).
        package var stripForged = true
        /// Where a milter decides: mail, or rcpt, which knows the recipient.
        package var milterStage = "rcpt"
        /// From this score on OpenSMTPD marks a message as spam; 0 means never.
        package var junkScore = 5.0
        /// Seconds until a policy request is answered; Postfix waits for 100.
        package var policyDeadline = 4.0
        /// Seconds until a milter command is answered; Postfix waits for 30, Sendmail for 10.
        package var milterDeadline = 4.0
        /// Seconds until a line is answered; Exim's readsocket waits for 5.
        package var eximDeadline = 2.5
        /// Seconds until an HTTP request is answered; rspamd waits for 1.
        package var httpDeadline = 0.8
        /// Seconds until an OpenSMTPD filter request is answered; smtpd itself waits.
        package var opensmtpdDeadline = 4.0
        /// Connections at once of one protocol, over all its listeners; more are closed.
        package var maxConnections = 4096
        /// Look-ups under way at once; more clients are accepted unseen.
        package var maxLookups = 10_000
        /// Clients with their HELO names that are remembered.
        package var cacheEntries = 100_000
        /// Least seconds that good clients are remembered, whatever their TTL.
        package var cacheFloor = 10.0
        /// Most seconds that clients are remembered.
        package var cacheCeiling = 3600.0
        /// Most seconds that clients without reverse DNS are remembered.
        package var cacheNegativeCeiling = 900.0
        /// Most seconds that silence is remembered, 8 for other failures; the first time 1.
        package var cacheFailureCeiling = 300.0
        /// A Redis that a fleet of guards shares, such as redis://192.0.2.1:6379/0; empty for none.
        package var redis = ""
        /// A secret common to the fleet: values in Redis without it do not count.
        package var redisSecret = ""
        /// Whether every decision is a line in the log.
        package var log = true
        /// The file that decisions are logged to, opened anew at SIGHUP; empty means standard error.
        package var logFile = ""

        package init() {}

        package init(from decoder: any Decoder) throws {
            let table = try SettingsTable(decoder)
            try readListeners(table)
            try readRules(table)
            try readDeadlines(table)
            try readLimits(table)
            try table.refuseOthers()
        }

        private mutating func readListeners(_ table: SettingsTable) throws {
            try table.read(&policy, "policy")
            try table.read(&milter, "milter")
            try table.read(&exim, "exim")
            try table.read(&http, "http")
            try table.read(&socketMode, "socket-mode")
            try table.read(&socketGroup, "socket-group")
            try table.refuse(
                "socket-mode", unless: Self.isMode(socketMode), hint: "write it as \"0660\"")
        }

        private mutating func readRules(_ table: SettingsTable) throws {
            try table.read(
                &profile, "profile", among: ["honest", "fcrdns-required", "strict-helo"])
            try table.read(&actions, "actions")
            try table.read(&dryRun, "dry-run")
            try table.read(&acceptAddresses, "accept-addresses")
            try table.read(&acceptDomains, "accept-domains")
            try table.read(&acceptHelo, "accept-helo")
            try table.read(&urlBase, "url-base")
            try table.read(&authservId, "authserv-id")
            // No name of a host is longer (RFC 1035 §2.3.4), and the field has to hold more than that.
            try table.refuse(
                "authserv-id",
                unless: authservId.utf8.count <= 255
                    && authservId.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f },
                hint: "it is a name: at most 255 bytes of printable ASCII without spaces")
            try table.read(&stripForged, "strip-forged")
            try table.read(&milterStage, "milter-stage", among: ["mail", "rcpt"])
            try table.read(&junkScore, "junk-score", in: 0...1000)
        }

        /// Each stays a second or more below what its mail server waits for.
        private mutating func readDeadlines(_ table: SettingsTable) throws {
            try table.read(&policyDeadline, "policy-deadline", in: 0.1...99)
            try table.read(&milterDeadline, "milter-deadline", in: 0.1...9)
            try table.read(&eximDeadline, "exim-deadline", in: 0.1...4)
            // rspamd waits for one second, and that cannot be one second below it.
            try table.read(&httpDeadline, "http-deadline", in: 0.1...60)
            try table.read(&opensmtpdDeadline, "opensmtpd-deadline", in: 0.1...60)
        }

        private mutating func readLimits(_ table: SettingsTable) throws {
            try table.read(&maxConnections, "max-connections", in: 1...1_000_000)
            try table.read(&maxLookups, "max-lookups", in: 1...1_000_000)
            try table.read(&cacheEntries, "cache-entries", in: 1...10_000_000)
            try table.read(&cacheFloor, "cache-floor", in: 0...3600)
            try table.read(&cacheCeiling, "cache-ceiling", in: 1...86_400)
            try table.read(&cacheNegativeCeiling, "cache-negative-ceiling", in: 1...86_400)
            // RFC 9520 §3.2 has both bounds.
            try table.read(&cacheFailureCeiling, "cache-failure-ceiling", in: 1...300)
            try table.refuse(
                "cache-floor", unless: cacheFloor <= cacheCeiling,
                hint: "it cannot be more than cache-ceiling")
            try table.read(&redis, "redis")
            try table.refuse(
                "redis", unless: redis.isEmpty || redis.utf8.starts(with: "redis://".utf8),
                hint:
                    "write redis://HOST:PORT, redis://:PASSWORD@HOST:PORT or redis://HOST:PORT/NUMBER"
            )
            try table.read(&redisSecret, "redis-secret")
            try table.read(&log, "log")
            try table.read(&logFile, "log-file")
        }

        private static func isMode(_ text: String) -> Bool {
            let digits = Array(text.utf8)
            return (3...4).contains(digits.count)
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        }
    }
}

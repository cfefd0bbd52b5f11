package import FilterProtocols
package import GuardDecisions
package import Resolution
package import SenderIdentity

/// What the guard is told when it starts; the rest may change with a reload.
package struct GuardOptions: Sendable {
    package var listeners: [GuardListener] = []
    package var source: LookupSource
    package var deadlines = Deadlines()
    package var limits = Limits()
    package var cache = DecisionCache.Bounds()
    /// What a fleet of guards shares; nil for none.
    package var sharedCache: SharedCacheOptions?
    /// The file that decisions are logged to; empty means the standard error.
    package var logFile = ""
    /// Whether decisions are logged at all.
    package var logsDecisions = true
    /// For the metrics.
    package var version = "unknown"
    /// Event loops; each has its own sockets to the resolvers.
    package var threads = 2

    package init(source: LookupSource) {
        self.source = source
    }

    /// When a request is answered without the look-ups, which may go on and fill the cache.
    ///
    /// Each is at least a second below the time that the mail server waits.
    package struct Deadlines: Hashable, Sendable {
        /// Documented for Postfix with a time-out of 10 s; its own default is 100 s.
        package var policy = Duration.seconds(4)
        /// Postfix and Sendmail wait 10 to 30 s for a milter.
        package var milter = Duration.seconds(4)
        /// Exim's `${readsocket}` waits 5 s; the documented line has 4 s.
        package var exim = Duration.milliseconds(2500)
        /// rspamd waits a second for a map.
        package var http = Duration.milliseconds(800)
        /// smtpd waits as long as its client does.
        package var openSMTPD = Duration.seconds(4)
        /// For the look-ups themselves.
        package var lookups = LookupDeadline.usual

        package init() {}
    }

    /// What strangers may take, since a port may be reached by more than the mail server.
    package struct Limits: Hashable, Sendable {
        /// Connections of one protocol, over all its listeners; Postfix has 100 processes by default.
        package var connections = 4_096
        /// Look-ups under way for different clients; more requests are let through at once.
        ///
        /// At 15,000 decisions a second and 100 ms each, 1,500 are under way; 2,000 clients a second
        /// whose DNS is silent for all of five seconds are 10,000. Each takes some 5 KiB.
        package var lookups = 10_000
        /// For a request from its first byte to its last: a mail server writes it in one piece.
        package var request = Duration.seconds(10)
        /// Between two requests on a policy connection; Postfix closes after 300 s.
        package var policyIdle = Duration.seconds(330)
        /// Between two commands of a milter session: a large message is on its way meanwhile, and
        /// libmilter waits as long.
        package var milterIdle = Duration.seconds(7210)
        /// Until Exim or an HTTP client has sent its request, or the next one.
        package var lineIdle = Duration.seconds(30)
        /// For answers that the peer does not read, before the connection is cut.
        package var unread = Duration.seconds(5)
        /// For the sessions that are open when the service ends.
        package var drain = Duration.seconds(20)

        package init() {}
    }
}

package enum LookupDeadline {
    /// What a check has; longer than any listener waits, so that the cache learns from it.
    package static let usual = Duration.seconds(5)
}

/// What a reload may change, checked and ready.
package struct GuardConfiguration: Sendable {
    package var rules: GuardRules
    package var words: GuardWords
    package var milterStage = MilterSettings.Stage.recipient
    /// Whether Authentication-Results fields in our name that came from outside are removed.
    package var stripsForgedResults = true

    package init(rules: GuardRules, words: GuardWords) {
        self.rules = rules
        self.words = words
    }
}

/// The configuration in force on an event loop: rules and words are large, and looked at for every
/// request, so they are not copied for it.
final class Ruling {
    let rules: GuardRules
    let words: GuardWords
    let configuration: GuardConfiguration

    init(_ configuration: GuardConfiguration) {
        rules = configuration.rules
        words = configuration.words
        self.configuration = configuration
    }
}

/// Where the answers come from.
package enum LookupSource: Sendable {
    case resolvers([ResolverAddress], named: [Evidence.Source])
    /// A world of zone files: answers without waiting, for tests and for trying the guard out.
    case scripted(named: [Evidence.Source], ScriptedLookup)
}

/// Collects evidence without a network: what is empty so far, the deadline, the planner.
package typealias ScriptedLookup =
    @Sendable (
        Evidence, Duration, @escaping (Evidence) -> [PlannedQuestion]
    ) -> Evidence

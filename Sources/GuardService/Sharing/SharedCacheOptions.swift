import GuardDecisions

/// The cache that the guards of a fleet share: a server that speaks Redis' protocol.
package struct SharedCacheOptions: Hashable, Sendable {
    package var place: ListenerPlace
    /// For AUTH; empty for none.
    package var password = ""
    package var database = 0
    /// Common to the guards that share; values that were not written with it are not believed.
    package var secret = ""
    /// For one question: longer, and asking the DNS itself is as good.
    package var deadline = Duration.milliseconds(5)

    package init(place: ListenerPlace) {
        self.place = place
    }
}

enum SharedCacheLimits {
    /// Commands without a reply: a server that is so far behind is no help.
    static let ahead = 4_096
    /// Questions in a row that ran out of time before the server is left alone for a while.
    static let patience = 8
    /// How long it is left alone, doubled each time it does not help.
    static let firstPause = Duration.milliseconds(500)
    static let longestPause = Duration.seconds(30)
    /// For a connection to come up.
    static let connecting = Duration.milliseconds(500)
}

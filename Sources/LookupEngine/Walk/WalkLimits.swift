/// How far a walk from the root goes, each with its reason; packets are its stage's budget.
package enum WalkLimits {
    /// For the whole walk: servers far away, some of them silent, in a row of five zones.
    package static let deadline: Duration = .seconds(10)

    /// How long each try of one server is waited for.
    ///
    /// Two tries, because a lost packet must not make a server look silent. No name server needs a
    /// second to answer from its own data.
    static let tries: [Duration] = [.milliseconds(1200), .milliseconds(1800)]

    /// The second try goes without EDNS: some paths drop it, and these answers are small.
    static let triesWithExtension = 1

    /// Servers of a zone asked at once until one of them refers on: quick where one is dead, and
    /// light on the root's and the registries' servers.
    static let serversAtOnce = 3

    /// How long replies already asked for are waited for at the end, so that servers that contradict
    /// each other are seen whichever is faster: longer than a round trip around the world.
    static let patience: Duration = .milliseconds(400)

    /// The same for look-ups of servers' own names.
    static let serversAtOnceForNames = 2

    /// Server names of one zone that are used: the root has thirteen, and nobody more to good use.
    package static let servers = 13

    /// Addresses of one server name that are asked: its IPv4 addresses, or else its IPv6 addresses.
    static let addressesPerServer = 2

    /// Look-ups of names of servers without glue: the registries' servers alone are six.
    package static let serverNames = 24

    /// Such look-ups inside each other: a name in a zone whose servers' names lie elsewhere again.
    static let serverNameDepth = 3

    /// Zones below each other: a full IPv6 name crosses seven, with a customer's own zones eleven.
    package static let cuts = 12
}

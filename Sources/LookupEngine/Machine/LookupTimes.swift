/// How long and how often the DNS client asks, each with its reason.
package enum LookupTimes {
    /// For everything one verdict asks: what a person or an MTA waits for without giving up.
    package static let deadline: Duration = .seconds(5)

    /// How long each try is waited for before the next: four tries fill the deadline exactly.
    ///
    /// The first covers a resolver that itself has to ask far away; resend sooner and a slow
    /// network would carry everything twice.
    package static let tries: [Duration] = [
        .milliseconds(800), .milliseconds(1200), .milliseconds(1600), .milliseconds(1400),
    ]

    /// How long a connection is waited for before the question is asked afresh elsewhere.
    ///
    /// A handshake and an answer are two round trips, even a resent handshake (1 s) fits.
    package static let stream: Duration = .seconds(2)

    /// From this try on, a question nobody answered is sent without EDNS: some paths drop it.
    package static let triesWithExtension = 2

    /// Replies that do not fit before TCP is used: someone guesses, and TCP cannot be guessed.
    package static let strangeReplies = 3

    /// Usable replies that decide nothing, when there is one server: it may recover once.
    package static let weakRepliesOfOneServer = 2

    /// How long a failure is believed, between the 1 s and 5 min of RFC 9520 §3.2.
    package static let failureMemory: Duration = .seconds(5)
    /// Longest memory of an answer: a day, so that a wild TTL cannot pin a mistake.
    package static let longestAnswerMemory: Duration = .seconds(86_400)
    /// Longest memory of an absence: three hours (RFC 2308 §5 suggests one to three).
    package static let longestAbsenceMemory: Duration = .seconds(10_800)
}

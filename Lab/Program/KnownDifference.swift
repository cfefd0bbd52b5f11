/// A class of situations in which a model and its real server are known to differ.
///
/// Each is a row of `docs/receivers/differences.md`, which has its cause; both lists must be the
/// same.
package struct KnownDifference: Sendable {
    /// What the row calls it.
    package let name: String
    package let server: Server
    /// Whether a differing situation belongs to the class.
    ///
    /// It looks at both replies, too, so that a new mistake in the same situations is not excused.
    package let explains:
        @Sendable (_ situation: Situation, _ real: Outcome, _ ours: Outcome) -> Bool

    package init(
        name: String, server: Server,
        explains:
            @escaping @Sendable (_ situation: Situation, _ real: Outcome, _ ours: Outcome) -> Bool
    ) {
        self.name = name
        self.server = server
        self.explains = explains
    }

    /// Every known one.
    package static let all = [Server.postfix, .exim, .sendmail].map(greetingWord)

    /// The reply repeats the client's command, which the models take for EHLO.
    private static func greetingWord(_ server: Server) -> KnownDifference {
        KnownDifference(name: "greeting-word", server: server) { _, real, ours in
            guard case .refused(let stage, let line) = ours, line.contains("EHLO") else {
                return false
            }
            return real == .refused(at: stage, line.replacing("EHLO", with: "HELO"))
        }
    }

    /// Fails unless the page's rows are the known differences, in whatever order.
    package static func check(_ known: [KnownDifference], against page: String) throws {
        let implemented = Set(known.map { "\($0.name) of \($0.server.rawValue)" })
        let written = Set(try rows(of: page))
        if let name = implemented.subtracting(written).min() {
            throw Failure("the page of differences has no row \(name)")
        }
        if let name = written.subtracting(implemented).min() {
            throw Failure("the page of differences has a row that nobody implements: \(name)")
        }
    }

    /// The first two cells of the table below the heading `Rows`: name in backticks, server.
    private static func rows(of page: String) throws -> [String] {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        guard let heading = lines.firstIndex(of: "## Rows") else {
            throw Failure("the page of differences has no heading: Rows")
        }
        return lines[(heading + 1)...].prefix { !$0.hasPrefix("## ") }
            .filter { $0.hasPrefix("| `") }
            .map { line in
                let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
                let words = cells.prefix(2).compactMap { $0.split(separator: " ").first }
                return words.map { $0.replacing("`", with: "") }.joined(separator: " of ")
            }
    }
}

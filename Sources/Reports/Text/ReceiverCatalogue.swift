package import ReceiverModels
import SenderIdentity

/// The catalogue for a terminal: all receivers in a line per rule, or one of them in full.
///
/// Printing rules: the setting as the admin knows it comes first, then whether it is on; replies
/// stand whole, their placeholders in braces; those that need a setting other than the
/// default say so. Nothing is wider than the terminal.
package enum ReceiverCatalogue {
    /// Every receiver with its rules.
    /// - Parameters:
    ///   - receivers: In the order of their weight for senders.
    ///   - month: The present month, as `2026-11`.
    ///   - width: Columns of the terminal.
    /// - Returns: The text.
    package static func list(
        _ receivers: [Receiver] = Receiver.all, month: String, width: Int = 80
    ) -> String {
        var page = TextPage(width: width, isColored: false)
        for receiver in receivers {
            page.line(.init(column(receiver.id, 24) + receiver.name))
            for rule in receiver.rules {
                let state = rule.isOnByDefault ? "on " : "off"
                page.paragraph(
                    .init("  " + column(rule.id, 40)),
                    "\(state) \(column(rule.stage.rawValue, 8))\(basis(rule, month))")
            }
        }
        page.blank()
        page.paragraph(
            .init(""),
            "on, off: the server's default. heloscope receivers NAME shows rules, replies and"
                + " sources.")
        return page.text
    }

    /// One receiver: what it checks, under which settings, with which replies.
    /// - Parameters:
    ///   - receiver: Whose rules.
    ///   - month: The present month, as `2026-11`.
    ///   - width: Columns of the terminal.
    /// - Returns: The text.
    package static func page(_ receiver: Receiver, month: String, width: Int = 80) -> String {
        var page = TextPage(width: width, isColored: false)
        page.line(.init("\(receiver.name) (\(receiver.id))"))
        for setting in receiver.settings {
            page.blank()
            let values = setting.values.enumerated().map { index, value in
                index == 0 ? "\(value) (default)" : value
            }
            page.paragraph(
                .init(""), "\(setting.name): \(values.joined(separator: ", "))")
            page.paragraph(.init("  "), setting.meaning)
            page.paragraph(
                .init("  "),
                "check … --receiver \(receiver.id):\(setting.name)=\(setting.values.last ?? "")")
        }
        for rule in receiver.rules {
            page.blank()
            let state = rule.isOnByDefault ? "on by default" : "off by default"
            page.paragraph(.init(""), "\(rule.setting ?? rule.id): \(state)")
            if !rule.summary.isEmpty { page.paragraph(.init("  "), rule.summary) }
            page.paragraph(.init(column("  stage", 10)), rule.stage.rawValue)
            for reply in receiver.replies(of: rule) {
                page.paragraph(
                    .init(column("  reply", 10)), text(reply.effect) + conditions(reply))
            }
            for score in receiver.scores(of: rule) {
                page.paragraph(
                    .init(column("  score", 10)),
                    ReceiverRow.phrase(score.effect) + conditions(score))
            }
            if !rule.because.isEmpty {
                page.paragraph(
                    .init(column("  for", 10)),
                    rule.because.map(\.rawValue).joined(separator: ", "))
            }
            if let change = rule.change {
                let word = rule.isOnByDefault ? "  off" : "  on"
                page.paragraph(.init(column(word, 10)), "in \(change.file):")
                for line in change.lines {
                    page.paragraph(.init(column("", 12)), line)
                }
            }
            let version = rule.source.version.map { ", \($0)" } ?? ""
            page.paragraph(.init(column("  source", 10)), rule.source.document + version)
            page.paragraph(.init(column("  known", 10)), basis(rule, month))
        }
        return page.text
    }

    /// `documented 2026-11`, and whether that was too long ago.
    private static func basis(_ rule: Rule, _ month: String) -> String {
        let source = rule.source
        let words = "\(source.basis.rawValue) \(source.checked)"
        return source.isStale(in: month) ? words + " stale" : words
    }

    /// `, with fail_action=reject`; what holds by default goes without saying.
    private static func conditions<Effect>(_ listed: Listed<Effect>) -> String {
        listed.conditions.filter { !$0.holdsByDefault }.map {
            ", with \($0.setting)=\($0.values.joined(separator: " or "))"
        }.joined()
    }

    private static func text(_ reply: ReplyTemplate) -> String {
        let line = [String(reply.code), reply.enhancedCode, reply.pattern].compactMap { $0 }
            .joined(separator: " ")
        return "\(line) (\(reply.isTemporary ? "temporary" : "permanent"))"
    }
}

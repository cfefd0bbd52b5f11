package import ReceiverModels

/// The open catalogue of receivers and their rules: docs/receivers/catalogue.json.
///
/// Receivers and rules stand sorted by their identifiers, so that the file is the same on every
/// machine and a change shows as a change.
package enum CatalogueJSON {
    package static func render(_ receivers: [Receiver] = Receiver.all) throws -> String {
        String(decoding: try JSONText.encode(CatalogueDocument(receivers)), as: UTF8.self)
    }
}

struct CatalogueDocument: Encodable {
    let format = "heloscope-receivers"
    let version = 1
    let receivers: [Entry]

    init(_ receivers: [Receiver]) {
        self.receivers = receivers.map(Entry.init).sorted { $0.id < $1.id }
    }

    struct Entry: Encodable {
        let id: String
        let name: String
        /// Shown in a report without `--all`.
        let isImportant: Bool
        let settings: [Setting]
        let rules: [RuleEntry]

        init(_ receiver: Receiver) {
            id = receiver.id
            name = receiver.name
            isImportant = receiver.isImportant
            settings = receiver.settings.map {
                Setting(name: $0.name, values: $0.values, meaning: $0.meaning)
            }.sorted { $0.name < $1.name }
            rules = receiver.rules.map(RuleEntry.init).sorted { $0.id < $1.id }
        }
    }

    struct Setting: Encodable {
        let name: String
        /// The first is the default.
        let values: [String]
        let meaning: String
    }

    struct RuleEntry: Encodable {
        let id: String
        let setting: String?
        let isOnByDefault: Bool
        let stage: String
        let summary: String?
        let replies: [Reply]
        let scores: [Score]
        let source: Source

        init(_ rule: Rule) {
            id = rule.id
            setting = rule.setting
            isOnByDefault = rule.isOnByDefault
            stage = rule.stage.rawValue
            summary = rule.summary.isEmpty ? nil : rule.summary
            replies = rule.replies.map(Reply.init)
            scores = rule.scores.map { Score(thousandths: $0.thousandths, marks: $0.marks) }
            source = Source(
                document: rule.source.document, version: rule.source.version,
                checked: rule.source.checked, basis: rule.source.basis.rawValue)
        }
    }

    struct Reply: Encodable {
        let code: Int
        let enhancedCode: String?
        /// With its placeholders in braces.
        let text: String
        let isTemporary: Bool

        init(_ template: ReplyTemplate) {
            code = template.code
            enhancedCode = template.enhancedCode
            text = template.pattern
            isTemporary = template.isTemporary
        }
    }

    struct Score: Encodable {
        let thousandths: Int?
        let marks: [String]
    }

    struct Source: Encodable {
        let document: String
        let version: String?
        let checked: String
        let basis: String
    }
}

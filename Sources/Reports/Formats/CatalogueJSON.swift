package import ReceiverModels
import SenderIdentity

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
            rules = receiver.rules.map { RuleEntry($0, of: receiver) }.sorted { $0.id < $1.id }
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
        /// What switches the rule from its default.
        let change: Change?
        /// Codes of the findings that it may follow from.
        let because: [String]
        let replies: [Reply]
        let scores: [Score]
        let source: Source

        init(_ rule: Rule, of receiver: Receiver) {
            id = rule.id
            setting = rule.setting
            isOnByDefault = rule.isOnByDefault
            stage = rule.stage.rawValue
            summary = rule.summary.isEmpty ? nil : rule.summary
            change = rule.change.map { Change(file: $0.file, lines: $0.lines) }
            because = rule.because.map(\.rawValue)
            replies = receiver.replies(of: rule).map(Reply.init)
            scores = receiver.scores(of: rule).map(Score.init)
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
        /// Settings without which it does not come.
        let conditions: [Condition]

        init(_ listed: Listed<ReplyTemplate>) {
            let template = listed.effect
            conditions = listed.conditions.map(Condition.init)
            code = template.code
            enhancedCode = template.enhancedCode
            text = template.pattern
            isTemporary = template.isTemporary
        }
    }

    struct Score: Encodable {
        let thousandths: Int?
        let marks: [String]
        let conditions: [Condition]

        init(_ listed: Listed<ReceiverModels.Score>) {
            thousandths = listed.effect.thousandths
            marks = listed.effect.marks
            conditions = listed.conditions.map(Condition.init)
        }
    }

    struct Condition: Encodable {
        let setting: String
        let values: [String]

        init(_ condition: SettingCondition) {
            setting = condition.setting
            values = condition.values
        }
    }

    struct Change: Encodable {
        let file: String
        let lines: [String]
    }

    struct Source: Encodable {
        let document: String
        let version: String?
        let checked: String
        let basis: String
    }
}

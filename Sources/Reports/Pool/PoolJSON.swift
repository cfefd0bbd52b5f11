import NetNames
import ReceiverModels
import SPF
import SenderIdentity

/// A pool's report as JSON, version 1: docs/schema/pool-v1.json describes it.
package enum PoolJSON {
    package static func render(_ report: PoolReport) throws -> String {
        String(decoding: try JSONText.encode(PoolDocument(report)), as: UTF8.self)
    }
}

struct PoolDocument: Encodable {
    let version = 1
    let startedAt: String
    let sources: [EvidenceDocument.Source]
    let status: String
    let lines: [String]
    let exitCode: Int32
    let target: String
    let heloNames: [String]
    let figures: Figures
    let hosts: [Host]
    let receivers: [RuleDocument]
    let steps: [Step]

    struct Figures: Encodable {
        let hosts: Int
        let skipped: Int
        /// Of an SPF domain: blocks that its record allows, terms that cannot be listed, and records
        /// that cannot be used.
        let spfBlocks: Int?
        let spfUnlisted: Int?
        let spfFaults: [String]?
        let confirmed: Int
        let withoutPointer: Int
        let notConfirmed: Int
        let unknown: Int
        let coveredByHELO: Int
        let equalToHELO: Int
        let sameOrganization: Int
        let spfDomain: String?
        let spfPass: Int?
        let scheme: String?
        let inScheme: Int?
        let outliers: Int
    }

    struct Host: Encodable {
        let address: String
        let helo: String?
        let iprev: String
        let names: [String]
        let confirmedName: String?
        let isCovered: Bool?
        let equalsHELO: Bool?
        let isOutlier: Bool
        let spf: String?
        let findings: [String]
    }

    struct RuleDocument: Encodable {
        let receiver: String
        let rule: String
        let setting: String?
        let isOnByDefault: Bool
        /// Hosts by outcome.
        let outcomes: [String: Int]
    }

    struct Step: Encodable {
        let owner: String
        let text: String
        let commands: [String]
        let records: [String]
        let hidden: Int
    }

    init(_ report: PoolReport) {
        let matrix = report.matrix
        let wording = PoolWording(report: report)
        startedAt = Timestamp.text(report.evidence.startedAt)
        sources = report.evidence.sources.map(EvidenceDocument.Source.init)
        status = wording.headline.status.rawValue
        lines = wording.headline.lines
        exitCode = report.exitCode
        target =
            switch matrix.target {
            case .heloName, .name: "helo-name"
            case .spfDomain: "spf-domain"
            case .clients: "list"
            }
        heloNames = matrix.target.heloNames.map(\.description)
        figures = Figures(
            hosts: matrix.hosts.count, skipped: matrix.skipped,
            spfBlocks: matrix.allowance?.blocks.count, spfUnlisted: matrix.allowance?.unlisted,
            spfFaults: wording.recordFaults, confirmed: matrix.confirmed,
            withoutPointer: matrix.withoutPointer.count, notConfirmed: matrix.notConfirmed.count,
            unknown: matrix.unknown.count, coveredByHELO: matrix.covered,
            equalToHELO: matrix.equalToHELO, sameOrganization: matrix.sameOrganization,
            spfDomain: matrix.spfDomain?.description, spfPass: matrix.passedBySPF,
            scheme: matrix.scheme?.pattern, inScheme: matrix.scheme?.count,
            outliers: matrix.outliers.count)
        hosts = matrix.hosts.map { host in
            Host(
                address: host.facts.subject.address.description,
                helo: host.facts.subject.helo?.text, iprev: host.facts.iprev.keyword,
                names: host.facts.pointer.names.map(\.name.description),
                confirmedName: host.facts.confirmedName?.description, isCovered: host.isCovered,
                equalsHELO: host.equalsHELO, isOutlier: host.isOutlier,
                spf: host.spf?.result.rawValue,
                findings: host.verdict.findings.map(\.finding.code.rawValue))
        }
        receivers = report.rules.map { rule in
            RuleDocument(
                receiver: rule.receiver.id, rule: rule.rule.id, setting: rule.rule.setting,
                isOnByDefault: rule.rule.isOnByDefault,
                outcomes: Dictionary(
                    uniqueKeysWithValues: rule.counts.map { ($0.key.rawValue, $0.value) }))
        }
        steps = wording.steps.map {
            Step(
                owner: $0.owner, text: $0.text, commands: $0.commands, records: $0.records,
                hidden: $0.hidden)
        }
    }
}

import SenderIdentity

/// The finding whose page explains the verdict, and the RFCs it stands on.
enum FooterCode {
    static func code(for report: Report) -> FindingCode? {
        switch report.verdict.outcome {
        case .fault(let finding): finding.code
        case .weakness(let finding):
            finding.code == .heloResolvesElsewhere && isMultihomed(report)
                ? .multihomed : finding.code
        case .sharedPool: .sharedPoolByDesign
        case .undetermined(let question):
            switch question {
            case .reverse: .reverseLookupFailed
            case .forward: .pointerForwardUnknown
            case .helo, .topology(_, member: nil): .heloLookupFailed
            case .topology: .reverseLookupFailed
            case .spf: .spfTemperror
            case .skippedNames: .tooManyPointers
            case .blockList: .blockListUnknown
            }
        case .notTested: .addressSpecialPurpose
        case .nothingToFix: nil
        }
    }

    private static func isMultihomed(_ report: Report) -> Bool {
        report.verdict.findings.contains { $0.finding.code == .multihomed }
    }

    static func references(for code: FindingCode) -> String {
        switch code.group {
        case .address: "RFC 6890"
        case .pointerStatus: code == .noPointer ? "RFC 1912 §2.1, RFC 2317" : "RFC 8601 §3"
        case .pointerForward: "RFC 1912 §2.1, RFC 8601 §3"
        case .pointerForm, .reverseTree: "RFC 1035 §3.5, RFC 1912 §2.1"
        case .heloForm, .heloAndClient, .heloAlias, .heloAndPointer, .topology:
            "RFC 5321 §4.1.4"
        case .blockLists: "RFC 5782"
        case .spf: "RFC 7208"
        case .limits: ""
        }
    }
}

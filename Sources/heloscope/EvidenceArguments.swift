import ArgumentParser
import Reports
import SenderIdentity

/// Saved evidence, to be replayed or written: the options that `check` and `letter` share.
struct EvidenceArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Replay saved evidence, without network.", valueName: "file"))
    var evidence: String?

    @Option(
        help: ArgumentHelp("Save what was looked up.", valueName: "file"))
    var saveEvidence: String?

    /// What the file holds, in place of look-ups.
    /// - Parameters:
    ///   - given: Whom the user named besides, if anybody.
    ///   - keeper: Whether the walk that the file holds is wanted, or demanded.
    /// - Returns: Whom the evidence is about, and the evidence.
    /// - Throws: ``UserError``.
    func replayed(
        about given: Subject?, _ keeper: KeeperArguments
    ) throws -> (Subject, Evidence) {
        guard keeper.rootHints == nil else {
            throw UserError.usage(
                "--evidence replays without network and goes with no root servers",
                hint: "leave --root-hints out: the file holds the walk, if one was made")
        }
        guard saveEvidence == nil else {
            throw UserError.usage(
                "--evidence looks nothing up that could be saved",
                hint: "leave --save-evidence out")
        }
        var (subject, saved) = try read()
        if let given { try Self.check(given, against: subject) }
        if keeper.keeper == true, saved.walk == nil {
            throw UserError.usage(
                "the evidence holds no walk to the reverse zone's keeper",
                hint: "save it anew with --keeper, or leave --keeper out")
        }
        if keeper.keeper == false { saved.walk = nil }
        return (subject, saved)
    }

    /// Writes what was looked up, if the user wants it.
    /// - Throws: ``UserError``.
    func save(_ evidence: Evidence, of subject: Subject) throws {
        guard let saveEvidence else { return }
        let bytes = try EvidenceCodec.encode(evidence, of: subject)
        try Files.write(bytes, to: saveEvidence)
    }

    /// What was given beside saved evidence has to be what it is about; nothing need be given.
    private static func check(_ given: Subject, against saved: Subject) throws {
        guard given.address == saved.address else {
            throw UserError.usage(
                "the evidence is about \(saved.address), not what was given",
                hint: "leave the address and --helo out: the file holds them")
        }
        guard given.helo == nil || given.helo == saved.helo,
            given.mailFrom == nil || given.mailFrom == saved.mailFrom
        else {
            throw UserError.usage(
                "the evidence is about another HELO name or MAIL FROM than was given",
                hint: "leave --helo and --mail-from out: the file holds them")
        }
    }

    private func read() throws -> (Subject, Evidence) {
        let path = evidence ?? ""
        let bytes = try Files.read(path, limit: EvidenceCodec.longestFile, what: "evidence")
        do {
            let (subject, saved) = try EvidenceCodec.decode(bytes)
            return (subject, saved.notingUnrecorded(about: subject))
        } catch {
            throw UserError.usage(
                "evidence \(Files.shown(path)): \(Self.reason(error))",
                hint: "give a file that --save-evidence wrote")
        }
    }

    private static func reason(_ error: EvidenceCodec.ReadError) -> String {
        switch error {
        case .tooLong: "larger than \(EvidenceCodec.longestFile) bytes"
        case .notJSON: "not JSON"
        case .notEvidence: "not saved evidence"
        case .unknownVersion(let version): "evidence of version \(version), which is newer"
        case .tooManyObservations: "more than \(EvidenceCodec.mostObservations) observations"
        case .badField(let field, nil): "the field \(field) makes no sense"
        case .badField(let field, let index?):
            "observation \(index): the field \(field) makes no sense"
        }
    }
}

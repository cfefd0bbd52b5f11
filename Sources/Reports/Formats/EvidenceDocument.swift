import DNSModel
import NetNames
import SenderIdentity

/// The shape of saved evidence.
///
/// Readers ignore fields they do not know.
struct EvidenceDocument: Codable {
    let format: String
    let version: Int
    let subject: Subject
    let startedAt: Int64
    let publicSuffixList: String?
    /// The limits in force; for people and later readers.
    let limits: Limits?
    /// The resolvers whose AD bit would count: loopback ones.
    let trustedResolvers: [String]?
    let sources: [Source]
    let observations: [Observation]
    /// The walk to the keeper of the reverse zone.
    let walk: WalkDocument?
    /// What the registry says about the address's network.
    let registration: RegistrationDocument?

    static let formatName = "heloscope-evidence"
    static let currentVersion = 1

    struct Limits: Codable {
        let pointerNames: Int
        let aliases: Int
        let members: Int
        let memberNames: Int
        let verdictPackets: Int
        let memberPackets: Int
        /// Older files have none of these; the second is for each list.
        let spfPackets: Int?
        let blockListPackets: Int?
    }

    struct Subject: Codable {
        let address: String
        /// The argument's bytes as hexadecimal digits; any byte may come from a client.
        let heloHex: String?
        /// For people; not read.
        let helo: String?
        /// The reverse-path's bytes without brackets; no digits for the null one.
        let mailFromHex: String?
        /// The block lists that were asked; absent where none was.
        let blockLists: [String]?
    }

    struct Source: Codable {
        let kind: String
        let name: String

        init(_ source: Evidence.Source) {
            kind = source.kind.rawValue
            name = source.name
        }
    }

    struct Observation: Codable {
        let id: Int
        let name: String
        let type: String
        let stage: String
        /// For people; follows from the other fields.
        let outcome: String
        let failure: String?
        let response: Response?
        let attempts: [Attempt]
        let elapsedMicroseconds: Int64
        let cached: Bool?

        init(_ observation: SenderIdentity.Observation, id: Int) {
            self.id = id
            name = observation.question.name.absolute
            type = observation.question.type.description
            stage = observation.stage.rawValue
            outcome = outcomeWord(observation.outcome)
            failure = observation.outcome.failure?.rawValue
            response = observation.response.map(Response.init)
            attempts = observation.attempts.map(Attempt.init)
            elapsedMicroseconds = microseconds(observation.elapsed)
            cached = observation.isCached ? true : nil
        }
    }

    struct Response: Codable {
        let code: String
        /// Of AA, AD, RA those that are set.
        let flags: [String]
        /// Master-file lines.
        let answers: [String]
        let authority: [String]
        let extendedError: UInt16?

        init(_ response: SenderIdentity.Response) {
            code = response.code.description
            flags =
                (response.isAuthoritative ? ["AA"] : []) + (response.isAuthenticated ? ["AD"] : [])
                + (response.isRecursionAvailable ? ["RA"] : [])
            answers = response.answers.map { MasterFilePrinter.line($0) }
            authority = response.authority.map { MasterFilePrinter.line($0) }
            extendedError = response.extendedError
        }
    }

    struct Attempt: Codable {
        let server: String
        let transport: String
        let name: String
        let code: String?
        let truncated: Bool?
        let failure: String?
        let elapsedMicroseconds: Int64

        init(_ attempt: SenderIdentity.Observation.Attempt) {
            server = attempt.server
            transport = attempt.transport.rawValue
            name = attempt.name.absolute
            elapsedMicroseconds = microseconds(attempt.elapsed)
            switch attempt.result {
            case .response(let responseCode, let isTruncated):
                code = responseCode.description
                truncated = isTruncated ? true : nil
                failure = nil
            case .failure(let reason):
                code = nil
                truncated = nil
                failure = reason.rawValue
            }
        }
    }

    init(_ evidence: Evidence, subject: SenderIdentity.Subject) {
        format = Self.formatName
        version = Self.currentVersion
        self.subject = Subject(
            address: subject.address.description,
            heloHex: subject.helo.map { hex($0.raw) }, helo: subject.helo?.text,
            mailFromHex: subject.mailFrom.map { hex($0.raw) },
            blockLists: subject.blockLists.isEmpty
                ? nil : subject.blockLists.map(\.description))
        startedAt = evidence.startedAt
        publicSuffixList = RegistrableDomain.listDate
        limits = Limits(
            pointerNames: EvidenceLimits.pointerNames, aliases: EvidenceLimits.aliases,
            members: EvidenceLimits.members, memberNames: EvidenceLimits.memberNames,
            verdictPackets: EvidenceLimits.verdictPackets,
            memberPackets: EvidenceLimits.memberPackets,
            spfPackets: EvidenceLimits.spfPackets, blockListPackets: BlockListLimits.packets)
        trustedResolvers = evidence.sources.filter(Self.isTrusted).map(\.name)
        sources = evidence.sources.map(Source.init)
        observations = evidence.observations.enumerated().map { Observation($1, id: $0) }
        walk = evidence.walk.map(WalkDocument.init)
        registration = evidence.registration.map(RegistrationDocument.init)
    }
}

extension EvidenceDocument {
    /// A resolver on this machine; nothing between it and us can forge its word.
    private static func isTrusted(_ source: Evidence.Source) -> Bool {
        guard [.systemResolver, .resolver].contains(source.kind) else { return false }
        let text = source.name.utf8.prefix { $0 != UInt8(ascii: "#") }
        guard let address = try? IPAddress(parsing: text) else { return false }
        return SpecialAddresses.purpose(of: address)?.kind == .loopback
    }
}

func microseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

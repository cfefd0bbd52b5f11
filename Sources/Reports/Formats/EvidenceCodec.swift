import DNSModel
import NetNames
package import SenderIdentity

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Saved evidence: `--save-evidence` and `--evidence`, the same report byte for byte.
package enum EvidenceCodec {
    /// Bytes of a file that are read: a thousand times what one verdict needs.
    package static let longestFile = 16 << 20
    /// Observations of one verdict: far above what the packet budgets allow.
    package static let mostObservations = 10_000

    package enum ReadError: Error, Hashable, Sendable {
        case tooLong
        case notJSON
        case notEvidence
        case unknownVersion(Int)
        case tooManyObservations
        /// The field, and in which observation it stands.
        case badField(String, observation: Int?)
    }

    package static func encode(_ evidence: Evidence, of subject: Subject) throws -> [UInt8] {
        try JSONText.encode(EvidenceDocument(evidence, subject: subject))
    }

    /// Reads saved evidence and whom it is about.
    /// - Throws: ``ReadError``.
    package static func decode(_ bytes: [UInt8]) throws(ReadError) -> (Subject, Evidence) {
        guard bytes.count <= longestFile else { throw .tooLong }
        let document: EvidenceDocument
        do {
            document = try JSONDecoder().decode(EvidenceDocument.self, from: Data(bytes))
        } catch DecodingError.dataCorrupted {
            throw .notJSON
        } catch {
            throw .notEvidence
        }
        guard document.format == EvidenceDocument.formatName else { throw .notEvidence }
        guard document.version == EvidenceDocument.currentVersion else {
            throw .unknownVersion(document.version)
        }
        guard document.observations.count <= mostObservations else { throw .tooManyObservations }
        let lists = try blockLists(document.subject.blockLists ?? [])
        let subject = try subject(document.subject).asking(lists)
        var sources: [Evidence.Source] = []
        for source in document.sources {
            guard let kind = Evidence.Source.Kind(rawValue: source.kind) else {
                throw .badField("sources.kind", observation: nil)
            }
            sources.append(.init(kind: kind, name: source.name))
        }
        var evidence = Evidence(startedAt: document.startedAt, sources: sources)
        for (index, observation) in document.observations.enumerated() {
            evidence.add(try read(observation, at: index))
        }
        if let walk = document.walk {
            guard let trace = walk.trace else { throw .badField("walk", observation: nil) }
            evidence.walk = trace
        }
        if let saved = document.registration {
            guard let registration = saved.registration,
                registration.contains(subject.address)
            else { throw .badField("registration", observation: nil) }
            evidence.registration = registration
        }
        return (subject, evidence)
    }

    private static func subject(
        _ document: EvidenceDocument.Subject
    ) throws(ReadError) -> Subject {
        guard let address = IPAddress(document.address) else {
            throw .badField("subject.address", observation: nil)
        }
        var helo: HELOArgument?
        if let digits = document.heloHex {
            guard let raw = bytes(ofHex: digits), raw.count <= HELOArgument.longest else {
                throw .badField("subject.heloHex", observation: nil)
            }
            helo = HELOArgument(raw)
        }
        var mailFrom: MailFrom?
        if let digits = document.mailFromHex {
            guard let raw = bytes(ofHex: digits), let path = try? MailFrom(raw) else {
                throw .badField("subject.mailFromHex", observation: nil)
            }
            mailFrom = path
        }
        return Subject(address: address, helo: helo, mailFrom: mailFrom)
    }

    private static func blockLists(_ texts: [String]) throws(ReadError) -> [BlockListZone] {
        var zones: [BlockListZone] = []
        for text in texts {
            guard let zone = try? BlockListZone(parsing: text.utf8), !zones.contains(zone),
                zones.count < BlockListLimits.lists
            else { throw .badField("subject.blockLists", observation: nil) }
            zones.append(zone)
        }
        return zones
    }

    private static func read(
        _ document: EvidenceDocument.Observation, at index: Int
    ) throws(ReadError) -> Observation {
        guard let name = DomainName(document.name) else {
            throw .badField("name", observation: index)
        }
        guard let type = RecordType(document.type) else {
            throw .badField("type", observation: index)
        }
        guard let stage = LookupStage(rawValue: document.stage) else {
            throw .badField("stage", observation: index)
        }
        let question = Question(name, type)
        var attempts: [Observation.Attempt] = []
        for attempt in document.attempts { attempts.append(try read(attempt, at: index)) }
        let elapsed = Duration.microseconds(clamped(document.elapsedMicroseconds))
        var response: Response?
        if let saved = document.response { response = try read(saved, at: index) }
        if let word = document.failure {
            guard let failure = LookupFailure(rawValue: word) else {
                throw .badField("failure", observation: index)
            }
            return Observation(
                question: question, stage: stage, failure: failure, response: response,
                attempts: attempts, elapsed: elapsed, isCached: document.cached == true)
        }
        guard let response else { throw .badField("response", observation: index) }
        return Observation(
            question: question, stage: stage, response: response, attempts: attempts,
            elapsed: elapsed, isCached: document.cached == true)
    }

    private static func read(
        _ document: EvidenceDocument.Response, at index: Int
    ) throws(ReadError) -> Response {
        guard let code = ResponseCode(document.code) else {
            throw .badField("response.code", observation: index)
        }
        return Response(
            code: code, isAuthoritative: document.flags.contains("AA"),
            isAuthenticated: document.flags.contains("AD"),
            isRecursionAvailable: document.flags.contains("RA"),
            answers: try records(document.answers, field: "response.answers", at: index),
            authority: try records(document.authority, field: "response.authority", at: index),
            extendedError: document.extendedError)
    }

    private static func read(
        _ document: EvidenceDocument.Attempt, at index: Int
    ) throws(ReadError) -> Observation.Attempt {
        guard let transport = Observation.Transport(rawValue: document.transport) else {
            throw .badField("attempts.transport", observation: index)
        }
        guard let name = DomainName(document.name) else {
            throw .badField("attempts.name", observation: index)
        }
        let result: Observation.Attempt.Result
        if let word = document.code, let code = ResponseCode(word) {
            result = .response(code, truncated: document.truncated == true)
        } else if let word = document.failure, let failure = LookupFailure(rawValue: word) {
            result = .failure(failure)
        } else {
            throw .badField("attempts.code", observation: index)
        }
        return Observation.Attempt(
            server: document.server, transport: transport, name: name, result: result,
            elapsed: .microseconds(clamped(document.elapsedMicroseconds)))
    }

    private static func records(
        _ lines: [String], field: String, at index: Int
    ) throws(ReadError) -> [ResourceRecord] {
        do {
            var records: [ResourceRecord] = []
            for line in lines {
                records += try MasterFileReader.read(Array(line.utf8)).entries.map(\.record)
            }
            return records
        } catch {
            throw .badField(field, observation: index)
        }
    }

    /// A day at most: a larger figure in a file is nonsense and must not overflow anything.
    private static func clamped(_ microseconds: Int64) -> Int64 {
        min(max(microseconds, 0), 86_400_000_000)
    }

    private static func bytes(ofHex digits: String) -> [UInt8]? {
        let text = Array(digits.utf8)
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = Ascii.hexValue(text[index]), let low = Ascii.hexValue(text[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

import DNSModel
import NetNames
import SPF

/// Whatever a world answers, an evaluation ends inside its limits, asked in waves or one by one.
///
/// The first byte chooses the client, the others are texts between line feeds: the sender, then the
/// records that the world has in turn for whatever is asked.
enum SPFLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        guard let choice = bytes.first else { return nil }
        let texts = bytes.dropFirst().split(
            separator: Ascii.lineFeed, omittingEmptySubsequences: false
        )
        .map(Array.init)
        let sender = texts[0]
        let at = sender.lastIndex(of: UInt8(ascii: "@")) ?? sender.endIndex
        let world = World(texts: Array(texts.dropFirst()), choice: choice)
        let request = SPFRequest(
            mailFrom: Array(sender[..<at]), at: Array("a.example".utf8),
            helo: Array(sender[at...].dropFirst()), client: clients[Int(choice) % clients.count],
            time: 0)
        guard let waves = finish(request, world, oneByOne: false) else { return "it does not end" }
        guard let single = finish(request, world, oneByOne: true) else { return "it does not end" }
        guard waves.report == single.report else { return "the order of answers matters" }
        return breach(of: waves.report, asked: waves.asked)
    }

    private static func breach(of report: SPFReport, asked: Int) -> String? {
        if asked > 150 { return "\(asked) questions" }
        if report.lookupTerms > SPFLimits.lookupTerms { return "too many terms" }
        if report.voidLookups > SPFLimits.voidLookups + 1 { return "too many void look-ups" }
        if report.voidLookups > SPFLimits.voidLookups, report.result != .permerror {
            return "too many void look-ups pass"
        }
        if report.steps.count > SPFLimits.traceSteps { return "too many steps" }
        if let said = report.explanation {
            if report.result != .fail { return "an explanation without a fail" }
            if !said.allSatisfy(Ascii.isPrintable) { return "an explanation that is unsafe" }
        }
        return nil
    }

    private static func finish(
        _ request: SPFRequest, _ world: World, oneByOne: Bool
    ) -> (report: SPFReport, asked: Int)? {
        var known: [Question: SPFAnswer] = [:]
        // Each wave answers one question at least.
        while known.count <= 200 {
            switch SPFEvaluation(request, known: { [known] in known[$0] }) {
            case .finished(let report): return (report, known.count)
            case .wants(let questions):
                let new = questions.filter { known[$0] == nil }
                if new.isEmpty { return nil }
                for question in new.prefix(oneByOne ? 1 : new.count) {
                    known[question] = world.answer(question)
                }
            }
        }
        return nil
    }

    private static let clients = [
        IPAddress.v4(0xc000_0219), IPAddress(high: 0x2001_0db8_0000_0000, low: 0x25),
    ]

    /// Answers that depend on the question alone, so that the order of asking cannot change them.
    private struct World {
        let texts: [[UInt8]]
        let choice: UInt8

        func answer(_ question: Question) -> SPFAnswer {
            let sum = question.name.wire.reduce(Int(choice)) {
                ($0 &* 31 &+ Int(Ascii.lowercased($1))) & 0xffff
            }
            if sum % 13 == 0 { return .failed }
            if sum % 7 == 0 { return .void }
            switch question.type {
            case .txt:
                guard !texts.isEmpty else { return .void }
                let first = question.name.labels.first.map(Array.init) == Array("a".utf8)
                let text = texts[first ? 0 : sum % texts.count]
                let data = [RecordData.txt([text])]
                return .texts(data, SPFSelection(data: data))
            case .mx:
                return .records(
                    names(sum % 12).map { .mx(preference: UInt16(sum % 3), exchange: $0) })
            case .ptr: return .records(names(sum % 12).map { .ptr($0) })
            case .aaaa: return .records([.address(clients[1])])
            default: return .records([.address(sum % 3 == 0 ? clients[0] : .v4(1))])
            }
        }

        private func names(_ count: Int) -> [DomainName] {
            (0...count).compactMap { DomainName("n\($0).a.example") }
        }
    }
}

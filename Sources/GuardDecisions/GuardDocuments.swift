import FilterProtocols
import NetNames
import ReceiverModels
import SenderIdentity

/// Decisions for those who ask over HTTP.
extension GuardWords {
    /// The answer to `POST /api/v1/decide`: one JSON object, with a line feed.
    ///
    ///     {"action":"refuse","basis":"evidence","because":["no-ptr"],"client":"192.0.2.7",
    ///      "findings":["no-ptr","helo-name"],"header":null,"helo":"mail.example.org",
    ///      "iprev":"permerror","name":null,"reply":{"code":550,"enhanced":"5.7.25","text":"…"},
    ///      "score":null,"would":null}
    ///
    /// `helo` is printable ASCII, other bytes and the backslash as `\DDD`.
    package func json(for decision: GuardDecision, _ request: GuardRequest) -> [UInt8] {
        var json = JSONBytes()
        json.add("action", decision.action.word)
        switch decision.basis {
        case .evidence: json.add("basis", "evidence")
        case .exemption(let exemption): json.add("basis", "exempt:\(exemption.rawValue)")
        case .trouble(let trouble): json.add("basis", "trouble:\(trouble.rawValue)")
        }
        json.add("because", decision.because.map(\.rawValue))
        json.add("client", request.client.description)
        json.add("findings", (decision.facts?.findings.codes ?? []).map(\.rawValue))
        let header = decision.refusal == nil ? header(for: decision, request) : nil
        json.add("header", header.map { $0.name + [Ascii.colon, Ascii.space] + $0.unfolded })
        json.add("helo", request.helo.map { HELOArgument($0).text })
        json.add("iprev", decision.iprev?.rawValue)
        json.add("name", decision.confirmedName?.description)
        json.add("reply", decision.refusal)
        if case .score(let thousandths) = decision.action {
            json.addThousandths("score", thousandths)
        } else {
            json.add("score", String?.none)
        }
        json.add("would", decision.wouldBe?.word)
        return json.closed
    }

    /// The body of `GET /api/v1/decide/map`: `SYMBOL:points` as rspamd's multimap reads it.
    ///
    /// - Returns: Nil for 404, where nothing speaks against the client.
    package func mapText(for decision: GuardDecision) -> [UInt8]? {
        guard let code = decision.because.first else { return nil }
        let points: Int
        switch decision.action {
        case .accept: return nil
        case .addHeader: points = 0
        case .score(let thousandths): points = thousandths
        case .defer: points = Self.deferPoints
        case .refuse: points = Self.refusePoints
        }
        let symbol = code.rawValue.utf8.map { byte in
            byte == Ascii.hyphen ? Ascii.underscore : byte & ~0x20
        }
        var text = Array("HELOSCOPE_".utf8) + symbol + [Ascii.colon]
        DecisionLogLine.appendThousandths(points, to: &text)
        return text
    }

    /// The thresholds that rspamd has unless told otherwise: 4 greylists, 15 rejects.
    package static let deferPoints = 4000
    package static let refusePoints = 15_000
}

/// One JSON object, written field by field: printable ASCII only, so nothing is left to escape but
/// quotes and backslashes.
struct JSONBytes {
    private var bytes = [UInt8(ascii: "{")]

    var closed: [UInt8] { bytes + [UInt8(ascii: "}"), Ascii.lineFeed] }

    mutating func add(_ name: StaticString, _ value: String?) {
        add(name, value.map { Array($0.utf8) })
    }

    mutating func add(_ name: StaticString, _ value: [UInt8]?) {
        addName(name)
        guard let value else {
            bytes += "null".utf8
            return
        }
        addText(value)
    }

    mutating func add(_ name: StaticString, _ values: [String]) {
        addName(name)
        bytes.append(Ascii.openBracket)
        for (place, value) in values.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            addText(Array(value.utf8))
        }
        bytes.append(Ascii.closeBracket)
    }

    mutating func add(_ name: StaticString, _ refusal: SMTPRefusal?) {
        guard let refusal else {
            add(name, [UInt8]?.none)
            return
        }
        addName(name)
        bytes += "{\"code\":\(refusal.code),\"enhanced\":\"\(refusal.enhancedCode)\",\"text\":".utf8
        addText(refusal.text)
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func addThousandths(_ name: StaticString, _ value: Int) {
        addName(name)
        DecisionLogLine.appendThousandths(value, to: &bytes)
    }

    private mutating func addName(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(Ascii.quote)
        name.withUTF8Buffer { bytes += $0 }
        bytes += [Ascii.quote, Ascii.colon]
    }

    private mutating func addText(_ text: [UInt8]) {
        bytes.append(Ascii.quote)
        for byte in text {
            switch byte {
            case Ascii.quote, Ascii.backslash: bytes += [Ascii.backslash, byte]
            case _ where Ascii.isPrintable(byte): bytes.append(byte)
            default: bytes.append(UInt8(ascii: "?"))
            }
        }
        bytes.append(Ascii.quote)
    }
}

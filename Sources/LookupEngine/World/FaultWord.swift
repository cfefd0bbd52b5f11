import DNSModel
import NetNames

/// The words of a faults file, one for every case of ``Fault``.
enum FaultWord {
    /// Words that stand alone.
    private static let plain: [String: Fault] = [
        "DROP": .drop, "TRUNCATE": .truncate, "TRUNCATE-ONLY": .truncateOnly,
        "TRUNCATE-REFUSED": .truncateRefused, "TRICKLE": .trickle, "BADID": .wrongID,
        "BADQUESTION": .wrongQuestion, "BADSOURCE": .wrongSource, "FORGED-FIRST": .forgedFirst,
        "TWICE": .twice, "NOSOA": .noSOA, "LAME": .lame, "CUTSHORT": .cutShort,
        "POINTERLOOP": .pointerLoop, "COUNTS": .countsTooLarge, "REFUSE-EDNS": .refuseEDNS,
        "DROP-EDNS": .dropEDNS, "WRONGOWNER": .wrongOwner, "CONTRADICT": .contradict,
    ]

    /// Packets a -FIRST may count: no client sends more for one question.
    private static let mostPackets = 1000
    /// The longest delay in milliseconds: ten minutes, beyond every deadline.
    private static let longestDelay = 600_000
    /// Bytes of RAW: what TCP can carry behind the id.
    private static let mostBytes = 65_533

    static func fault(
        _ word: ArraySlice<UInt8>, argument: ArraySlice<UInt8>?, line: Int
    ) throws(FaultRulesError) -> Fault {
        let upper = word.map { Ascii.isLetter($0) ? $0 & 0xdf : $0 }
        let name = String(decoding: upper, as: UTF8.self)
        if let fault = plain[name] ?? ResponseCode(name).map(Fault.code) {
            if let argument { throw FaultRulesError(line: line, .trailingWord, word: argument) }
            return fault
        }
        guard takesArgument(name) else {
            throw FaultRulesError(line: line, .unknownFault, word: word)
        }
        guard let argument else { throw FaultRulesError(line: line, .missingWord) }
        guard let fault = fault(name, argument) else {
            throw FaultRulesError(line: line, .badArgument, word: argument)
        }
        return fault
    }

    private static func takesArgument(_ name: String) -> Bool {
        ["DROP-FIRST", "DELAY", "EDE", "RAW"].contains(name) || firstCode(name) != nil
    }

    private static func fault(_ name: String, _ argument: ArraySlice<UInt8>) -> Fault? {
        switch name {
        case "DROP-FIRST": return number(argument, upTo: mostPackets).map(Fault.dropFirst)
        case "DELAY":
            return number(argument, upTo: longestDelay).map { .delay(milliseconds: $0) }
        case "EDE": return Ascii.decimal(argument, as: UInt16.self).map(Fault.extendedError)
        case "RAW": return bytes(argument).map(Fault.raw)
        default:
            guard let code = firstCode(name), let count = number(argument, upTo: mostPackets) else {
                return nil
            }
            return .codeFirst(count, code)
        }
    }

    /// The code of a word such as `SERVFAIL-FIRST`.
    private static func firstCode(_ name: String) -> ResponseCode? {
        let ending = "-FIRST"
        return name.hasSuffix(ending) ? ResponseCode(String(name.dropLast(ending.count))) : nil
    }

    private static func number(_ text: ArraySlice<UInt8>, upTo limit: Int) -> Int? {
        Ascii.decimal(text, as: Int.self).flatMap { $0 <= limit ? $0 : nil }
    }

    private static func bytes(_ hex: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = hex.compactMap(Ascii.hexValue)
        guard digits.count == hex.count, digits.count % 2 == 0, digits.count <= 2 * mostBytes else {
            return nil
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

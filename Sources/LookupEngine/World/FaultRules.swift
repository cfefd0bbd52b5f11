package import DNSModel
import NetNames

/// Rules of a faults file, `--faults FILE`: what goes wrong between a question and its answer.
///
/// One rule a line: `owner type fault [argument] [@server]`. `#` begins a comment (in a name write
/// `\035`). The owner is a name, an address that stands for its reverse name, or `*` for every
/// name. The type is `!` for all types or `!PTR` for one. `@0` limits the rule to the first server,
/// `@1` to the second; without it all servers have the fault. Several rules for one question add up
/// in file order.
///
///     192.0.2.1            !     SERVFAIL          # the code and nothing else; so with REFUSED,
///                                                  # FORMERR, NOTIMP, NXDOMAIN, NOERROR, RCODE9
///     n4.example.com       !A    SERVFAIL-FIRST 2  # for the first packets, then the truth
///     n4.example.com       !A    EDE 7             # beside a code: an extended DNS error
///     x.example.com        !     DROP              # silence, over UDP and TCP
///     x.example.com        !     DROP-FIRST 1      # silence for the first packets
///     x.example.com        !     DELAY 800         # milliseconds
///     x.example.com        !     TRUNCATE          # TC over UDP, the whole answer over TCP
///     x.example.com        !     TRUNCATE-ONLY     # TC over UDP, silence over TCP
///     x.example.com        !     TRUNCATE-REFUSED  # TC over UDP, connection refused over TCP
///     x.example.com        !     TRICKLE           # TC over UDP, one byte a second over TCP
///     x.example.com        !     BADID             # the right answer under another id
///     x.example.com        !     BADQUESTION       # the right id, another question
///     x.example.com        !     BADSOURCE         # from an address that was not asked
///     x.example.com        !     FORGED-FIRST      # a forged answer before the right one
///     x.example.com        !     TWICE             # the right answer twice
///     x.example.com        !     NOSOA             # a negative answer without its SOA
///     x.example.com        !     LAME              # a referral upwards
///     x.example.com        !     RAW 8180          # these bytes, in hex, follow the id
///     x.example.com        !     CUTSHORT          # cut off in the middle of the records
///     x.example.com        !     POINTERLOOP       # a compression pointer to itself
///     x.example.com        !     COUNTS            # counts larger than the data
///     *                    !     REFUSE-EDNS @1    # FORMERR to queries with EDNS
///     *                    !     DROP-EDNS         # silence to queries with EDNS
///     x.example.com        !     WRONGOWNER        # records of a name that was not asked
///     x.example.com        !     CONTRADICT        # NXDOMAIN with the records still in it
package struct FaultRules: Hashable, Sendable {
    private struct Rule: Hashable {
        /// Nil for every name.
        let owner: DomainName?
        /// Nil for every type.
        let type: RecordType?
        let fault: Fault
        /// Nil for every server.
        let server: Int?
    }

    private var rules: [Rule] = []
    /// Positions of the rules for one name, so that a long file stays quick.
    private var byOwner: [DomainName: [Int]] = [:]
    /// Positions of the rules for every name.
    private var everywhere: [Int] = []

    /// What goes wrong with the question at one server, in file order.
    package func faults(for question: Question, server: Int = 0) -> [Fault] {
        let positions = (byOwner[question.name] ?? []) + everywhere
        return positions.sorted().map { rules[$0] }.filter { rule in
            (rule.type ?? question.type) == question.type && (rule.server ?? server) == server
        }.map(\.fault)
    }

    package var isEmpty: Bool { rules.isEmpty }

    /// Reads a faults file.
    /// - Parameter bytes: The whole file.
    /// - Throws: ``FaultRulesError`` with the line and the word.
    package init(parsing bytes: [UInt8]) throws(FaultRulesError) {
        guard bytes.count <= FaultRulesError.longestFile else {
            throw FaultRulesError(line: 1, .fileTooLarge)
        }
        let lines = bytes.split(separator: Ascii.lineFeed, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.prefix { $0 != UInt8(ascii: "#") }
            let words = text.split { byte in
                byte == Ascii.space || byte == Ascii.tab || byte == Ascii.carriageReturn
            }
            if !words.isEmpty { add(try Self.rule(words, line: index + 1)) }
        }
    }

    private mutating func add(_ rule: Rule) {
        if let owner = rule.owner {
            byOwner[owner, default: []].append(rules.count)
        } else {
            everywhere.append(rules.count)
        }
        rules.append(rule)
    }

    private static func rule(
        _ words: [ArraySlice<UInt8>], line: Int
    ) throws(FaultRulesError) -> Rule {
        var rest = words[...]
        let server = try takeServer(from: &rest, line: line)
        guard let owner = rest.popFirst(), let type = rest.popFirst(), let word = rest.popFirst()
        else { throw FaultRulesError(line: line, .missingWord) }
        let fault = try FaultWord.fault(word, argument: rest.popFirst(), line: line)
        if let extra = rest.first { throw FaultRulesError(line: line, .trailingWord, word: extra) }
        return Rule(
            owner: try ownerName(owner, line: line), type: try recordType(type, line: line),
            fault: fault, server: server)
    }

    private static func takeServer(
        from words: inout ArraySlice<ArraySlice<UInt8>>, line: Int
    ) throws(FaultRulesError) -> Int? {
        guard words.count > 3, let last = words.last, last.first == UInt8(ascii: "@") else {
            return nil
        }
        words.removeLast()
        guard let server = Ascii.decimal(last.dropFirst(), as: UInt8.self) else {
            throw FaultRulesError(line: line, .badServer, word: last)
        }
        return Int(server)
    }

    /// The name a rule is for; nil for every name.
    private static func ownerName(
        _ word: ArraySlice<UInt8>, line: Int
    ) throws(FaultRulesError) -> DomainName? {
        if word.elementsEqual("*".utf8) { return nil }
        if let address = try? IPAddress(parsing: word) { return ReverseName.name(of: address) }
        guard let name = try? DomainName(parsing: word) else {
            throw FaultRulesError(line: line, .badOwner, word: word)
        }
        return name
    }

    private static func recordType(
        _ word: ArraySlice<UInt8>, line: Int
    ) throws(FaultRulesError) -> RecordType? {
        guard word.first == UInt8(ascii: "!") else {
            throw FaultRulesError(line: line, .badType, word: word)
        }
        if word.count == 1 { return nil }
        guard let type = RecordType(String(decoding: word.dropFirst(), as: UTF8.self)) else {
            throw FaultRulesError(line: line, .badType, word: word)
        }
        return type
    }
}

import FilterProtocols
import GuardDecisions
import NetNames
import ReceiverModels
import Testing

/// The log's line, read back by an independent reader.
@Suite struct LogLineTests {
    func line(_ request: GuardRequest, _ decision: GuardDecision) -> [UInt8] {
        DecisionLogLine.bytes(
            of: decision, request, listener: "policy", source: "dns", elapsed: .microseconds(12_340)
        )
    }

    @Test func `a refusal on one line`() throws {
        let rules = try Situations.rules("fcrdns-required")
        let request = Situations.request()
        let bytes = line(request, rules.decision(for: request, on: Situations.noPointer))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "client=45.76.33.5 helo=mail.example.com verdict=refuse because=no-ptr"
                + " iprev=permerror findings=no-ptr,helo-name,helo-resolves-to-client"
                + " listener=policy source=dns ms=12.340 queue=4cX\n")
    }

    @Test func `score, exception, trouble and dry run have their fields`() throws {
        let request = Situations.request()
        let scored = GuardRules.honest.decision(for: request, on: Situations.noPointer)
        #expect(fields(line(request, scored))["score"] == Array("2.000".utf8))
        let failed = GuardRules.honest.decision(for: request, on: Situations.failing)
        #expect(fields(line(request, failed))["failure"] == Array("servfail".utf8))
        let trouble = GuardRules.honest.decision(for: request, despite: .overload)
        #expect(fields(line(request, trouble))["trouble"] == Array("overload".utf8))
        let dry = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.isDryRun = true
        }
        let would = fields(line(request, dry.decision(for: request, on: Situations.noPointer)))
        #expect(would["verdict"] == Array("accept".utf8))
        #expect(would["would"] == Array("refuse".utf8))
        let local = GuardRequest(client: .v4(0x7f00_0001))
        let exempt = try #require(dry.decisionWithoutLookup(for: local))
        #expect(fields(line(local, exempt))["exempt"] == Array("special-purpose".utf8))
    }

    @Test func `our own resolvers' silence is trouble`() throws {
        let request = Situations.request()
        for profile in GuardPolicy.profiles {
            let decision = try Situations.rules(profile.name)
                .decision(for: request, on: Situations.helplessly)
            let read = fields(line(request, decision))
            #expect(read["trouble"] == Array("resolvers".utf8))
            #expect(read["verdict"] == Array("header".utf8))
        }
        let failing = GuardRules.honest.decision(for: request, on: Situations.failing)
        #expect(fields(line(request, failing))["trouble"] == nil)
    }

    /// Facts, and which of the server's opinions are at odds with them.
    @Test(
        arguments: [
            (Situations.good, ["fail", "forged", "temp", "unknown"]),
            (Situations.noPointer, ["ok", "temp"]), (Situations.elsewhere, ["ok", "temp"]),
            (Situations.failing, ["ok", "fail", "forged"]),
        ] as [(GuardFacts, [String])])
    func `a server that found something else is named`(facts: GuardFacts, words: [String]) {
        let seen = ServerHint.Opinion.allCases.compactMap { opinion -> String? in
            let request = GuardRequest(client: Situations.client, hint: ServerHint(opinion))
            let decision = GuardRules.honest.decision(for: request, on: facts)
            return fields(line(request, decision))["hint"].map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(seen == words)
    }

    @Test func `a hint names the server's name, and is none where nothing was found out`() {
        let hint = ServerHint(.forged, name: Array("a b\n\"".utf8))
        let request = GuardRequest(client: Situations.client, hint: hint)
        let good = GuardRules.honest.decision(for: request, on: Situations.good)
        #expect(fields(line(request, good))["hint"] == Array("forged,a b\n\"".utf8))
        let late = GuardRules.honest.decision(for: request, despite: .deadline)
        #expect(fields(line(request, late))["hint"] == nil)
    }

    @Test func `every byte survives, and none makes a field or a line of its own`() {
        for byte in UInt8.min...UInt8.max {
            for helo in [[byte], [0x61, byte, 0x62], [0x20, byte, 0x3d, byte, 0x22]] {
                let request = GuardRequest(
                    client: Situations.client, helo: helo, queueID: [byte])
                let bytes = line(
                    request, GuardRules.honest.decision(for: request, on: Situations.good))
                #expect(bytes.dropLast().allSatisfy(Ascii.isPrintable))
                #expect(bytes.last == Ascii.lineFeed)
                let read = fields(bytes)
                #expect(read["helo"] == helo)
                #expect(read["queue"] == [byte])
                #expect(read.count == 10)
            }
        }
    }

    /// logfmt with `\xHH`, as a reader that knows nothing of the writer takes it apart.
    func fields(_ line: [UInt8]) -> [String: [UInt8]] {
        var rest = line.dropLast()[...]
        var fields: [String: [UInt8]] = [:]
        while !rest.isEmpty {
            let name = rest.prefix { $0 != UInt8(ascii: "=") }
            rest = rest.dropFirst(name.count + 1)
            var value: [UInt8] = []
            if rest.first == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                    guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                        value.append(byte)
                        continue
                    }
                    if next == UInt8(ascii: "x") {
                        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                        rest = rest.dropFirst(2)
                        value.append(UInt8(digits, radix: 16) ?? 0)
                    } else {
                        value.append(next)
                    }
                }
            } else {
                value = Array(rest.prefix { $0 != UInt8(ascii: " ") })
                rest = rest.dropFirst(value.count)
            }
            fields[String(decoding: name, as: UTF8.self)] = value
            rest = rest.dropFirst()
        }
        return fields
    }
}

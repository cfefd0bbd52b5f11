import NetNames
package import ReceiverModels
import SenderIdentity

/// Facts on their way between guards, with the time they have left.
package struct SharedFacts: Hashable, Sendable {
    package let key: DecisionKey
    package let facts: GuardFacts
    package let lifetime: Duration

    package init(key: DecisionKey, facts: GuardFacts, lifetime: Duration) {
        self.key = key
        self.facts = facts
        self.lifetime = lifetime
    }
}

/// The form of ``SharedFacts`` in a shared cache, such as Redis.
///
/// A value, all numbers with the high byte first:
///
///     1   version
///     4   the catalogue of findings: other codes, other value
///     8   when the DNS no longer vouches for it, in seconds since 1970-01-01 UTC
///     8   findings
///     1   iprev: 0 pass, 1 fail, 2 temperror, 3 permerror
///     1   whether every PTR name was asked for: 0 or 1
///     2   certainty of the address and of HELO
///     1   how many confirmed names, then each in wire form with its zero byte
///     1+n HELO: 0, or 1 and its bytes to the end
///     8   SipHash-2-4 of all before and the client's address
///
/// What is read was somebody else's to write: anything but what ``encode(_:at:)`` would have written
/// for that key is nothing.
package struct SharedFactsCodec: Hashable, Sendable {
    private let hash: SipHash

    /// 2: with a byte for whether every name was asked for.
    package static let version: UInt8 = 2
    /// Ten names of 255 bytes, HELO of 512, and the fixed parts.
    package static let longest = 3200
    /// Clocks of a fleet differ by a little; what should live longer was never written so.
    package static let longestLifetime: Duration = .seconds(86_400)

    /// - Parameter secret: Common to the guards that share; without one, values are only checked for
    ///   damage.
    package init(secret: [UInt8] = []) {
        let whole = SipHash(key: [])
        // A secret may be longer than a key: its rest counts too.
        let low = whole.value(of: secret)
        let high = whole.value(of: secret + [1])
        hash = SipHash(key: secret.isEmpty ? [] : Self.bytes(of: low) + Self.bytes(of: high))
    }

    /// What the value is stored under: printable ASCII, at most 80 bytes.
    package func name(of key: DecisionKey) -> [UInt8] {
        let digest = hash.value(of: key.helo.map { [1] + $0 } ?? [0])
        let digits = String(digest, radix: 16)
        return Array("heloscope:\(Self.version):\(key.client):\(digits)".utf8)
    }

    /// - Parameters:
    ///   - shared: What to write.
    ///   - wallClock: Seconds since 1970-01-01 UTC.
    /// - Returns: The value.
    package func encode(_ shared: SharedFacts, at wallClock: Int64) -> [UInt8] {
        let expiresAt = wallClock + max(0, shared.lifetime.components.seconds)
        return body(shared.key, shared.facts, expiresAt)
    }

    /// - Returns: Nil for anything that is not a live value of this key.
    package func decode(_ bytes: [UInt8], for key: DecisionKey, at wallClock: Int64) -> SharedFacts?
    {
        guard bytes.count <= Self.longest else { return nil }
        var rest = bytes[...]
        guard rest.popFirst() == Self.version, let catalogue = Self.number(4, &rest),
            catalogue == Self.catalogue, let expiry = Self.number(8, &rest),
            let bits = Self.number(8, &rest), let iprev = rest.popFirst(),
            let every = rest.popFirst(), every <= 1,
            let address = rest.popFirst().flatMap(Self.certainty),
            let helo = rest.popFirst().flatMap(Self.certainty), let count = rest.popFirst(),
            count <= EvidenceLimits.pointerNames
        else { return nil }
        var names: [DomainName] = []
        for _ in 0..<count {
            guard let name = Self.name(&rest) else { return nil }
            names.append(name)
        }
        guard let result = Self.iprev(iprev, names) else { return nil }
        let expiresAt = Int64(bitPattern: expiry)
        guard expiresAt > wallClock,
            expiresAt - wallClock <= Self.longestLifetime.components.seconds
        else { return nil }
        let facts = GuardFacts(
            findings: FindingSet(bits: bits), iprev: result, confirmedNames: names,
            hasEveryName: every == 1, address: address, helo: helo)
        guard facts.isConsistent, body(key, facts, expiresAt) == bytes else { return nil }
        return SharedFacts(
            key: key, facts: facts, lifetime: .seconds(expiresAt - wallClock))
    }

    /// The same bytes with the checksum that belongs to them: for fuzzers, which cannot guess one.
    package func sealed(_ bytes: [UInt8], for key: DecisionKey) -> [UInt8] {
        let body = Array(bytes.dropLast(8))
        return body + Self.bytes(of: hash.value(of: body + key.client.bytes))
    }

    private func body(_ key: DecisionKey, _ facts: GuardFacts, _ expiresAt: Int64) -> [UInt8] {
        var bytes = [Self.version]
        bytes += Self.bytes(of: Self.catalogue).suffix(4)
        bytes += Self.bytes(of: UInt64(bitPattern: expiresAt))
        bytes += Self.bytes(of: facts.findings.bits)
        bytes.append(Self.code(of: facts.iprev))
        bytes.append(facts.hasEveryName ? 1 : 0)
        bytes.append(Self.code(of: facts.address))
        bytes.append(Self.code(of: facts.helo))
        let names = facts.confirmedNames.prefix(EvidenceLimits.pointerNames)
        bytes.append(UInt8(names.count))
        for name in names { bytes += name.wire }
        bytes.append(key.helo == nil ? 0 : 1)
        bytes += key.helo ?? []
        return bytes + Self.bytes(of: hash.value(of: bytes + key.client.bytes))
    }

    /// The codes of this version of the catalogue, as one number.
    private static let catalogue =
        SipHash(key: []).value(
            of: Array(FindingCode.allCases.map(\.rawValue).joined(separator: " ").utf8)) >> 32

    private static func code(of iprev: IPRevResult) -> UInt8 {
        switch iprev {
        case .pass: 0
        case .fail: 1
        case .temperror: 2
        case .permerror: 3
        }
    }

    private static func iprev(_ code: UInt8, _ names: [DomainName]) -> IPRevResult? {
        switch code {
        case 0: names.first.map { .pass($0) }
        case 1: .fail
        case 2: .temperror
        case 3: .permerror
        default: nil
        }
    }

    private static let failures = LookupFailure.allCases
    private static let temporary: UInt8 = 0x40
    private static let limited: UInt8 = 0x7f
    private static let ours: UInt8 = 0x80

    private static func code(of certainty: GuardFacts.Certainty) -> UInt8 {
        let place = { (failure: LookupFailure) in
            UInt8(failures.firstIndex(of: failure) ?? 0)
        }
        return switch certainty {
        case .proven: 0
        case .temporary(let failure): temporary + place(failure)
        case .limited: limited
        case .ours(let failure): ours + place(failure)
        }
    }

    private static func certainty(_ code: UInt8) -> GuardFacts.Certainty? {
        let failure = { (base: UInt8) -> LookupFailure? in
            let place = Int(code - base)
            return failures.indices.contains(place) ? failures[place] : nil
        }
        switch code {
        case 0: return .proven
        case limited: return .limited
        case temporary..<limited: return failure(temporary).map { .temporary($0) }
        case ours...: return failure(ours).map { .ours($0) }
        default: return nil
        }
    }

    private static func bytes(of value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    private static func number(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> DomainName? {
        var end = rest.startIndex
        while end < rest.endIndex, rest[end] != 0 {
            end += 1 + Int(rest[end])
        }
        guard end < rest.endIndex else { return nil }
        defer { rest = rest[(end + 1)...] }
        return try? DomainName(wire: Array(rest[...end]))
    }
}

extension GuardFacts {
    /// Whether they could have come from evidence: what nobody could find out is no fact.
    var isConsistent: Bool {
        guard findings.subtracting(.all).isEmpty, findings.subtracting(Self.possible).isEmpty else {
            return false
        }
        let hasConfirmed = findings.contains(.pointerConfirmed)
        switch iprev {
        case .pass: return hasConfirmed && !confirmedNames.isEmpty
        case .fail, .temperror: return !hasConfirmed && confirmedNames.isEmpty && hasEveryName
        case .permerror:
            return confirmedNames.isEmpty && hasEveryName && findings.contains(.noPointer)
                && address == .proven
        }
    }

    /// What a guard looks for.
    private static let possible = FindingSet(
        FindingCode.allCases.filter {
            ![.topology, .blockLists, .spf, .limits, .reverseTree].contains($0.group)
        })
}

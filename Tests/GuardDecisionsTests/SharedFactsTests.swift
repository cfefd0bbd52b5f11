import Foundation
import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import TestSupport
import Testing

/// What goes to a shared cache comes back the same, and nothing else does.
@Suite struct SharedFactsTests {
    static let codec = SharedFactsCodec(secret: Array("swordfish".utf8))
    static let now: Int64 = 1_795_219_200
    static let keys = [
        DecisionKey(client: Situations.client, helo: Array("mail.example.com".utf8)),
        DecisionKey(client: Situations.client, helo: nil),
        DecisionKey(client: Situations.client, helo: []),
        DecisionKey(client: IPAddress(high: 0x2a01_04f8 << 32, low: 0x25), helo: [0, 255, 10]),
    ]

    static func value(_ facts: GuardFacts, _ key: DecisionKey) -> SharedFacts {
        SharedFacts(key: key, facts: facts, lifetime: .seconds(300))
    }

    @Test func `what is written is read`() throws {
        for facts in Situations.all {
            for key in Self.keys {
                let value = Self.value(facts, key)
                let bytes = Self.codec.encode(value, at: Self.now)
                #expect(Self.codec.decode(bytes, for: key, at: Self.now) == value)
                let later = Self.codec.decode(bytes, for: key, at: Self.now + 299)
                #expect(later?.lifetime == .seconds(1))
                #expect(Self.codec.decode(bytes, for: key, at: Self.now + 300) == nil)
            }
        }
    }

    /// Values of another catalogue are all refused, so the fuzzer would begin with nothing.
    @Test func `the fuzzer's corpus holds values of this catalogue`() throws {
        let folder = Fixtures.corpus.appending(path: "shared-facts")
        let codec = SharedFactsCodec()
        let key = DecisionKey(client: Situations.client, helo: Array("mail.example.com".utf8))
        if Golden.isRecording {
            for (number, facts) in Situations.all.enumerated() {
                let bytes = codec.encode(Self.value(facts, key), at: Self.now)
                try Data(bytes).write(to: folder.appending(path: "value-\(number)"))
            }
            Issue.record("recorded")
        }
        let read = try Fixtures.files(in: folder).filter {
            codec.decode(try Fixtures.bytes(of: $0), for: key, at: Self.now) != nil
        }
        #expect(read.count >= Situations.all.count)
    }

    @Test func `a value belongs to its key`() {
        for key in Self.keys {
            let bytes = Self.codec.encode(Self.value(Situations.good, key), at: Self.now)
            for other in Self.keys where other != key {
                #expect(Self.codec.decode(bytes, for: other, at: Self.now) == nil)
            }
        }
        let names = Set(Self.keys.map(Self.codec.name))
        #expect(names.count == Self.keys.count)
        for name in names {
            #expect(name.count <= 80)
            #expect(name.allSatisfy { Ascii.isPrintable($0) && $0 != Ascii.space })
        }
    }

    @Test func `no bit may differ, none may miss, none may be added`() {
        let key = Self.keys[0]
        let bytes = Self.codec.encode(Self.value(Situations.good, key), at: Self.now)
        #expect(bytes.count < 100)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                #expect(Self.codec.decode(changed, for: key, at: Self.now) == nil)
            }
            #expect(
                Self.codec.decode(Array(bytes[..<place]), for: key, at: Self.now) == nil)
        }
        #expect(Self.codec.decode(bytes + [0], for: key, at: Self.now) == nil)
    }

    /// It cannot say whether every name was asked for.
    @Test func `a value of the version before is none, nor is its place read`() {
        let key = Self.keys[0]
        let bytes = Self.codec.encode(Self.value(Situations.good, key), at: Self.now)
        #expect(bytes.first == 2)
        for version: UInt8 in [0, 1, 3] {
            let other = Self.codec.sealed([version] + bytes.dropFirst(), for: key)
            #expect(Self.codec.decode(other, for: key, at: Self.now) == nil)
        }
        #expect(Self.codec.name(of: key).starts(with: "heloscope:2:".utf8))
    }

    @Test func `only who knows the secret can write`() {
        let key = Self.keys[0]
        let value = Self.value(Situations.good, key)
        for secret in ["", "swordfisj", "swordfish0"] {
            let other = SharedFactsCodec(secret: Array(secret.utf8))
            let bytes = other.encode(value, at: Self.now)
            #expect(other.decode(bytes, for: key, at: Self.now) == value)
            #expect(Self.codec.decode(bytes, for: key, at: Self.now) == nil)
        }
    }

    /// With the secret, but no guard would write it.
    @Test func `facts that contradict themselves are none`() {
        let confirmed = FindingSet([.onePointer, .pointerConfirmed])
        let odd = [
            GuardFacts(findings: confirmed, iprev: .fail),
            GuardFacts(findings: .empty, iprev: .permerror),
            GuardFacts(
                findings: FindingSet([.onePointer]), iprev: .pass(Situations.mail),
                confirmedNames: [Situations.mail]),
            GuardFacts(
                findings: FindingSet([.noPointer]), iprev: .permerror,
                address: .temporary(.timeout)),
            GuardFacts(
                findings: FindingSet([.noPointer]), iprev: .permerror,
                confirmedNames: [Situations.mail]),
            GuardFacts(findings: FindingSet([.multihomed, .noPointer]), iprev: .permerror),
            GuardFacts(
                findings: FindingSet([.noPointer]), iprev: .permerror, hasEveryName: false),
            GuardFacts(findings: FindingSet(bits: 1 << 63 | 2), iprev: .permerror),
        ]
        for facts in odd {
            let bytes = Self.codec.encode(Self.value(facts, Self.keys[0]), at: Self.now)
            #expect(Self.codec.decode(bytes, for: Self.keys[0], at: Self.now) == nil)
        }
        let forever = SharedFacts(
            key: Self.keys[0], facts: Situations.good, lifetime: .seconds(90_000))
        let bytes = Self.codec.encode(forever, at: Self.now)
        #expect(Self.codec.decode(bytes, for: Self.keys[0], at: Self.now) == nil)
    }
}

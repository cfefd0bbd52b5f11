import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// A kind of fault: how to build a world with it, and what must be found.
struct FaultKind: Sendable {
    let name: String
    var isIPv4Only = false
    let build: @Sendable (inout World, String, inout Dice) -> Void
    let isFound: @Sendable ([Finding], IdentityFacts) -> Bool

    static let all: [FaultKind] = reverseFailures + recoveries + absences + mistakes + helo

    // MARK: The reverse look-up fails, for good

    private static let reverseFailures: [FaultKind] = [
        reverse("PTR: SERVFAIL", [.code(.serverFailure)], .serverFailure),
        reverse("PTR: DNSSEC bogus", [.code(.serverFailure), .extendedError(6)], .bogus),
        reverse("PTR: REFUSED", [.code(.refused)], .refused),
        reverse("PTR: FORMERR to everything", [.code(.formatError)], .formatError),
        reverse("PTR: NOTIMP", [.code(.notImplemented)], .notImplemented),
        reverse("PTR: another response code", [.code(.init(rawValue: 9))], .unexpectedCode),
        reverse("PTR: silence", [.drop], .timeout),
        reverse("PTR: late beyond the deadline", [.delay(milliseconds: 9000)], .timeout),
        reverse("PTR: lame server", [.lame], .lame),
        reverse("PTR: answer cut short", [.cutShort], .malformed),
        reverse("PTR: compression loop", [.pointerLoop], .malformed),
        reverse("PTR: counts larger than data", [.countsTooLarge], .malformed),
        reverse("PTR: NXDOMAIN beside an answer", [.contradict], .malformed),
        reverse("PTR: truncated, TCP silent", [.truncateOnly], .truncated),
        reverse("PTR: truncated, TCP refused", [.truncateRefused], .truncated),
        reverse("PTR: truncated, TCP one byte a second", [.trickle], .truncated),
        FaultKind(
            name: "PTR: alias loop",
            build: { world, _, _ in
                let owner = ReverseName.name(of: world.client).description
                world.add(owner, .cname(named("x.\(owner)")))
                world.add("x.\(owner)", .cname(named(owner)))
            },
            isFound: { findings, _ in
                findings.contains { $0.kind == .reverseLookupFailed(.aliasLoop) }
            }),
        FaultKind(
            name: "PTR: alias chain too long",
            build: { world, name, dice in
                let owner = ReverseName.name(of: world.client).description
                var current = owner
                for step in 0..<dice.number(9...12) {
                    world.add(current, .cname(named("a\(step).chain.example")))
                    current = "a\(step).chain.example"
                }
                world.add(current, .ptr(named(name)))
                world.addAddress(world.client, to: name)
            },
            isFound: { findings, _ in
                findings.contains { $0.kind == .reverseLookupFailed(.aliasChainTooLong) }
            }),
    ]

    // MARK: Trouble that a good client gets over

    private static let recoveries: [FaultKind] = [
        recovery("recovers: first packet lost", [.dropFirst(1)]),
        recovery("recovers: first answer SERVFAIL", [.codeFirst(1, .serverFailure)]),
        recovery("recovers: truncated, TCP works", [.truncate]),
        recovery("recovers: EDNS refused", [.refuseEDNS]),
        recovery("recovers: slow answer", [.delay(milliseconds: 700)]),
        recovery("recovers: forged answer first", [.forgedFirst]),
        recovery("recovers: answer twice", [.twice]),
        // The client goes to TCP when too many datagrams do not fit.
        stubborn("only wrong ids", .wrongID),
        stubborn("only wrong questions", .wrongQuestion),
        recovery("recovers: only from a wrong address", [.wrongSource]),
    ]

    // MARK: Real absences

    private static let absences: [FaultKind] = [
        FaultKind(
            name: "no PTR: NXDOMAIN",
            build: { world, name, _ in world.addAddress(world.client, to: name) },
            isFound: { findings, _ in has(.noPointer, findings) }),
        FaultKind(
            name: "no PTR: NODATA",
            build: { world, name, _ in
                world.addAddress(world.client, to: name)
                world.add(ReverseName.name(of: world.client).description, .txt([[0x78]]))
            },
            isFound: { findings, _ in has(.noPointer, findings) }),
        FaultKind(
            name: "no PTR: reverse alias leads nowhere",
            build: { world, name, _ in
                let owner = ReverseName.name(of: world.client).description
                world.add(owner, .cname(named("nowhere.example")))
                world.addAddress(world.client, to: name)
            },
            isFound: { findings, facts in
                has(.noPointer, findings) && facts.pointer.lookup?.outcome.aliases.count == 1
            }),
        FaultKind(
            name: "forward: NXDOMAIN",
            build: { world, name, _ in world.addPointer(of: world.client, to: name) },
            isFound: { findings, _ in has(.pointerNameDoesNotExist, findings) }),
        FaultKind(
            name: "forward: NODATA",
            build: { world, name, _ in
                world.addPointer(of: world.client, to: name)
                world.add(name, .txt([[0x78]]))
            },
            isFound: { findings, _ in has(.pointerNameDoesNotExist, findings) }),
        FaultKind(
            name: "forward: another address",
            build: { world, name, dice in
                world.addPointer(of: world.client, to: name)
                let family = world.client.family
                world.addAddress(dice.address(version6: family == .v6 ? 100 : 0), to: name)
            },
            isFound: { findings, _ in has(.pointerPointsElsewhere, findings) }),
        forward("forward: SERVFAIL", .code(.serverFailure), .serverFailure),
        forward("forward: silence", .drop, .timeout),
        forward("forward: REFUSED", .code(.refused), .refused),
    ]

    // MARK: Slips of the pen

    private static let mistakes: [FaultKind] = [
        FaultKind(
            name: "PTR without its final dot",
            build: { world, name, _ in
                let zone = ReverseName.conventionalZone(of: world.client)
                world.addPointer(of: world.client, to: "\(name).\(zone)")
                world.addAddress(world.client, to: name)
            },
            isFound: { findings, _ in has(.pointerMissingTrailingDot, findings) }),
        FaultKind(
            name: "PTR doubles its domain",
            build: { world, name, _ in
                let domain = named(name).parent?.description ?? ""
                world.addPointer(of: world.client, to: "\(name).\(domain)")
                world.addAddress(world.client, to: name)
            },
            isFound: { findings, _ in has(.pointerMissingTrailingDot, findings) }),
        FaultKind(
            name: "PTR under the address written forwards", isIPv4Only: true,
            build: { world, name, _ in
                world.addAddress(world.client, to: name)
                if let owner = ReverseName.writtenForwards(world.client) {
                    world.add(owner.description, .ptr(named(name)))
                } else {
                    world.client = .v4(0x2d01_0203)
                    world.addAddress(world.client, to: name)
                    world.add("45.1.2.3.in-addr.arpa", .ptr(named(name)))
                }
            },
            isFound: { findings, _ in
                has(.reverseZoneWrittenForwards, findings) && has(.noPointer, findings)
            }),
        FaultKind(
            name: "PTR with an underscore",
            build: { world, name, _ in world.addHost("a_b.\(name)", world.client) },
            isFound: { findings, _ in has(.pointerNotAHostname, findings) }),
        FaultKind(
            name: "PTR is an address",
            build: { world, _, _ in world.addPointer(of: world.client, to: "10.1.2.3") },
            isFound: { findings, _ in has(.pointerNotAHostname, findings) }),
        FaultKind(
            name: "PTR names an alias",
            build: { world, name, _ in
                world.addPointer(of: world.client, to: "al.\(name)")
                world.add("al.\(name)", .cname(named(name)))
                world.addAddress(world.client, to: name)
            },
            isFound: { findings, _ in has(.pointerNameIsAlias, findings) }),
    ]

    // MARK: HELO

    private static let helo: [FaultKind] = [
        FaultKind(
            name: "HELO: SERVFAIL",
            build: { world, name, _ in
                world.addHost("host.\(name)", world.client)
                world.helo = "helo.\(name)"
                for type in [RecordType.a, .aaaa] {
                    world.fail(Question(named("helo.\(name)"), type), .code(.serverFailure))
                }
            },
            isFound: { findings, _ in
                findings.contains {
                    if case .heloLookupFailed(_, .serverFailure) = $0.kind { true } else { false }
                }
            }),
        FaultKind(
            name: "HELO: does not exist",
            build: { world, name, _ in
                world.addHost("host.\(name)", world.client)
                world.helo = "helo.\(name)"
            },
            isFound: { findings, _ in has(.heloDoesNotResolve, findings) }),
    ]

    // MARK: Makers

    private static func reverse(
        _ name: String, _ faults: [Fault], _ cause: LookupFailure
    ) -> FaultKind {
        FaultKind(
            name: name,
            build: { world, host, _ in
                world.addHost(host, world.client)
                let question = Question(ReverseName.name(of: world.client), .ptr)
                for fault in faults { world.fail(question, fault) }
            },
            isFound: { findings, _ in
                findings.contains { $0.kind == .reverseLookupFailed(cause) }
            })
    }

    private static func recovery(_ name: String, _ faults: [Fault]) -> FaultKind {
        FaultKind(
            name: name,
            build: { world, host, _ in
                world.faultsAreLocal = true
                world.addHost(host, world.client)
                let question = Question(ReverseName.name(of: world.client), .ptr)
                for fault in faults { world.fail(question, fault) }
            },
            isFound: { findings, facts in
                has(.onePointer, findings) && facts.confirmedName != nil
            })
    }

    /// A server that never answers what was asked, over TCP neither: another server may help, and
    /// when there is none the cause is that no valid answer came.
    private static func stubborn(_ name: String, _ fault: Fault) -> FaultKind {
        let recovers = recovery(name, [fault])
        return FaultKind(name: name, build: recovers.build) { findings, facts in
            recovers.isFound(findings, facts)
                || findings.contains {
                    [.reverseLookupFailed(.timeout), .reverseLookupFailed(.malformed)]
                        .contains($0.kind)
                }
        }
    }

    private static func forward(
        _ name: String, _ fault: Fault, _ cause: LookupFailure
    ) -> FaultKind {
        FaultKind(
            name: name,
            build: { world, host, _ in
                world.addHost(host, world.client)
                for type in [RecordType.a, .aaaa] {
                    world.fail(Question(named(host), type), fault)
                }
            },
            isFound: { findings, _ in
                findings.contains {
                    if case .pointerForwardUnknown(_, cause) = $0.kind { true } else { false }
                }
            })
    }

    private static func has(_ code: FindingCode, _ findings: [Finding]) -> Bool {
        findings.contains { $0.code == code }
    }

    private static func named(_ text: String) -> DomainName {
        DomainName(text) ?? .root
    }
}

import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// Faults of the only server, and what must become of the question for a PTR that exists.
struct FaultCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let faults: [Fault]
    /// Nil when the right answer must come through.
    let failure: LookupFailure?
    let packets: Int

    static func found(_ label: String, _ faults: Fault..., packets: Int) -> FaultCase {
        FaultCase(testDescription: label, faults: faults, failure: nil, packets: packets)
    }

    static func failed(
        _ label: String, _ faults: Fault..., failure: LookupFailure, packets: Int
    ) -> FaultCase {
        FaultCase(testDescription: label, faults: faults, failure: failure, packets: packets)
    }

    static let all: [FaultCase] = [
        .failed("SERVFAIL", .code(.serverFailure), failure: .serverFailure, packets: 2),
        .failed(
            "SERVFAIL because of a signature", .code(.serverFailure), .extendedError(7),
            failure: .bogus, packets: 2),
        .failed("REFUSED", .code(.refused), failure: .refused, packets: 2),
        .failed(
            "FORMERR with and without EDNS", .code(.formatError), failure: .formatError, packets: 3),
        .failed("NOTIMP", .code(.notImplemented), failure: .notImplemented, packets: 3),
        .failed("BADVERS", .code(.badVersion), failure: .unexpectedCode, packets: 3),
        .failed("an unknown code", .code(.init(rawValue: 9)), failure: .unexpectedCode, packets: 2),
        .failed("silence", .drop, failure: .timeout, packets: 4),
        .found("silence once", .dropFirst(1), packets: 2),
        .found("silence three times", .dropFirst(3), packets: 4),
        .failed("silence four times", .dropFirst(4), failure: .timeout, packets: 4),
        .found("SERVFAIL once", .codeFirst(1, .serverFailure), packets: 2),
        .failed(
            "SERVFAIL three times", .codeFirst(3, .serverFailure), failure: .serverFailure,
            packets: 2),
        .found("half a second late", .delay(milliseconds: 500), packets: 1),
        .found("later than the first try", .delay(milliseconds: 1500), packets: 2),
        .failed(
            "later than the deadline", .delay(milliseconds: 5100), failure: .timeout, packets: 4),
        .found("truncated", .truncate, packets: 2),
        .failed("truncated, TCP silent", .truncateOnly, failure: .truncated, packets: 6),
        .failed("truncated, TCP refused", .truncateRefused, failure: .truncated, packets: 4),
        .failed("truncated, TCP trickles", .trickle, failure: .truncated, packets: 6),
        .failed("another id", .wrongID, failure: .malformed, packets: 5),
        .failed("another question", .wrongQuestion, failure: .malformed, packets: 5),
        .found("another sender, so TCP is asked", .wrongSource, packets: 4),
        .found("a forgery first", .forgedFirst, packets: 1),
        .found("the answer twice", .twice, packets: 1),
        .found("no SOA, which an answer does not need", .noSOA, packets: 1),
        .failed("a referral upwards", .lame, failure: .lame, packets: 2),
        .failed(
            "a header of zeros, so no response", .raw([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            failure: .malformed, packets: 5),
        .failed(
            "a response with half a name", .raw([0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 5, 97]),
            failure: .malformed, packets: 2),
        .failed("nothing but an id", .raw([]), failure: .malformed, packets: 5),
        .failed("a response cut short", .cutShort, failure: .malformed, packets: 2),
        .failed("a pointer loop", .pointerLoop, failure: .malformed, packets: 2),
        .failed("counts too large", .countsTooLarge, failure: .malformed, packets: 2),
        .found("EDNS refused", .refuseEDNS, packets: 2),
        .found("EDNS dropped", .dropEDNS, packets: 3),
        .failed("records of another owner", .wrongOwner, failure: .lame, packets: 2),
        .failed("NXDOMAIN with an answer", .contradict, failure: .malformed, packets: 2),
        .found("truncated and EDNS refused", .truncate, .refuseEDNS, packets: 3),
    ]
}

struct FaultTests {
    @Test(arguments: FaultCase.all)
    func `a fault leads to the right answer or to a failure, on time`(_ fault: FaultCase) throws {
        let observation = try look(up: pointer, server(SmallWorld(confirmed), fault.faults))
        if let failure = fault.failure {
            #expect(observation.outcome == .failed(failure))
        } else {
            #expect(observation.outcome.answers?.data == [.ptr(host)])
        }
        #expect(observation.attempts.count == fault.packets)
        #expect(observation.elapsed <= LookupTimes.deadline)
    }

    @Test(arguments: FaultCase.all)
    func `a second, healthy server answers`(_ fault: FaultCase) throws {
        let world = try SmallWorld(confirmed)
        let observation = try look(
            up: pointer, server(world, fault.faults), server(world, label: "192.0.2.54#53"))
        #expect(observation.outcome.answers?.data == [.ptr(host)])
        // At most one try at the sick server, with its plain or TCP sequel, unless forgeries
        // have to pile up first.
        #expect(observation.elapsed < .seconds(2) + .milliseconds(200))
    }

    @Test(arguments: FaultCase.all)
    func `no fault turns an existing name into an absent one`(_ fault: FaultCase) throws {
        for type in [RecordType.ptr, .a, .aaaa] {
            let observation = try look(
                up: Question(client, type), server(SmallWorld(confirmed), fault.faults))
            if case .noSuchName = observation.outcome { Issue.record("NXDOMAIN for \(type)") }
            if type == .ptr, case .noData = observation.outcome { Issue.record("NODATA") }
        }
    }

    @Test func `NOERROR without a SOA is no absence`() throws {
        let observation = try look(
            up: Question(host, .aaaa), server(SmallWorld(confirmed), [.noSOA]))
        #expect(observation.outcome == .failed(.lame))
        #expect(observation.attempts.count == 2)
    }

    @Test func `absences are taken at once`() throws {
        let missing = Question(try #require(DomainName("missing.example")), .a)
        for question in [missing, Question(host, .aaaa)] {
            let observation = try look(
                up: question, server(SmallWorld(confirmed)),
                server(SmallWorld([]), label: "other#53"))
            #expect(observation.outcome.absence?.ttl == 60)
            #expect(observation.attempts.count == 1)
        }
    }
}

import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// The address side: PTR records and where their names lead, per receiver.
@Suite struct AddressMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        let pointers: [(String, ClientWorld.Forward)]
        var failure: LookupFailure?
        var client = "192.0.2.6"
        /// Haraka no_rdns and no_fcrdns, Stalwart strict, maddy (HELO = first PTR, reject), mox,
        /// authentication_milter.
        let cells: [String]

        var testDescription: String { label }
    }

    private static let elsewhere = ClientWorld.Forward.to(["198.51.100.9"])
    private static let client = ClientWorld.Forward.to(["192.0.2.6"])

    private static let rows: [Row] = [
        Row(
            label: "no PTR record", pointers: [],
            cells: ["554", "550 5.7.25", "550 5.7.25", "iprev=permerror", "iprev=fail"]),
        Row(
            label: "the PTR look-up fails", pointers: [], failure: .serverFailure,
            cells: ["421", "451 4.7.25", "450 4.7.25", "iprev=temperror", "iprev=fail"]),
        Row(
            label: "the PTR name does not exist", pointers: [("a.example.com", .noSuchName)],
            cells: ["554", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
        Row(
            label: "the forward look-up fails",
            pointers: [("a.example.com", .fails(.serverFailure))],
            cells: ["554", "451 4.7.25", "✓", "iprev=temperror", "iprev=fail"]),
        Row(
            label: "the name leads elsewhere", pointers: [("a.example.com", elsewhere)],
            cells: ["554", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
        Row(
            label: "the name leads to a neighbor in the /24",
            pointers: [("a.example.com", .to(["192.0.2.77"]))],
            cells: ["✓", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
        Row(
            label: "three names, the first confirms",
            pointers: [
                ("a.example.com", client), ("b.example.com", elsewhere),
                ("c.example.com", elsewhere),
            ],
            cells: ["✓", "2/3 ✓ | 1/3 550 5.7.25", "1/3 ✓ | 2/3 550 5.7.25", "✓", "✓"]),
        Row(
            label: "three names, the third confirms",
            pointers: [
                ("a.example.com", elsewhere), ("b.example.com", elsewhere),
                ("c.example.com", client),
            ],
            cells: ["✓", "1/3 550 5.7.25 | 2/3 ✓", "1/3 ✓ | 2/3 550 5.7.25", "✓", "✓"]),
        Row(
            label: "two names, one confirms and one fails",
            pointers: [("a.example.com", client), ("b.example.com", .fails(.serverFailure))],
            cells: ["✓", "✓", "1/2 ✓ | 1/2 550 5.7.25", "✓", "✓"]),
        Row(
            label: "two names: the last forward error decides at Stalwart",
            pointers: [("a.example.com", .fails(.serverFailure)), ("b.example.com", .noSuchName)],
            cells: [
                "554", "1/2 550 5.7.25 | 1/2 451 4.7.25", "1/2 ✓ | 1/2 550 5.7.25",
                "iprev=temperror", "iprev=fail",
            ]),
        Row(
            label: "the name is an alias", pointers: [("a.example.com", .alias)],
            cells: ["✓", "✓", "✓", "✓", "✓"]),
        Row(
            label: "an underscore in the name", pointers: [("a_b.example.com", client)],
            cells: ["?", "?", "?", "?", "✓"]),
        Row(
            label: "a slash in the name", pointers: [("a/b.example.com", .notAsked)],
            cells: ["?", "?", "?", "?", "?"]),
        Row(
            label: "the first name is bad, the second good",
            pointers: [("a/b.example.com", .notAsked), ("b.example.com", client)],
            cells: ["?", "?", "?", "?", "✓"]),
        Row(
            label: "a numeric name", pointers: [("10.1.2.3", .noSuchName)],
            cells: ["554", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
        Row(
            label: "localhost", pointers: [("localhost", .to(["127.0.0.1"]))],
            cells: ["554", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
        Row(
            label: "a single label that resolves", pointers: [("mailhost", client)],
            cells: ["554", "✓", "✓", "✓", "✓"]),
        Row(
            label: "over IPv6 a name with A only", pointers: [("a.example.com", elsewhere)],
            client: "2001:db8::6",
            cells: ["554", "550 5.7.25", "✓", "iprev=fail", "iprev=fail"]),
    ]

    @Test(arguments: rows)
    func `does what the sources say`(row: Row) throws {
        var world = try ClientWorld(row.client)
        if let failure = row.failure {
            world.failingPointer(failure)
        } else {
            try world.pointers(row.pointers)
        }
        let facts = world.facts(helo: row.pointers.first?.0 ?? "a.example.com")
        let reverse = try cell(facts, .haraka, "no_rdns")
        let cells = [
            try reverse == "✓" ? cell(facts, .haraka, "no_fcrdns") : reverse,
            try cell(facts, .stalwart, "iprev-strict"),
            try cell(
                facts, .maddy, "require_matching_rdns",
                ReceiverSettings(["fail_action": "reject"])),
            try cell(facts, .mox, "iprev"),
            try cell(facts, .authenticationMilter, "iprev"),
        ]
        #expect(cells == row.cells)
    }

    @Test(arguments: rows)
    func `KumoMTA marks what mox marks, and Stalwart relaxed never refuses`(row: Row) throws {
        var world = try ClientWorld(row.client)
        if let failure = row.failure {
            world.failingPointer(failure)
        } else {
            try world.pointers(row.pointers)
        }
        let facts = world.facts()
        #expect(try cell(facts, .kumoMTA, "iprev") == cell(facts, .mox, "iprev"))
        #expect(try !cell(facts, .stalwart, "iprev-relaxed").contains("5"))
    }
}

import DNSModel
import NetNames
import Reports
import SenderIdentity
import Testing

/// Text from foreign evidence that JSON would allow and a terminal would obey.
@Suite struct JSONSafetyTests {
    static let names = ["a\u{7f}b", "a\u{80}b", "a\u{9b}31mb", "a\u{1b}[31mb\nc", "wörld.zone"]

    @Test(arguments: names)
    func `a source's name reaches no terminal raw and survives saving`(name: String) throws {
        let subject = Subject(address: .v4(0xc000_0201))
        let evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: name)])
        let saved = try EvidenceCodec.encode(evidence, of: subject)
        let report = try ReportJSON.render(Report(subject: subject, evidence: evidence))
        for text in [String(decoding: saved, as: UTF8.self), report] {
            let controls = text.unicodeScalars.filter { scalar in
                scalar.value < 0x20 && scalar != "\n" || (0x7f...0x9f).contains(scalar.value)
            }
            #expect(controls.isEmpty)
        }
        #expect(try EvidenceCodec.decode(saved).1 == evidence)
    }
}

import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// Replies as data: what is printed and what a reader of bounces will match is one thing.
@Suite struct TemplateTests {
    @Test func `prints the placeholders`() throws {
        let facts = IdentityFacts(
            subject: Subject(
                address: try #require(IPAddress("2001:db8::19")), helo: HELOArgument("a\nb")),
            evidence: Evidence(startedAt: 0, sources: []))
        let template = ReplyTemplate(550, "5.7.1", "{client} {sendmail-client} <{helo}>!")
        #expect(
            template.line(for: facts)
                == "550 5.7.1 2001:db8::19 IPv6:2001:db8:0:0:0:0:0:19 <a\\010b>!")
    }

    @Test func `a brace without a known name stays text`() {
        #expect(ReplyTemplate(550, nil, "x {nobody} y").text == [.literal("x {nobody} y")])
    }

    @Test func `receivers and rules have identifiers of their own`() {
        let receivers = Receiver.all.map(\.id)
        #expect(Set(receivers).count == receivers.count)
        for receiver in Receiver.all {
            let rules = receiver.rules.map(\.id)
            #expect(Set(rules).count == rules.count, "\(receiver.id)")
            #expect(!rules.isEmpty, "\(receiver.id)")
        }
    }
}

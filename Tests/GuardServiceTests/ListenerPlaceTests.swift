import GuardService
import NetNames
import Testing

@Suite struct ListenerPlaceTests {
    @Test(arguments: [
        ("127.0.0.1:10040", "127.0.0.1:10040"), ("inet:127.0.0.1:10040", "127.0.0.1:10040"),
        ("[::1]:10040", "[::1]:10040"),
        ("unix:/run/heloscope/policy", "unix:/run/heloscope/policy"),
    ])
    func `a place is read as it is shown`(text: String, shown: String) {
        #expect(ListenerPlace(text)?.description == shown)
    }

    @Test(arguments: [
        "", ":10040", "localhost:10040", "::1:10040", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:",
        "unix:relative", "unix:", "unix:/" + String(repeating: "x", count: 107),
    ])
    func `what is no place is none`(text: String) {
        #expect(ListenerPlace(text) == nil)
    }
}

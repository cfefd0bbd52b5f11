import Settings
import Testing

@Suite struct SettingsTests {
    @Test func `an empty file means the defaults`() throws {
        #expect(try Settings(toml: "") == Settings())
    }

    /// The sample with every key switched on says the defaults, so it names every key rightly.
    @Test func `the sample holds every key with its default`() throws {
        let keys = SampleSettings.text.split(separator: "\n").map { line in
            line.contains(" = ") && line.hasPrefix("# ") ? line.dropFirst(2) : line
        }
        #expect(keys.count { $0.contains(" = ") } == 58)
        #expect(try Settings(toml: keys.joined(separator: "\n")) == Settings())
    }

    @Test func `the sample is a file that ends its last line`() {
        #expect(SampleSettings.text.hasSuffix("\n"))
        #expect(!SampleSettings.text.hasSuffix("\n\n"))
    }

    @Test(arguments: [
        ("[serve]\nmax-cheks = 3", "serve.max-cheks", "is no setting here"),
        ("[serve]\nmax-checks = 0", "serve.max-checks", "is 0"),
        ("[serve]\nmax-checks = \"3\"", "serve.max-checks", "must be a whole number"),
        ("[dns]\nresolvers = \"192.0.2.53\"", "dns.resolvers", "must be a list"),
        ("[dns]\ndeadline = 1e9", "dns.deadline", "is 1000000000.0"),
        ("[listen]\nreply = \"maybe\"", "listen.reply", "cannot be"),
        ("[guard]\nprofile = \"nice\"", "guard.profile", "cannot be"),
        ("[guard]\nactions = [\"no-ptr\"]", "guard.actions", "must be a table of texts"),
        ("[guard]\nexim-deadline = 4.5", "guard.exim-deadline", "is 4.5"),
        ("[guard]\nmilter-deadline = 10", "guard.milter-deadline", "is 10"),
        ("[guard]\ncache-floor = 60\ncache-ceiling = 30", "guard.cache-floor", "cannot be"),
        ("[guard]\ncache-failure-ceiling = 301", "guard.cache-failure-ceiling", "is 301"),
        ("[guard]\nsocket-mode = \"rw\"", "guard.socket-mode", "cannot be"),
        ("[guard]\nauthserv-id = \"mx example\"", "guard.authserv-id", "cannot be"),
        (
            "[guard]\nauthserv-id = \"" + String(repeating: "a", count: 256) + "\"",
            "guard.authserv-id", "cannot be"
        ),
        ("[guard]\nredis = \"192.0.2.1\"", "guard.redis", "cannot be"),
        ("serve = 1", "serve", "must be a table"),
        ("[sevre]\n", "sevre", "is no setting here"),
    ])
    func `a wrong key is named`(toml: String, key: String, problem: String) throws {
        let error = #expect(throws: SettingsError.self) { try Settings(toml: toml) }
        #expect(error?.key == key)
        #expect(error?.problem.hasPrefix(problem) == true)
    }

    @Test func `the guard's actions are a table`() throws {
        let inline = try Settings(toml: "[guard]\nactions = { no-ptr = \"refuse\" }")
        #expect(inline.guard.actions == ["no-ptr": "refuse"])
        let table = try Settings(
            toml: "[guard]\ndry-run = true\n[guard.actions]\nno-ptr = \"score 2.5\"")
        #expect(table.guard.actions == ["no-ptr": "score 2.5"])
        #expect(table.guard.dryRun)
    }

    @Test func `broken TOML is named with its line`() {
        let error = #expect(throws: SettingsError.self) {
            try Settings(toml: "[dns]\ndeadline = = 3\u{1b}[31m")
        }
        #expect(error?.problem.hasPrefix("line 2, column") == true)
        #expect(error?.problem.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } == true)
    }
}

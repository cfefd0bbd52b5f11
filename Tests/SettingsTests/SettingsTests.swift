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
        #expect(keys.count { $0.contains(" = ") } == 24)
        #expect(try Settings(toml: keys.joined(separator: "\n")) == Settings())
    }

    @Test(arguments: [
        ("[serve]\nmax-cheks = 3", "serve.max-cheks", "is no setting here"),
        ("[serve]\nmax-checks = 0", "serve.max-checks", "is 0"),
        ("[serve]\nmax-checks = \"3\"", "serve.max-checks", "must be a whole number"),
        ("[dns]\nresolvers = \"192.0.2.53\"", "dns.resolvers", "must be a list"),
        ("[dns]\ndeadline = 1e9", "dns.deadline", "is 1000000000.0"),
        ("[listen]\nreply = \"maybe\"", "listen.reply", "cannot be"),
        ("serve = 1", "serve", "must be a table"),
        ("[sevre]\n", "sevre", "is no setting here"),
    ])
    func `a wrong key is named`(toml: String, key: String, problem: String) throws {
        let error = #expect(throws: SettingsError.self) { try Settings(toml: toml) }
        #expect(error?.key == key)
        #expect(error?.problem.hasPrefix(problem) == true)
    }

    @Test func `a number needs no point`() throws {
        #expect(try Settings(toml: "[dns]\ndeadline = 7").dns.deadline == 7)
        #expect(try Settings(toml: "[dns]\ndeadline = 7.5").dns.deadline == 7.5)
        let error = #expect(throws: SettingsError.self) {
            try Settings(toml: "[dns]\ndeadline = \"7\"")
        }
        #expect(error?.problem == "must be a number")
    }

    @Test func `broken TOML is named with its line`() {
        let error = #expect(throws: SettingsError.self) {
            try Settings(toml: "[dns]\ndeadline = = 3\u{1b}[31m")
        }
        #expect(error?.problem.hasPrefix("line 2, column") == true)
        #expect(error?.problem.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } == true)
    }
}

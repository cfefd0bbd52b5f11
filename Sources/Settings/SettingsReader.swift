import TOMLKit

extension Settings {
    /// Reads the text of a heloscope.toml.
    /// - Throws: ``SettingsError`` with the key, or the place in the file.
    package init(toml: String) throws(SettingsError) {
        do {
            self = try TOMLDecoder().decode(Settings.self, from: toml)
        } catch let error as SettingsError {
            throw error
        } catch let error as TOMLParseError {
            throw SettingsError(
                key: "",
                problem: "line \(error.source.begin.line), column \(error.source.begin.column):"
                    + " \(Self.oneLine(error.description))",
                hint: "the file is TOML: key = value, texts in quotes, [tables] in brackets")
        } catch {
            throw SettingsError(key: "", problem: "not a settings file", hint: "")
        }
    }

    /// The parser quotes the file: its words go to a terminal.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(longestProblem).map {
                    $0.isASCII && $0.value >= 0x20 && $0.value < 0x7f ? $0 : "?"
                }))
    }

    private static let longestProblem = 200
}

import ArgumentParser
import Reports
import SenderIdentity

/// Prints a finding's page: what was done, what it means, how to correct it.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain a finding: what it means, how to correct it.",
        discussion: "Without a code, lists all codes.")

    @Argument(help: "The code of a finding, such as no-ptr; repeatable.")
    var code: [String] = []

    func run() throws {
        guard !code.isEmpty else {
            for page in FindingPages.pages { try StandardOutput.write(page.code + "\n") }
            return
        }
        let texts = try code.map(Self.text)
        try StandardOutput.write(texts.joined(separator: "\n"))
    }

    private static func text(of code: String) throws -> String {
        guard let page = FindingPages.pages.first(where: { $0.code == code }) else {
            let nearest = NearestWords.nearest(to: code, among: FindingPages.pages.map(\.code))
            throw UserError.usage(
                "no finding has the code \(shownArgument(code))",
                hint: nearest.isEmpty
                    ? "heloscope explain lists all codes"
                    : "did you mean \(nearest.joined(separator: " or "))?")
        }
        return page.text
    }
}

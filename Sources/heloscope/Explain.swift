import ArgumentParser
import Reports
import SenderIdentity

/// Prints a finding's page: what was done, what it means, how to correct it.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain a finding: what it means, how to correct it.",
        discussion: "Without a code, lists all codes.")

    @Argument(help: "The code of a finding, such as no-ptr.")
    var code: String?

    func run() throws {
        guard let code else {
            for page in FindingPages.pages { try StandardOutput.write(page.code + "\n") }
            return
        }
        guard let page = FindingPages.pages.first(where: { $0.code == code }) else {
            let nearest = NearestWords.nearest(to: code, among: FindingPages.pages.map(\.code))
            throw UserError.usage(
                "no finding has the code \(shownArgument(code))",
                hint: nearest.isEmpty
                    ? "heloscope explain lists all codes"
                    : "did you mean \(nearest.joined(separator: " or "))?")
        }
        try StandardOutput.write(page.text)
    }
}

import DNSModel
import LookupEngine
import NetNames

/// A faults file is refused with one printable line, or its rules can be asked.
enum FaultsLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        do {
            let rules = try FaultRules(parsing: bytes)
            let found = rules.faults(for: question, server: 1)
            return rules.isEmpty && !found.isEmpty ? "faults without rules" : nil
        } catch {
            return hasControl(error.located(in: "fuzz")) ? "the error is not one line" : nil
        }
    }

    private static let question = Question(ReverseName.name(of: .v4(0xc000_0201)), .ptr)
}

import SenderIdentity

/// An error a user sees: what, about which thing, then a hint on a line of its own.
struct UserError: Error {
    let what: String
    let hint: String
    let exitCode: Int32

    static func usage(_ what: String, hint: String) -> UserError {
        UserError(what: what, hint: hint, exitCode: SenderIdentity.ExitCode.usage)
    }

    static func inputOutput(_ what: String, hint: String) -> UserError {
        UserError(what: what, hint: hint, exitCode: SenderIdentity.ExitCode.inputOutput)
    }

    var text: String { "heloscope: \(what)\n  hint: \(hint)\n" }
}

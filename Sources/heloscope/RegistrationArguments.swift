import ArgumentParser
import NetNames
import Reports
import Resolution
import SenderIdentity

/// Whether to ask the registry who holds the address.
///
/// Both are left out of the help, which is full; README has them.
struct RegistrationArguments: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Ask the registry (RDAP) for the holder of the address.", visibility: .hidden))
    var rdap = false

    @Option(
        help: ArgumentHelp(
            "Find the registry by this bootstrap file.", valueName: "url", visibility: .hidden))
    var rdapBootstrap: String?

    /// Refuses what cannot be asked, before anything is asked.
    /// - Parameters:
    ///   - isOffline: Whether the other answers come from files.
    ///   - isReplayed: Whether all of them are saved ones.
    /// - Throws: ``UserError`` with exit code 64.
    func validate(isOffline: Bool, isReplayed: Bool) throws {
        if let rdapBootstrap {
            guard rdap else {
                throw UserError.usage(
                    "--rdap-bootstrap serves --rdap only", hint: "add --rdap")
            }
            guard rdapBootstrap.hasPrefix("https://") || rdapBootstrap.hasPrefix("http://") else {
                throw UserError.usage(
                    "not the URL of a bootstrap file: \(shownArgument(rdapBootstrap))",
                    hint: "give one such as https://data.iana.org/rdap/ipv4.json")
            }
        }
        guard rdap else { return }
        guard !isReplayed else {
            throw UserError.usage(
                "--evidence replays without network and asks no registry",
                hint: "leave --rdap out: the file holds the registration, if one was asked for")
        }
        guard !isOffline || rdapBootstrap != nil else {
            throw UserError.usage(
                "--rdap asks a registry, and --zone asks nobody",
                hint: "leave --zone out, or name a bootstrap file with --rdap-bootstrap")
        }
    }

    /// The registry's word; nil, with a note on standard error, where there is none.
    func registration(of address: IPAddress) async -> Registration? {
        StandardError.write("heloscope: asking the registry (RDAP) about \(address)\n")
        let client = RegistrationClient(
            bootstrap: rdapBootstrap, reading: RegistrationReader.reading)
        do throws(RegistrationFailure) {
            return try await client.registration(of: address)
        } catch {
            StandardError.write(
                "heloscope: no holder by RDAP: \(RegistrationWording.phrase(error))\n")
            return nil
        }
    }
}

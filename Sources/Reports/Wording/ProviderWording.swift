import Remedies

/// The words about a provider.
enum ProviderWording {
    /// What nobody saw on a page of the provider is marked.
    static func text(_ instruction: Provider.Instruction) -> String {
        instruction.isVerified ? instruction.text : instruction.text + " [unverified]"
    }

    static func sign(_ sign: Provider.Sign) -> String {
        switch sign {
        case .primary(let name): "the reverse zone's primary server \(name)"
        case .pointer(let name): "the PTR name \(name)"
        }
    }
}

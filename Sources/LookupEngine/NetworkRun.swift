/// Work that lives on a network: events and a time go in, actions come out, until it is complete.
package protocol NetworkRun: SendableMetatype {
    /// Whether nothing more is awaited.
    var isComplete: Bool { get }

    /// The first actions.
    mutating func begin(
        at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction]

    mutating func handle(
        _ event: MachineEvent, at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction]
}

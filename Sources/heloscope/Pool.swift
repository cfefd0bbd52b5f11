import ArgumentParser

/// A pool as a whole, and the plan of a new one.
struct Pool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge all addresses of a pool, or plan a pool.",
        usage: """
            heloscope pool HELO-NAME|SPF-DOMAIN|FILE [--helo NAME] [OPTIONS]
            heloscope pool plan --name-pattern PATTERN BLOCK…
            """,
        discussion: """
            A file has a line per host: ADDRESS or BLOCK, and behind it the HELO name it says.
            A name whose SPF record names networks or other records is taken as an SPF domain:
            its hosts are those that the record allows.
            'heloscope pool matrix --help' shows all options.
            """,
        subcommands: [PoolMatrixCommand.self, PoolPlanCommand.self],
        defaultSubcommand: PoolMatrixCommand.self)
}

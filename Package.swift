// swift-tools-version: 6.2
import PackageDescription

// The pure targets alone, without NIO and the command: `CORE_ONLY=1 swift test …`.
let coreOnly = Context.environment["CORE_ONLY"] != nil
// The fuzz executables need the fuzzer's entry point, so they exist only on demand.
let fuzzing = Context.environment["HELOSCOPE_FUZZ"] != nil

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func pure(_ name: String, _ dependencies: [String]) -> Target {
    .target(
        name: name,
        dependencies: dependencies.map { .byName(name: $0) },
        swiftSettings: strict
    )
}

func tests(for name: String, _ dependencies: [String]) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: dependencies.map { .byName(name: $0) },
        swiftSettings: strict
    )
}

var targets: [Target] = [
    // MARK: Row 0: names, addresses, records

    pure("NetNames", []),
    tests(for: "NetNames", ["NetNames"]),

    pure("DNSModel", ["NetNames"]),
    tests(for: "DNSModel", ["DNSModel", "NetNames"]),

    // MARK: Row 1: pure judgement

    pure("DNSWire", ["DNSModel", "NetNames"]),
    tests(for: "DNSWire", ["DNSModel", "DNSWire", "NetNames", "TestSupport"]),

    pure("SPF", ["DNSModel", "NetNames"]),
    tests(for: "SPF", ["DNSModel", "FuzzEntries", "NetNames", "SPF", "TestSupport"]),

    pure("SenderIdentity", ["DNSModel", "NetNames", "SPF"]),
    tests(
        for: "SenderIdentity",
        ["DNSModel", "NetNames", "SPF", "SenderIdentity", "TestSupport"]),

    pure("ReceiverModels", ["NetNames", "SenderIdentity"]),
    tests(
        for: "ReceiverModels",
        [
            "DNSModel", "FilterProtocols", "NetNames", "ReceiverModels", "Reports",
            "SenderIdentity", "TestSupport", "heloscope-lab",
        ]),

    pure("Remedies", ["DNSModel", "NetNames", "ReceiverModels", "SPF", "SenderIdentity"]),
    tests(
        for: "Remedies",
        [
            "DNSModel", "LookupEngine", "NetNames", "ReceiverModels", "Remedies", "Reports", "SPF",
            "SenderIdentity", "TestSupport",
        ]),

    pure(
        "Reports", ["DNSModel", "NetNames", "ReceiverModels", "Remedies", "SPF", "SenderIdentity"]),
    tests(
        for: "Reports",
        [
            "DNSModel", "LookupEngine", "NetNames", "ReceiverModels", "Remedies", "Reports", "SPF",
            "SenderIdentity", "TestSupport",
        ]),

    // The DNS client without I/O, the zone-file world, the scripted network.
    pure("LookupEngine", ["DNSModel", "DNSWire", "NetNames", "SenderIdentity"]),
    tests(
        for: "LookupEngine",
        ["DNSModel", "DNSWire", "LookupEngine", "NetNames", "SPF", "SenderIdentity", "TestSupport"]),

    pure("FilterProtocols", ["NetNames"]),
    tests(for: "FilterProtocols", ["FilterProtocols", "FuzzEntries", "NetNames", "TestSupport"]),

    // What `heloscope guard` decides, without its sockets.
    pure(
        "GuardDecisions",
        ["DNSModel", "FilterProtocols", "NetNames", "ReceiverModels", "SenderIdentity"]),
    tests(
        for: "GuardDecisions",
        [
            "DNSModel", "FilterProtocols", "GuardDecisions", "LookupEngine", "NetNames",
            "ReceiverModels", "Reports", "SenderIdentity", "TestSupport",
        ]),

    // MARK: Programs that measure, run by hand and by CI

    .executableTarget(
        name: "heloscope-trials",
        dependencies: [
            "DNSModel", "GuardDecisions", "LookupEngine", "NetNames", "ReceiverModels",
            "SenderIdentity",
        ],
        path: "Benchmarks/Trials",
        swiftSettings: strict
    ),

    .executableTarget(
        name: "heloscope-lab",
        dependencies: ["DNSModel", "LookupEngine", "NetNames", "ReceiverModels", "SenderIdentity"],
        path: "Lab/Program",
        swiftSettings: strict
    ),
    tests(for: "Lab", ["ReceiverModels", "TestSupport", "heloscope-lab"]),

    .executableTarget(
        name: "heloscope-core-cost",
        dependencies: [
            "DNSModel", "DNSWire", "FilterProtocols", "FuzzEntries", "GuardDecisions",
            "LookupEngine", "NetNames", "ReceiverModels", "SPF", "SenderIdentity",
        ],
        path: "Benchmarks/CoreCost",
        swiftSettings: strict
    ),

    // MARK: What holds for any bytes: the laws that fuzzers and tests check

    .target(
        name: "FuzzEntries",
        dependencies: [
            "DNSModel", "DNSWire", "FilterProtocols", "GuardDecisions", "LookupEngine", "NetNames",
            "ReceiverModels", "Reports", "SPF", "SenderIdentity",
        ],
        path: "Fuzz/Entries",
        swiftSettings: strict
    ),
    tests(for: "FuzzEntries", ["FuzzEntries", "TestSupport"]),

    .target(
        name: "TestSupport",
        dependencies: [
            "DNSModel", "LookupEngine", "NetNames", "ReceiverModels", "Remedies", "Reports",
            "SenderIdentity",
        ],
        path: "Tests/TestSupport",
        swiftSettings: strict
    ),
]

if fuzzing {
    targets += [
        "Wire", "MasterFile", "HELO", "Evidence", "Faults", "Machine", "Policy", "Milter",
        "EximLine", "OpenSMTPD", "SPF", "SharedFacts", "SMTP", "Redis", "Decide",
    ].map { name in
        .executableTarget(
            name: "fuzz" + name,
            dependencies: ["FuzzEntries"],
            path: "Fuzz/" + name,
            swiftSettings: strict + [
                .unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])
            ],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    }
}

var dependencies: [Package.Dependency] = []

if !coreOnly {
    dependencies += [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ]
    targets += [
        // MARK: Row 2: the only target that asks DNS

        .target(
            name: "Resolution",
            dependencies: [
                "DNSModel", "DNSWire", "LookupEngine", "NetNames", "SenderIdentity",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ResolutionTests",
            dependencies: [
                "DNSModel", "DNSWire", "LookupEngine", "NetNames", "ReceiverModels", "Remedies",
                "Reports", "Resolution",
                "SenderIdentity", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),

        // MARK: Row 3: shells

        .target(
            name: "Settings",
            dependencies: [.product(name: "TOMLKit", package: "TOMLKit")],
            swiftSettings: strict
        ),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: strict),

        // Layout only: what a page says is in Reports.
        .target(
            name: "Pages",
            dependencies: [
                "Reports",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "LookupEngine", "NetNames", "Pages", "Reports", "SenderIdentity", "TestSupport",
            ],
            swiftSettings: strict
        ),

        .target(
            name: "ServerSockets",
            dependencies: [.product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: strict
        ),

        .target(
            name: "GuardService",
            dependencies: [
                "FilterProtocols", "GuardDecisions", "LookupEngine", "NetNames", "ReceiverModels",
                "Resolution", "SenderIdentity", "ServerSockets",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GuardServiceTests",
            dependencies: [
                "DNSModel", "DNSWire", "FilterProtocols", "GuardDecisions", "GuardService",
                "LookupEngine", "NetNames", "Resolution", "SenderIdentity", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),

        .target(
            name: "WebService",
            dependencies: [
                "NetNames", "Pages", "ReceiverModels", "Reports", "SenderIdentity", "ServerSockets",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        .testTarget(
            name: "WebServiceTests",
            dependencies: [
                "DNSModel", "NetNames", "Reports", "SenderIdentity", "TestSupport", "WebService",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        .target(
            name: "MailListener",
            dependencies: [
                "FilterProtocols", "NetNames", "ServerSockets",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MailListenerTests",
            dependencies: [
                "FilterProtocols", "MailListener", "NetNames",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // MARK: Row 4: the command

        .executableTarget(
            name: "heloscope",
            dependencies: [
                "DNSModel", "FilterProtocols", "GuardDecisions", "GuardService", "LookupEngine",
                "MailListener", "NetNames", "Pages", "ReceiverModels", "Remedies", "Reports",
                "Resolution", "SenderIdentity",
                "Settings", "WebService",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "heloscopeTests",
            dependencies: [
                "heloscope", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),

        // MARK: Programs that measure on real sockets

        .executableTarget(
            name: "heloscope-web-peer",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/WebPeer",
            swiftSettings: strict
        ),

        .executableTarget(
            name: "heloscope-shared-lookups",
            dependencies: [
                "LookupEngine", "NetNames", "Resolution", "SenderIdentity",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/SharedLookups",
            swiftSettings: strict
        ),

        .executableTarget(
            name: "heloscope-round-trips",
            dependencies: [
                "DNSModel", "LookupEngine", "NetNames", "Reports", "Resolution", "SenderIdentity",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/RoundTrips",
            swiftSettings: strict
        ),
    ]
}

let package = Package(
    name: "heloscope",
    dependencies: dependencies,
    targets: targets
)

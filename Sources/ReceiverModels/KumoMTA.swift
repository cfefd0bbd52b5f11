import SenderIdentity

extension Receiver {
    /// KumoMTA: a result for the header, where the admin's policy asks for it.
    package static let kumoMTA = Receiver(
        id: "kumomta",
        name: "KumoMTA",
        rules: [
            Rule(
                id: "iprev",
                setting: "mail_auth.iprev",
                isOnByDefault: false,
                stage: .data,
                source: .read("assets/policy-extras/mail_auth.lua", "3ebc1e85"),
                summary: "Writes iprev into Authentication-Results: a PTR name must lead back.",
                change: ConfigurationChange(
                    "init.lua", "local mail_auth = require 'policy-extras.mail_auth'",
                    "local result = mail_auth.check(msg)"),
                scores: ["fail", "temperror", "permerror"].map {
                    Score(thousandths: nil, marks: ["iprev=\($0)"])
                },
                because: [
                    .noPointer, .reverseLookupFailed, .pointerPointsElsewhere,
                    .pointerNameDoesNotExist, .pointerForwardUnknown, .pointerNotAHostname,
                ],
                judgement: { facts, _ in iprevMark(facts) }
            )
        ]
    )
}

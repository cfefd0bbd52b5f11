// Copied beside the receivers' models for the mutation run; no part of the product.
import NetNames
import SenderIdentity

/// Guards around the code of the models: one of them is active and gives something else.
package enum Mutant {
    /// The mutant's number; 0 for none. Written between runs, by one thread.
    nonisolated(unsafe) package static var active = 0

    static func on(_ number: Int) -> Bool { active == number }

    /// Which of `count` changes from `base` on is active.
    private static func change(_ base: Int, of count: Int) -> Int? {
        (base..<(base + count)).contains(active) ? active - base : nil
    }

    static func bool(_ not: Int, _ yes: Int, _ no: Int, _ value: @autoclosure () -> Bool) -> Bool {
        if active == yes { return true }
        if active == no { return false }
        return (active == not) != value()
    }

    // MARK: Numbers and texts

    static func int<Value: FixedWidthInteger>(_ base: Int, _ value: Value) -> Value {
        switch change(base, of: value == 0 ? 1 : 2) {
        case 0: value &+ 1
        case 1: value &- 1
        default: value
        }
    }

    static func below<Value: Comparable>(_ number: Int, _ one: Value, _ other: Value) -> Bool {
        on(number) ? one <= other : one < other
    }

    static func atMost<Value: Comparable>(_ number: Int, _ one: Value, _ other: Value) -> Bool {
        on(number) ? one < other : one <= other
    }

    static func above<Value: Comparable>(_ number: Int, _ one: Value, _ other: Value) -> Bool {
        on(number) ? one >= other : one > other
    }

    static func atLeast<Value: Comparable>(_ number: Int, _ one: Value, _ other: Value) -> Bool {
        on(number) ? one > other : one >= other
    }

    static func text(_ number: Int, _ value: String) -> String {
        on(number) ? value + " more" : value
    }

    static func clipped(_ number: Int, _ value: String) -> String {
        on(number) ? String(value.dropLast()) : value
    }

    static func without(_ base: Int, _ value: String) -> String {
        var bytes = Array(value.utf8)
        if let index = change(base, of: bytes.count) { bytes.remove(at: index) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func dropping<Element>(_ base: Int, _ values: [Element]) -> [Element] {
        var values = values
        if let index = change(base, of: values.count) { values.remove(at: index) }
        return values
    }

    // MARK: Replies

    private static func otherClass(_ code: Int) -> Int { code < 500 ? code + 100 : code - 100 }

    private static func otherClass(_ enhanced: String) -> String {
        (enhanced.hasPrefix("4") ? "5" : "4") + enhanced.dropFirst()
    }

    static func code(_ base: Int, _ value: Int) -> Int {
        switch change(base, of: 2) {
        case 0: otherClass(value)
        case 1: value + 1
        default: value
        }
    }

    static func enhanced(_ base: Int, _ value: String?) -> String? {
        guard let value else { return on(base) ? "5.0.0" : nil }
        return switch change(base, of: 3) {
        case 0: otherClass(value)
        case 1: value + "0"
        case 2: nil
        default: value
        }
    }

    /// The same where there must be one.
    static func detail(_ base: Int, _ value: String) -> String {
        switch change(base, of: 2) {
        case 0: otherClass(value)
        case 1: value + "0"
        default: value
        }
    }

    static func reply(_ number: Int, _ value: ReplyTemplate) -> ReplyTemplate {
        guard on(number) else { return value }
        return ReplyTemplate(
            otherClass(value.code), value.enhancedCode.map { otherClass($0) }, value.pattern)
    }

    static func stage(_ number: Int, _ value: SMTPStage) -> SMTPStage {
        guard on(number) else { return value }
        return switch value {
        case .connect: .helo
        case .helo, .rcpt: .mail
        case .mail, .data: .rcpt
        }
    }

    // MARK: Values exchanged

    static func swap(_ number: Int, _ value: Judgement) -> Judgement {
        guard on(number) else { return value }
        return value == .accepts
            ? .replies(ReplyTemplate(550, nil, "a mutant refuses"), because: []) : .accepts
    }

    private static func other<Value>(
        _ base: Int, _ value: Value, _ all: [Value], _ isSame: (Value, Value) -> Bool
    ) -> Value {
        let others = all.filter { !isSame($0, value) }
        return change(base, of: others.count).map { others[$0] } ?? value
    }

    static func swap(_ base: Int, _ value: EximReverse) -> EximReverse {
        other(base, value, [.confirmed([]), .failed([]), .deferred([])]) { one, other in
            switch (one, other) {
            case (.confirmed, .confirmed), (.failed, .failed), (.deferred, .deferred): true
            default: false
            }
        }
    }

    static func swap(_ base: Int, _ value: EximForward) -> EximForward {
        other(base, value, [.nothing, .temporaryFailure]) { one, other in
            switch (one, other) {
            case (.nothing, .nothing), (.temporaryFailure, .temporaryFailure): true
            default: false
            }
        }
    }

    static func swap(_ base: Int, _ value: EximSyntax.HELO) -> EximSyntax.HELO {
        other(base, value, [.valid, .invalid, .fatal], ==)
    }

    static func swap(_ base: Int, _ value: LibcForward) -> LibcForward {
        let all: [LibcForward] = [
            .confirmed, .mismatch(.pointerPointsElsewhere), .temporaryFailure(.serverFailure),
        ]
        return other(base, value, all) { one, other in
            switch (one, other) {
            case (.confirmed, .confirmed), (.mismatch, .mismatch), (.mismatch, .permanentFailure),
                (.temporaryFailure, .temporaryFailure):
                true
            default: false
            }
        }
    }

    static func swap(_ base: Int, _ value: SendmailClientResolve) -> SendmailClientResolve {
        other(base, value, SendmailClientResolve.allCases, ==)
    }
}

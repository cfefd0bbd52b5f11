/// A reply or a score that a rule may bring, with the settings under which it may.
package struct Listed<Effect: Hashable & Sendable>: Hashable, Sendable {
    package let effect: Effect
    /// Settings without which it does not come; empty where it comes under all.
    package let conditions: [SettingCondition]
}

/// A setting that has to have one of some values.
package struct SettingCondition: Hashable, Sendable {
    package let setting: String
    package let values: [String]
    /// Whether the server's default is among them.
    package let holdsByDefault: Bool
}

extension Receiver {
    /// Every reply that the rule may give under any settings, those of the defaults first.
    package func replies(of rule: Rule) -> [Listed<ReplyTemplate>] {
        listed { rule.replies(under: $0) }
    }

    /// Every score that the rule may add under any settings, those of the defaults first.
    package func scores(of rule: Rule) -> [Listed<Score>] {
        listed { rule.scores(under: $0) }
    }

    /// Every way to choose the settings, the defaults first.
    ///
    /// The number of ways is the product of the settings' values: 16 for Postfix, the most.
    package var everyChoice: [ReceiverSettings] {
        choices.map { ReceiverSettings($0) }
    }

    private var choices: [[String: String]] {
        settings.reduce([[:]]) { choices, setting in
            setting.values.flatMap { value in
                choices.map { $0.merging([setting.name: value]) { $1 } }
            }
        }
    }

    /// 1. What comes under each choice of settings.
    /// 2. A setting is a condition where the effect does not come with all of its values.
    private func listed<Effect: Hashable & Sendable>(
        _ effects: (ReceiverSettings) -> [Effect]
    ) -> [Listed<Effect>] {
        var order: [Effect] = []
        var found: [Effect: [[String: String]]] = [:]
        for choice in choices {
            for effect in effects(ReceiverSettings(choice)) {
                if found[effect] == nil { order.append(effect) }
                found[effect, default: []].append(choice)
            }
        }
        return order.map { effect in
            let chosen = found[effect] ?? []
            let conditions = settings.compactMap { setting -> SettingCondition? in
                let values = setting.values.filter { value in
                    chosen.contains { $0[setting.name] == value }
                }
                guard values.count < setting.values.count else { return nil }
                return SettingCondition(
                    setting: setting.name, values: values,
                    holdsByDefault: values.contains { $0 == setting.values.first })
            }
            return Listed(effect: effect, conditions: conditions)
        }
    }
}

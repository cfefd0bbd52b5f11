package import DNSModel

/// A question worth asking now, and the stage whose packet budget pays for it.
package struct PlannedQuestion: Hashable, Sendable {
    package let question: Question
    package let stage: LookupStage

    package init(_ question: Question, stage: LookupStage) {
        self.question = question
        self.stage = stage
    }
}

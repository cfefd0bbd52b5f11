package import DNSModel

/// What an authoritative world says to one question, before any wire or fault touches it.
package struct WorldReply: Hashable, Sendable {
    package var code: ResponseCode
    package var isAuthoritative: Bool
    package var answers, authority, additional: [ResourceRecord]

    package init(
        code: ResponseCode, isAuthoritative: Bool, answers: [ResourceRecord] = [],
        authority: [ResourceRecord] = [], additional: [ResourceRecord] = []
    ) {
        self.code = code
        self.isAuthoritative = isAuthoritative
        self.answers = answers
        self.authority = authority
        self.additional = additional
    }
}

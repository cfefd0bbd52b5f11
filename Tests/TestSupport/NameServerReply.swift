package import DNSModel
package import LookupEngine

extension ZoneWorld {
    /// What a name server with these zones says, instead of the resolver in front of them.
    ///
    /// An alias that leaves its zones is an answer that ends there, and with authority: its own zone
    /// has spoken (RFC 1034 §4.3.2).
    package func replyAsServer(to question: Question) -> WorldReply {
        var reply = reply(to: question)
        guard !reply.answers.isEmpty else { return reply }
        if reply.code == .refused { reply.code = .noError }
        reply.isAuthoritative = true
        return reply
    }
}

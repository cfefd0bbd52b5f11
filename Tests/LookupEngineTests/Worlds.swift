import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// A world of master files given as texts; their names are `1.zone`, `2.zone`, ….
func world(_ texts: String...) throws -> ZoneWorld {
    var files: [ZoneFile] = []
    for text in texts {
        files.append(try ZoneFile(name: "\(files.count + 1).zone", bytes: Array(text.utf8)))
    }
    return try ZoneWorld(files: files)
}

func records(_ text: String) throws -> [ResourceRecord] {
    try MasterFileReader.read(Array(text.utf8)).entries.map(\.record)
}

func question(_ text: String) throws -> Question {
    let words = text.split(separator: " ")
    try #require(words.count == 2)
    let name = try #require(DomainName(String(words[0])))
    return Question(name, try #require(RecordType(String(words[1]))))
}

extension WorldReply {
    /// The code, AA, and each record's owner, type and data: a reply on a line or two.
    var summary: String {
        let sections = [answers, authority, additional].map { section in
            section.map { "\($0.name) \($0.type) \(MasterFilePrinter.data($0.data))" }
                .joined(separator: ", ")
        }
        let head = "\(code)\(isAuthoritative ? " aa" : "")"
        return ([head] + sections).joined(separator: " | ")
    }
}

/// What a client makes of a reply.
func outcome(of reply: WorldReply, to question: Question) -> LookupOutcome {
    Response(
        code: reply.code, isAuthoritative: reply.isAuthoritative, answers: reply.answers,
        authority: reply.authority
    ).outcome(of: question)
}

package import Reports
import SenderIdentity
import Synchronization

/// What came of a mail.
package enum MailArrival: Sendable {
    /// Judged; with the report's address where the service knows its own.
    case told(SMTPReport)
    /// There is no such address, or no longer.
    case unknown
    /// The check could not be carried out; another mail may find it out.
    case failed
}

/// Judges mails to one-time addresses.
///
/// The first mail to an address is judged, and its report kept; later ones are told the same. Who
/// does not know an address gets nothing looked up.
final class MailDesk: Sendable {
    let addresses: MailAddresses
    private let desk: CheckDesk
    /// Mails being judged, by the report's name.
    private let underWay = Mutex<[String: Task<MailArrival, Never>]>([:])

    init(_ addresses: MailAddresses, desk: CheckDesk) {
        self.addresses = addresses
        self.desk = desk
    }

    func arrival(
        of recipient: [UInt8], from client: Subject, publicURL: String
    ) async -> MailArrival {
        switch addresses.claim(recipient) {
        case nil: .unknown
        case .known(let reply): .told(reply)
        case .busy: .failed
        case .first(let job, let token):
            await begin(client, job, token: token, publicURL: publicURL).value
        }
    }

    /// Waits until no mail is being judged: their reports are kept before the service ends.
    func drain() async {
        for task in underWay.withLock({ Array($0.values) }) { _ = await task.value }
    }

    /// The sender may hang up meanwhile; who waits at the page is told all the same.
    private func begin(
        _ client: Subject, _ job: CheckJob, token: String, publicURL: String
    ) -> Task<MailArrival, Never> {
        underWay.withLock { underWay in
            let task = Task {
                let arrival = await judge(client, job, token: token, publicURL: publicURL)
                self.underWay.withLock { $0[job.id] = nil }
                return arrival
            }
            underWay[job.id] = task
            return task
        }
    }

    private func judge(
        _ client: Subject, _ job: CheckJob, token: String, publicURL: String
    ) async -> MailArrival {
        job.report("\(client.address) has connected")
        guard let evidence = try? await desk.evidence(about: client) else {
            addresses.release(job.id)
            return .failed
        }
        desk.metrics.countMail()
        let isKept: Bool
        do {
            try await desk.keep(evidence, of: client, as: job.id, token: token)
            isKept = true
        } catch {
            isKept = false
        }
        // The address of a report that is gone in a minute is of no use in a bounce.
        let reply = SMTPReport(
            Report(subject: client, evidence: evidence),
            url: isKept && !publicURL.isEmpty ? "\(publicURL)/r/\(job.id)" : nil)
        let hasRoom = addresses.settle(job.id, reply, evidence: isKept ? 0 : evidence.weight)
        // Without its store the service still says what it found out.
        let outcome: CheckJob.Outcome =
            if isKept { .kept } else if hasRoom { .unkept(client, evidence) } else {
                .failed(.noRoom)
            }
        job.end(outcome, at: desk.now)
        return .told(reply)
    }
}

import FilterProtocols
import MailListener
import NetNames
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
    @Test func `a client is told its verdict`() async throws {
        try await TestListener.run { listener in
            try await MailClient.connect(listener.port) { client in
                #expect(await client.reply().hasPrefix("220 mx.example.net ESMTP "))
                #expect(await client.say("EHLO mail.example.org").contains("greets 127.0.0.1"))
                #expect(await client.say("MAIL FROM:<a@example.org>").hasPrefix("250 2.1.0 "))
                #expect(
                    await client.say("RCPT TO:<b@example.net>")
                        == "550-5.7.25 FAIL: no PTR record\r\n550 5.7.25 Seen: you\r\n")
                #expect(await client.say("QUIT").hasPrefix("221 "))
                #expect(await client.reply() == "")
            }
            try await listener.seen.waitUntil(ended: 1)
            #expect(listener.seen.ends == [.quit])
            let mail = try #require(listener.seen.mails.first)
            #expect(mail.client.address == IPAddress("127.0.0.1"))
            #expect(mail.client.helo == Array("mail.example.org".utf8))
            #expect(mail.client.sender == Array("a@example.org".utf8))
            #expect(mail.recipient == Array("b@example.net".utf8))
        }
    }

    @Test func `a byte at a time is as good as a packet`() async throws {
        let dialogue = "EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\nQUIT\r\n"
        try await TestListener.run { listener in
            let whole = try await MailClient.connect(listener.port) { client in
                try await client.send(dialogue)
                return await client.rest()
            }
            let single = try await MailClient.connect(listener.port) { client in
                for byte in dialogue.utf8 {
                    try await client.send(String(UnicodeScalar(byte)))
                    try await Task.sleep(for: .milliseconds(1))
                }
                return await client.rest()
            }
            #expect(single == whole)
            #expect(whole.contains("\r\n550 5.7.25 ") && whole.contains("\r\n554 5.5.1 "))
        }
    }

    @Test func `a line without end is refused, and the reply arrives`() async throws {
        try await TestListener.run { listener in
            try await MailClient.connect(listener.port) { client in
                let line = String(repeating: "a", count: 1 << 20)
                // The other end may have closed already.
                try? await client.send(line)
                #expect(await client.rest().contains("\r\n421 4.7.0 "))
            }
            try await listener.seen.waitUntil(ended: 1)
            #expect(listener.seen.ends == [.lineTooLong])
        }
    }

    @Test func `who is silent is let go`() async throws {
        try await TestListener.run {
            $0.times.second = 0.01
        } _: { listener in
            try await MailClient.connect(listener.port) { client in
                #expect(await client.rest().contains("\r\n421 4.7.0 "))
            }
            // A byte now and then does not count as a command.
            try await MailClient.connect(listener.port) { client in
                _ = await client.reply()
                for _ in 0..<100 {
                    try? await client.send("x")
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(await client.rest().hasPrefix("421 4.7.0 "))
            }
            try await listener.seen.waitUntil(ended: 2)
            #expect(listener.seen.ends == [.idle, .idle])
        }
    }

    @Test func `who does not hang up is cut off`() async throws {
        try await TestListener.run {
            $0.times.farewell = 0.1
        } _: { listener in
            try await MailClient.connect(listener.port) { client in
                _ = await client.say("EHLO a.example")
                _ = await client.say("QUIT")
                try await listener.seen.waitUntil(ended: 1)
            }
        }
    }

    @Test func `a verdict that takes too long is a temporary reply`() async throws {
        try await TestListener.run(delay: .seconds(60)) {
            $0.times.verdict = 0.1
        } _: { listener in
            try await MailClient.connect(listener.port) { client in
                try await client.send("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nQUIT\r\n")
                let said = await client.rest()
                #expect(said.contains("\r\n451 4.4.3 ") && said.contains("\r\n221 "))
            }
        }
    }

    @Test func `one connection too many of a client is told so`() async throws {
        try await TestListener.run {
            $0.maxConnectionsPerClient = 2
        } _: { listener in
            try await MailClient.connect(listener.port) { first in
                _ = await first.reply()
                try await MailClient.connect(listener.port) { second in
                    _ = await second.reply()
                    let third = try await MailClient.connect(listener.port) { client in
                        await client.rest()
                    }
                    #expect(third.hasPrefix("421 4.7.0 "))
                }
            }
            try await listener.seen.waitUntil(ended: 2)
            let later = try await MailClient.connect(listener.port) { await $0.reply() }
            #expect(later.hasPrefix("220 "))
        }
    }

    @Test func `a thousand connections leave it standing`() async throws {
        try await TestListener.run { listener in
            let greetings = try await withThrowingTaskGroup(of: String.self) { tasks in
                for _ in 0..<1000 {
                    tasks.addTask {
                        do {
                            return try await MailClient.connect(listener.port) { client in
                                let greeting = await client.reply()
                                // All at once: who is in stays until the others have come.
                                try await Task.sleep(for: .milliseconds(500))
                                return greeting
                            }
                        } catch is CancellationError {
                            throw CancellationError()
                        } catch {
                            return "refused by the kernel"
                        }
                    }
                }
                return try await tasks.reduce(into: [String]()) { $0.append($1) }
            }
            let served = greetings.count { $0.hasPrefix("220 ") }
            #expect(served >= 100)
            #expect(greetings.contains { $0.hasPrefix("421 4.7.0 ") })
            while listener.seen.open > 0 { try await Task.sleep(for: .milliseconds(5)) }
            let later = try await MailClient.connect(listener.port) { await $0.reply() }
            #expect(later.hasPrefix("220 "))
        }
    }

    @Test func `sessions are told when the service ends`() async throws {
        try await TestListener.run { listener in
            try await MailClient.connect(listener.port) { client in
                _ = await client.reply()
                _ = await client.say("EHLO a.example")
                await listener.shutDown()
                #expect(await client.rest().hasPrefix("421 4.7.0 "))
            }
        }
    }

    @Test func `a verdict under way is told before the service ends`() async throws {
        try await TestListener.run(delay: .milliseconds(300)) { listener in
            try await MailClient.connect(listener.port) { client in
                _ = await client.reply()
                _ = await client.say("EHLO a.example")
                _ = await client.say("MAIL FROM:<>")
                try await client.send("RCPT TO:<a@b>\r\nRCPT TO:<b@b>\r\n")
                while listener.seen.mails.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                await listener.shutDown()
                let said = await client.rest()
                #expect(said.hasPrefix("550-5.7.25 ") && said.contains("\r\n421 4.7.0 "))
            }
            #expect(listener.seen.mails.count == 1)
        }
    }

    @Test func `a verdict that takes too long does not keep the service from ending`() async throws
    {
        try await TestListener.run(delay: .seconds(60)) {
            $0.times.closing = 0.2
        } _: { listener in
            try await MailClient.connect(listener.port) { client in
                _ = await client.reply()
                _ = await client.say("EHLO a.example")
                _ = await client.say("MAIL FROM:<>")
                try await client.send("RCPT TO:<a@b>\r\n")
                while listener.seen.mails.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                await listener.shutDown()
                #expect(await client.rest().hasPrefix("421 4.7.0 "))
            }
        }
    }
}

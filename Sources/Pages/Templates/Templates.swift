/// The embedded templates by name.
enum Templates {
    static let all: [String: String] = [
        "frame": frame, "form": form, "report": report, "article": article, "articles": articles,
        "message": message, "mail": mail, "deletion": deletion,
        "tasks": tasks,
    ]

    private static let frame = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <title>{{title}} · Heloscope</title>
        {{#isFile}}<style>{{{style}}}</style>{{/isFile}}
        {{^isFile}}<link rel="stylesheet" href="/assets/heloscope.css">
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <script src="/assets/heloscope.js" defer></script>{{/isFile}}
        {{#refresh}}<noscript><meta http-equiv="refresh" content="{{.}}"></noscript>{{/refresh}}
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="site">
        {{#isFile}}<span class="brand">Heloscope</span>{{/isFile}}
        {{^isFile}}<a class="brand" href="/">Heloscope</a>
        <nav aria-label="Pages"><a href="/">Check</a> <a href="/findings">Findings</a>
        <a href="/receivers">Receivers</a> <a href="/api">API</a></nav>{{/isFile}}
        </header>
        <main id="main">
        {{{content}}}
        </main>
        <footer class="site"><p>See your mail server the way the receiving server sees it.</p></footer>
        </body>
        </html>

        """

    private static let form = """
        <h1>Does your mail server's name hold up?</h1>
        <p class="lead">PTR record, forward confirmation and HELO, as receiving servers see them: who
        would refuse the mail, with which reply, and the record that mends it.</p>
        {{#error}}<div class="alert" role="alert" id="error"><p><strong>{{what}}</strong></p>
        <p>{{hint}}</p></div>{{/error}}
        <form class="card" method="post" action="/check" id="check">
        <div class="field">
        <label for="ip">IP address that receivers see</label>
        <input id="ip" name="ip" value="{{address}}" required autocomplete="off" spellcheck="false"
        autocapitalize="none" placeholder="192.0.2.25 or 2001:db8::25" aria-describedby="ip-help"
        {{#error}}aria-invalid="true" aria-errormessage="error"{{/error}}>
        <p class="help" id="ip-help">The address outgoing mail leaves from, not that of your MX.
        {{#visitor}}You are visiting from <a href="/?ip={{.}}">{{.}}</a>.{{/visitor}}</p>
        </div>
        <div class="field">
        <label for="helo">HELO name <span class="optional">(optional)</span></label>
        <input id="helo" name="helo" value="{{helo}}" autocomplete="off" spellcheck="false"
        autocapitalize="none" placeholder="mail.example.org" aria-describedby="helo-help">
        <p class="help" id="helo-help">What the server says in HELO or EHLO. A Received header of a mail
        it sent has it.</p>
        </div>
        <div class="field">
        <label for="mail-from">MAIL FROM <span class="optional">(optional, for SPF)</span></label>
        <input id="mail-from" name="mail_from" value="{{mailFrom}}" autocomplete="off"
        spellcheck="false" autocapitalize="none" placeholder="bounce@example.org">
        </div>
        <button type="submit">Check</button>
        </form>
        {{#offersMail}}<section aria-labelledby="mail-heading">
        <h2 id="mail-heading">What do I really send?</h2>
        <p>Send a mail from your server to an address made for it: this page sees the address it leaves
        from and the HELO name it says, and your server gets the verdict as the reply.</p>
        <form method="post" action="/mail" id="mail"><button type="submit" class="quiet">Get a mail
        address</button></form>
        </section>{{/offersMail}}
        <section aria-labelledby="how">
        <h2 id="how">What is done</h2>
        <ol>
        <li>The PTR record of the address, and whether its name leads back.</li>
        <li>The HELO name, where it leads, and how it stands to the PTR name.</li>
        <li>What receiving servers do with that, by their own rules.</li>
        <li>Who has to change what: the record, ready to paste.</li>
        </ol>
        </section>

        """

    private static let article = """
        <p class="back"><a href="{{back}}">{{backTitle}}</a></p>
        <article class="text">{{{html}}}</article>

        """

    private static let articles = """
        <h1>{{title}}</h1>
        <ul class="list">
        {{#entries}}<li><a href="{{path}}">{{name}}</a> <span>{{text}}</span></li>
        {{/entries}}</ul>

        """

    private static let message = """
        <h1>{{title}}</h1>
        <p>{{text}}</p>
        <p>{{hint}}</p>

        """

    private static let mail = """
        <h1>What do I really send?</h1>
        <p class="lead">Send a mail from your server to this address, within half an hour. Anything will
        do: the mail itself is not taken.</p>
        <pre class="copy" id="mailbox">{{mailbox}}</pre>
        <p role="status" id="waiting" data-events="{{events}}" data-next="{{here}}">Waiting for your
        mail …</p>
        <p><a href="{{here}}">Look again</a></p>
        <section aria-labelledby="what-heading">
        <h2 id="what-heading">What will happen</h2>
        <ol>
        <li>Your server connects. Its address and its HELO name are seen as every receiver sees them.</li>
        <li>It is refused, with the verdict and the address of the report in the reply.</li>
        <li>This page shows the report; your server sends you the refusal, and logs it.</li>
        </ol>
        </section>

        """
}

extension Templates {
    /// The owner's form is put in front of it.
    static let ownerMark = "<div id=\"owner\"></div>"

    static let deletion = """
        <form method="post" action="{{path}}/delete">
        <input type="hidden" name="token" value="{{token}}">
        <button type="submit" class="quiet">Delete it now</button></form>
        """

    static let report = """
        {{#report}}
        {{#note}}<p class="alert" role="status">{{.}}</p>
        {{/note}}<section class="verdict {{status}}" aria-labelledby="verdict">
        <p class="badge">{{statusWord}}</p>
        <h1 id="verdict">{{verdict}}</h1>
        {{#reasons}}<p>{{.}}</p>
        {{/reasons}}
        {{#article}}{{#links}}<p><a href="/findings/{{article}}">What {{article}} means</a></p>{{/links}}{{/article}}
        </section>

        <div class="columns">
        <section class="card" aria-labelledby="picture-heading">
        <h2 id="picture-heading">The picture</h2>
        <div class="drawing">{{{picture}}}</div>
        </section>

        <section class="card" aria-labelledby="steps-heading">
        <h2 id="steps-heading">The steps</h2>
        <dl class="pairs">
        {{#subject}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
        {{/subject}}<div><dt>Looked up</dt><dd>{{lookedUp}}</dd></div>
        </dl>
        <ul class="tree">
        {{#steps}}<li><details class="step {{status}}"{{#isOpen}} open{{/isOpen}}>
        <summary><span class="mark">{{mark}}</span> <span class="name">{{title}}</span>
        <span class="detail">{{detail}}</span>{{#milliseconds}} <span class="time">{{.}}</span>{{/milliseconds}}</summary>
        {{#messages}}<p>{{.}}</p>
        {{/messages}}{{#section}}<p><a href="#{{.}}-heading">Every rule, with its reply</a></p>
        {{/section}}{{^empty(findings)}}<ul class="findings">
        {{#findings}}<li class="{{severity}}"><span class="severity">{{severity}}</span>
        {{#links}}<a href="/findings/{{code}}">{{code}}</a>{{/links}}{{^links}}<code>{{code}}</code>{{/links}}
        <span>{{message}}</span></li>
        {{/findings}}</ul>
        {{/empty(findings)}}</details></li>
        {{/steps}}{{^steps}}<li>Nothing was looked up.</li>
        {{/steps}}</ul>
        </section>
        </div>

        {{^empty(comparison)}}<section class="card" aria-labelledby="comparison-heading">
        <h2 id="comparison-heading">With the planned records</h2>
        <dl class="pairs">
        {{#comparison}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
        {{/comparison}}</dl>
        </section>

        {{/empty(comparison)}}<section class="card" aria-labelledby="plan-heading">
        <h2 id="plan-heading">What to do</h2>
        {{#owners}}<section class="owner">
        <h3>{{name}}</h3>
        {{#steps}}<div class="task"><p><span class="number">{{number}}</span> {{sentence}}</p>
        {{#records}}<pre class="copy" tabindex="0">{{.}}</pre>
        {{/records}}{{#why}}<p class="help">Why: {{.}}.</p>
        {{/why}}{{#wait}}<p class="help">Wait: {{.}}.</p>
        {{/wait}}{{#verification}}<p class="help">Verify: <code>{{.}}</code></p>
        {{/verification}}{{^empty(ways)}}<details><summary>How</summary>
        {{#ways}}<p>{{name}}</p>
        {{#text}}<pre class="copy" tabindex="0">{{.}}</pre>
        {{/text}}{{/ways}}</details>{{/empty(ways)}}</div>
        {{/steps}}</section>
        {{/owners}}
        {{#outlook}}<p class="outlook">Then {{.}}.</p>{{/outlook}}
        {{#alternatives}}<p>Instead: {{.}}.</p>
        {{/alternatives}}
        </section>

        <section class="card" aria-labelledby="receivers-heading">
        <h2 id="receivers-heading">Who would refuse it</h2>
        {{^empty(receivers)}}<div class="scroll" role="region" aria-label="Receivers' replies" tabindex="0">
        <table class="receivers">
        <colgroup><col class="word"><col><col></colgroup>
        <thead><tr><th scope="col">Outcome</th><th scope="col">Receiver and setting</th>
        <th scope="col">Reply</th></tr></thead>
        <tbody>
        {{#receivers}}<tr class="{{outcome}}"><td><span class="outcome">{{outcome}}</span></td>
        <th scope="row">{{name}}</th><td>{{#lines}}<p>{{.}}</p>{{/lines}}</td></tr>
        {{/receivers}}</tbody>
        </table>
        </div>{{/empty(receivers)}}
        {{^empty(accepting)}}<details><summary>{{acceptingCount}} rules accept it</summary>
        <ul class="list">
        {{#accepting}}<li>{{name}}</li>
        {{/accepting}}</ul></details>{{/empty(accepting)}}
        </section>

        {{^empty(keeper)}}<section class="card" aria-labelledby="keeper-heading">
        <h2 id="keeper-heading">Who keeps the reverse zone</h2>
        <table class="keeper">
        <tbody>
        {{#keeper}}<tr><td>{{name}}</td><td>{{value}}</td></tr>
        {{/keeper}}</tbody>
        </table>
        </section>{{/empty(keeper)}}

        {{^empty(members)}}<section class="card" aria-labelledby="members-heading">
        <h2 id="members-heading">Behind the HELO name</h2>
        <div class="scroll" role="region" aria-label="Hosts" tabindex="0">
        <table>
        <thead><tr><th scope="col">Address</th><th scope="col">PTR</th><th scope="col">Confirmed</th>
        <th scope="col">= HELO</th></tr></thead>
        <tbody>
        {{#members}}<tr><th scope="row">{{address}}</th><td>{{name}}</td>
        <td data-name="Confirmed">{{confirmed}}</td><td data-name="= HELO">{{equalsHELO}}</td></tr>
        {{/members}}</tbody>
        </table>
        </div>
        </section>{{/empty(members)}}

        {{^empty(policies)}}<section class="card" aria-labelledby="spf-heading">
        <h2 id="spf-heading">SPF</h2>
        {{#policies}}<h3>{{title}}</h3>
        <p class="help">{{summary}}</p>
        <details><summary>Each term</summary>
        <table>
        <thead><tr><th scope="col">Outcome</th><th scope="col">Term</th><th scope="col">Found</th></tr></thead>
        <tbody>
        {{#rows}}<tr><td>{{outcome}}</td><th scope="row">{{term}}</th><td>{{found}}</td></tr>
        {{/rows}}</tbody>
        </table></details>
        {{/policies}}</section>

        {{/empty(policies)}}{{^empty(letters)}}<section class="card" aria-labelledby="letters-heading">
        <h2 id="letters-heading">Letters</h2>
        {{#letters}}<details><summary>To the {{name}}</summary>
        <pre class="copy" tabindex="0">{{text}}</pre></details>
        {{/letters}}
        </section>{{/empty(letters)}}

        {{^empty(observations)}}<section class="card" aria-labelledby="evidence-heading">
        <h2 id="evidence-heading">The evidence</h2>
        <details><summary>Every question and its answer</summary>
        <div class="scroll" role="region" aria-label="Questions and answers" tabindex="0">
        <table>
        <thead><tr><th scope="col">Question</th><th scope="col">Outcome</th><th scope="col">Data</th>
        <th scope="col">Server</th><th scope="col">Time</th></tr></thead>
        <tbody>
        {{#observations}}<tr><th scope="row">{{question}}</th><td>{{outcome}}</td><td>{{data}}</td>
        <td>{{servers}}</td><td>{{milliseconds}}</td></tr>
        {{/observations}}</tbody>
        </table>
        </div>
        </details>
        </section>{{/empty(observations)}}

        <section class="card" aria-labelledby="copy-heading">
        <h2 id="copy-heading">Take it with you</h2>
        {{#links}}<p>This report: <a href="{{address}}">{{address}}</a> ·
        <a href="{{path}}.txt">text</a> · <a href="{{path}}.md">Markdown</a> ·
        <a href="{{path}}.json">JSON</a>. It is deleted {{expires}}.</p>
        \(ownerMark){{/links}}
        {{#copies}}<details><summary>{{name}}</summary>
        <pre class="copy" tabindex="0">{{text}}</pre></details>
        {{/copies}}
        </section>
        {{/report}}

        """
}

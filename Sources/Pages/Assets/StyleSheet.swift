import Reports

/// The one style sheet: light and dark, from 360 pixels up, and for paper.
package enum StyleSheet {
    package static let text = colors + layout + parts + tables + PictureSVG.rules + "\n" + paper

    private static let colors = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --card: #f6f8fa;
          --line: #7d8590; --soft: #d0d7de; --dim: #57606a; --link: #0550ae; --good: #116329;
          --bad: #b3211b; --warn: #8a4b00; --focus: #0550ae; --button: #0550ae; --on-button: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117;
          --card: #161b22; --line: #6e7681; --soft: #30363d; --dim: #9198a1; --link: #79c0ff;
          --good: #56d364; --bad: #ff7b72; --warn: #e3b341; --focus: #79c0ff; --button: #1f6feb;
          --on-button: #ffffff; } }

        """

    private static let layout = """
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
          background: var(--paper); }
        main, header.site, footer.site { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
        header.site { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline;
          padding-top: 1rem; padding-bottom: 1rem; }
        header.site nav { display: flex; flex-wrap: wrap; gap: 0 1rem; }
        .brand { font-weight: 700; font-size: 1.2rem; color: var(--ink); text-decoration: none; }
        footer.site { color: var(--dim); padding-top: 1rem; padding-bottom: 2rem; font-size: .9rem; }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
        h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
        p, li, dd, summary { overflow-wrap: anywhere; }
        .lead { max-width: 44rem; }
        .columns { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
        @media (max-width: 30rem) { main, header.site, footer.site { padding-left: .5rem;
          padding-right: .5rem; } .drawing { margin: 0 -1rem; } }
        @media (min-width: 56rem) { .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); } }
        .card { background: var(--card); border: 1px solid var(--soft); border-radius: 10px;
          padding: 1rem; margin: 0 0 1rem; min-width: 0; }
        .columns > .card { margin: 0; }
        .columns { margin-bottom: 1rem; }
        .help, .optional { color: var(--dim); font-size: .9rem; margin: .25rem 0 0; }
        code, pre { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
        pre { background: var(--paper); border: 1px solid var(--soft); border-radius: 6px;
          padding: .5rem .75rem; overflow-x: auto; margin: .5rem 0; white-space: pre; }

        """

    private static let parts = """
        .field { margin-bottom: 1rem; }
        label { font-weight: 600; display: block; }
        .optional { font-weight: 400; }
        input { width: 100%; max-width: 32rem; font: inherit; padding: .5rem .6rem; color: var(--ink);
          background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
        input[type=hidden] { display: none; }
        input::placeholder { color: var(--dim); opacity: 1; }
        button { font: inherit; font-weight: 600; padding: .5rem 1.25rem; border-radius: 6px;
          border: 1px solid transparent; background: var(--button); color: var(--on-button);
          cursor: pointer; }
        button.quiet { background: transparent; color: var(--link); border-color: var(--line); }
        .alert { border: 2px solid var(--bad); border-radius: 10px; padding: .5rem 1rem;
          margin-bottom: 1rem; }
        .alert p { margin: .25rem 0; overflow-wrap: anywhere; }
        .verdict { border-left: 6px solid var(--line); padding: .25rem 0 .25rem 1rem;
          margin: .5rem 0 1.5rem; }
        .verdict p { margin: .25rem 0; overflow-wrap: anywhere; }
        .verdict .badge { font-weight: 700; letter-spacing: .04em; }
        .verdict.ok { border-color: var(--good); } .verdict.ok .badge { color: var(--good); }
        .verdict.fail { border-color: var(--bad); } .verdict.fail .badge { color: var(--bad); }
        .verdict.warn, .verdict.unknown { border-color: var(--warn); }
        .verdict.warn .badge, .verdict.unknown .badge { color: var(--warn); }
        .drawing svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto 1rem; }
        .pairs { margin: 0 0 .75rem; }
        .pairs div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0 .5rem;
          padding: .15rem 0; }
        .pairs dt { color: var(--dim); }
        .pairs dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
        .tree, .findings, .list { list-style: none; margin: 0; padding: 0; }
        .step { border-bottom: 1px solid var(--soft); padding: .35rem 0; }
        summary { cursor: pointer; }
        .step summary { display: grid; grid-template-columns: 3.2rem minmax(0, 8rem) minmax(0, 1fr) auto;
          gap: 0 .5rem; }
        .step .mark { font-weight: 700; }
        .step.ok .mark { color: var(--good); } .step.fail .mark { color: var(--bad); }
        .step.warning .mark, .step.unknown .mark { color: var(--warn); }
        .step .name { font-weight: 600; }
        .step .detail { overflow-wrap: anywhere; }
        .step .time { color: var(--dim); white-space: nowrap; }
        details > summary { padding: .2rem 0; }
        form + details, form + form { margin-top: .5rem; }
        .owner h3::first-letter { text-transform: uppercase; }
        @media (max-width: 30rem) { .step summary { grid-template-columns: 3.2rem minmax(0, 1fr) auto; }
          .step .detail { grid-column: 2 / -1; grid-row: 2; } }
        .findings { margin: .35rem 0 .35rem 1rem; }
        .findings li { overflow-wrap: anywhere; margin: .2rem 0; }
        .severity, .outcome { font-weight: 600; }
        .findings .error .severity, .refuse .outcome { color: var(--bad); }
        .findings .warning .severity, .findings .undetermined .severity, .defer .outcome,
        .varies .outcome, .score .outcome { color: var(--warn); }
        .findings .ok .severity, .accept .outcome { color: var(--good); }
        .number { display: inline-block; min-width: 1.5rem; font-weight: 700; }
        .task p { margin: .35rem 0; overflow-wrap: anywhere; }
        .outlook { font-weight: 600; overflow-wrap: anywhere; }
        .copied { position: relative; }
        .copied button { position: absolute; top: .35rem; right: .35rem; padding: .1rem .6rem;
          font-size: .85rem; }
        .list li { padding: .3rem 0; border-bottom: 1px solid var(--soft); overflow-wrap: anywhere; }
        .text { max-width: 46rem; overflow-wrap: anywhere; }

        """

    private static let tables = """
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0;
          border-bottom: 1px solid var(--soft); overflow-wrap: anywhere; }
        tbody th { font-weight: 400; }
        td p { margin: 0; }
        .keeper td:first-child { width: 6.5rem; color: var(--dim); }
        .receivers .word { width: 6rem; }
        .receivers { table-layout: fixed; }
        @media (max-width: 40rem) { thead { position: absolute; left: -100rem; }
          table, tbody, tr, th, td { display: block; border: 0; padding: 0; }
          td[data-name]::before { content: attr(data-name) ": "; color: var(--dim); }
          tr { border-bottom: 1px solid var(--soft); padding: .4rem 0; } }

        """

    private static let paper = """
        @media print { header.site nav, form, button, .skip { display: none; }
          body { font-size: 11pt; } .card { border: 0; padding: 0; background: none; }
          details::details-content { content-visibility: visible; display: block; }
          .columns { display: block; } .columns > .card { margin-bottom: 1rem; }
          pre { white-space: pre-wrap; overflow: visible; } .scroll { overflow: visible; }
          section, tr, .task { break-inside: avoid; } a { color: inherit; } }

        """
}

/// Everything works without it: copy buttons, and the steps while a check runs.
package enum Script {
    package static let text = """
        "use strict";
        for (const block of document.querySelectorAll("pre.copy")) {
          if (!navigator.clipboard) break;
          const frame = document.createElement("div");
          frame.className = "copied";
          block.replaceWith(frame);
          const button = document.createElement("button");
          button.type = "button";
          button.className = "quiet";
          button.textContent = "Copy";
          button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(block.textContent);
            button.textContent = "Copied";
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
          });
          frame.append(block, button);
        }
        // The owner's token is for him alone: not for the address that he copies and passes on.
        // Kept by the report's name, which /r/NAME and /mail/NAME share.
        const key = "owner " + location.pathname.split("/")[2];
        if (location.search.startsWith("?owner=")) {
          try { sessionStorage.setItem(key, location.search.slice(7)); } catch { /* no storage */ }
          history.replaceState(null, "", location.pathname);
        }
        const place = document.getElementById("owner");
        if (place && location.pathname.startsWith("/r/") && !document.querySelector("form")) {
          let token = null;
          try { token = sessionStorage.getItem(key); } catch { /* no storage */ }
          if (token) {
            const deletion = document.createElement("form");
            deletion.method = "post";
            deletion.action = location.pathname + "/delete";
            const input = document.createElement("input");
            input.type = "hidden";
            input.name = "token";
            input.value = token;
            const button = document.createElement("button");
            button.className = "quiet";
            button.textContent = "Delete it now";
            deletion.append(input, button);
            place.before(deletion);
          }
        }
        const form = document.getElementById("check");
        if (form && window.EventSource) {
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const button = form.querySelector("button");
            button.disabled = true;
            try {
              const answer = await fetch("/check", {
                method: "POST", headers: { Accept: "application/json" },
                body: new URLSearchParams(new FormData(form)),
              });
              if (answer.status !== 202) throw new Error("not accepted");
              show(await answer.json());
            } catch {
              button.disabled = false;
              form.submit();
            }
          });
        }
        // The page that waits for a mail.
        const waiting = document.getElementById("waiting");
        if (waiting && window.EventSource) {
          const source = new EventSource(waiting.dataset.events);
          source.addEventListener("answer", (event) => { waiting.textContent = event.data; });
          source.addEventListener("done", () => {
            source.close();
            location.assign(waiting.dataset.next);
          });
        }
        function show(check) {
          const main = document.getElementById("main");
          const status = document.createElement("p");
          status.setAttribute("role", "status");
          status.textContent = "Asking DNS …";
          const list = document.createElement("ul");
          list.className = "list";
          main.replaceChildren(status, list);
          const source = new EventSource(check.events);
          source.addEventListener("answer", (event) => {
            const item = document.createElement("li");
            item.textContent = event.data;
            list.append(item);
          });
          source.addEventListener("done", () => {
            source.close();
            location.assign(check.report);
          });
          source.onerror = () => {
            source.close();
            location.assign(check.report);
          };
        }

        """

    /// The sign in the browser's tab: the triangle.
    package static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M4 6h24L16 28z" \
        fill="none" stroke="#1f6feb" stroke-width="3" stroke-linejoin="round"/></svg>

        """
}

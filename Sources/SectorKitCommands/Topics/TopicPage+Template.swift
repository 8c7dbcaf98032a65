extension TopicPage {
    static let head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>Topics</title>

        """

    static let style = """
        <style>
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1c2530; --soft: #66717e; --line: #dde2e8;
          --bar: #3b76b5; --ghost: #cfdbe8; --pick: #d9622b; }
        @media (prefers-color-scheme: dark) { :root { --page: #14181d; --card: #1d232a; --ink: #e6eaee; --soft: #98a3ae;
          --line: #323a43; --bar: #6aa5e0; --ghost: #33475c; --pick: #f0894f; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto,
          "DejaVu Sans", sans-serif; }
        header { padding: 18px 24px 4px; }
        h1 { font-size: 22px; margin: 0 0 2px; }
        h2 { font-size: 15px; margin: 0 0 8px; }
        .soft { color: var(--soft); font-size: 13px; }
        main { display: grid; grid-template-columns: minmax(330px, 5fr) minmax(360px, 6fr); gap: 16px; padding: 12px 24px 28px; }
        @media (max-width: 800px) { main { grid-template-columns: 1fr; } }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin-bottom: 16px; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--ink); font-size: 12px; }
        .bubble { cursor: pointer; } .bubble circle { fill: var(--bar); fill-opacity: .45; stroke: var(--bar); }
        .bubble:hover circle { fill-opacity: .7; } .bubble:focus { outline: none; } .bubble:focus circle { stroke-width: 3; }
        .bubble.on circle { fill: var(--pick); stroke: var(--pick); fill-opacity: .75; }
        .bubble text { pointer-events: none; text-anchor: middle; dominant-baseline: central; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 4px 6px; vertical-align: top; }
        th { font-weight: 600; font-size: 12px; color: var(--soft); } td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        #list tr { cursor: pointer; border-top: 1px solid var(--line); } #list tr:hover { background: var(--page); }
        #list tr.on td:first-child { color: var(--pick); font-weight: 700; }
        .row { display: grid; grid-template-columns: 130px 1fr 52px; gap: 8px; align-items: center; margin: 3px 0; }
        .row .t { text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .track { height: 15px; position: relative; } .track i { position: absolute; left: 0; top: 0; height: 100%; border-radius: 3px; }
        .track i.all { background: var(--ghost); } .track i.own { background: var(--bar); height: 60%; top: 20%; }
        .row .v { font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; }
        label { display: flex; gap: 10px; align-items: center; font-size: 13px; margin-bottom: 10px; } input[type=range] { flex: 1; }
        ol { margin: 0; padding: 0; list-style: none; } ol li { display: grid; grid-template-columns: 48px 1fr; gap: 8px; padding: 4px 0;
          border-top: 1px solid var(--line); } ol li:first-child { border: 0; } ol li > span:first-child { color: var(--soft);
          font-variant-numeric: tabular-nums; } .id { color: var(--soft); font-size: 12px; }
        .key { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin: 0 5px 0 10px; vertical-align: -1px; }
        </style>
        </head>

        """

    static let body = """
        <body>
        <header><h1>Topics</h1><div class="soft" id="summary"></div></header>
        <main>
        <div>
        <section><h2>Map</h2><svg id="map" viewBox="0 0 600 460" role="group" aria-label="Map of topics"></svg>
        <div class="soft">Near topics share terms; the area is the share of the archive. Click one.</div></section>
        <section><h2>All topics</h2><table><thead><tr><th class="n">#</th><th>terms</th><th class="n">share</th><th class="n">NPMI</th>
        </tr></thead><tbody id="list"></tbody></table></section>
        <section id="compared-card"><h2>Numbers of topics compared</h2><table id="compared"></table><ul class="soft" id="reasons"></ul>
        </section>
        </div>
        <div>
        <section><h2 id="title"></h2><div class="soft" id="measures"></div></section>
        <section><h2>Terms</h2>
        <label>in this topic only <input type="range" id="lambda" min="0" max="1" step="0.05" value="0.6"> frequent in it
        <output id="lambda-value"></output></label>
        <div id="bars"></div><div class="soft"><span class="key" style="background: var(--bar)"></span>probability in the topic
        <span class="key" style="background: var(--ghost)"></span>in all topics</div></section>
        <section id="time-card"><h2>Share over time</h2><svg id="time" viewBox="0 0 640 210"></svg></section>
        <section><h2>Typical articles</h2><ol id="articles"></ol></section>
        </div>
        </main>
        <noscript><p style="padding: 0 24px">The page needs JavaScript, its own only.</p></noscript>

        """

    static let script = """
        <script>
        "use strict";
        {
        const data = JSON.parse(document.getElementById("data").textContent);
        const at = id => document.getElementById(id);
        const fixed = (x, digits) => x == null ? "–" : x.toFixed(digits);
        const percent = x => x == null ? "–" : (100 * x).toFixed(1) + " %";
        function make(name, text, className) {
          const node = document.createElement(name);
          if (text != null) node.textContent = text;
          if (className) node.className = className;
          return node;
        }
        function draw(name, attributes, text) {
          const node = document.createElementNS(at("map").namespaceURI, name);
          for (const key in attributes) node.setAttribute(key, attributes[key]);
          if (text != null) node.textContent = text;
          return node;
        }
        let chosen = 0, lambda = 0.6;
        const relevance = term => lambda * Math.log(term.probability) + (1 - lambda) * Math.log(term.lift);
        function top(topic, count) {
          return topic.terms.slice().sort((a, b) => relevance(b) - relevance(a)).slice(0, count);
        }
        const short = (topic, count) => top(topic, count).map(t => t.term).join(", ");

        function showSummary() {
          const q = data.quality;
          at("summary").textContent = data.articleCount.toLocaleString("en") + " articles, " + data.termCount.toLocaleString("en")
            + " terms, " + data.topics.length + " topics (" + data.loss + ", "
            + (data.converged ? "converged" : "not converged") + " after " + data.iterations + " iterations). Coherence: NPMI "
            + fixed(q.npmi, 3) + ", UMass " + fixed(q.uMass, 3) + ", C_v " + fixed(q.cV, 3) + ". Diversity " + fixed(q.diversity, 3)
            + ", reconstruction error " + fixed(q.reconstructionError, 3)
            + (q.stability == null ? "." : ", stability " + fixed(q.stability, 3) + ".");
        }
        function showMap() {
          const map = at("map");
          map.replaceChildren();
          const largest = Math.max(...data.topics.map(t => t.prevalence), 1e-9);
          const order = data.topics.map((_, i) => i).sort((a, b) => data.topics[b].prevalence - data.topics[a].prevalence);
          for (const i of order) {
            const topic = data.topics[i], radius = 9 + 31 * Math.sqrt(topic.prevalence / largest);
            const x = 300 + topic.x * 245, y = 230 - topic.y * 180;
            const group = draw("g", { class: "bubble" + (i === chosen ? " on" : ""), tabindex: 0, role: "button",
              "aria-label": "topic " + topic.number });
            group.append(draw("title", {}, "topic " + topic.number + ": " + short(topic, 6) + " (" + percent(topic.prevalence) + ")"));
            group.append(draw("circle", { cx: x, cy: y, r: radius }));
            group.append(draw("text", { x: x, y: y }, topic.number));
            group.addEventListener("click", () => choose(i));
            group.addEventListener("keydown", e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(i); } });
            map.append(group);
          }
        }
        function showList() {
          const rows = data.topics.map((topic, i) => {
            const row = make("tr", null, i === chosen ? "on" : "");
            row.append(make("td", topic.number, "n"),
              make("td", (topic.guide ? topic.guide + ": " : "") + short(topic, 6)), make("td", percent(topic.prevalence), "n"),
              make("td", fixed(topic.npmi, 2), "n"));
            row.addEventListener("click", () => choose(i));
            return row;
          });
          at("list").replaceChildren(...rows);
        }
        function showTopic() {
          const topic = data.topics[chosen];
          at("title").textContent = "Topic " + topic.number + (topic.guide ? " – " + topic.guide : "") + ": " + short(topic, 4);
          at("measures").textContent = percent(topic.prevalence) + " of the archive; NPMI " + fixed(topic.npmi, 3) + ", UMass "
            + fixed(topic.uMass, 3) + ", C_v " + fixed(topic.cV, 3);
          showBars(topic);
          showTime(topic);
          const items = topic.articles.map(article => {
            const item = make("li"), text = make("span");
            text.append(make("span", article.title || "(no title)"), make("span", "  " + article.id, "id"));
            item.append(make("span", fixed(article.share, 2)), text);
            return item;
          });
          at("articles").replaceChildren(...(items.length ? items : [make("li", "none")]));
        }
        function showBars(topic) {
          at("lambda-value").textContent = "λ = " + lambda.toFixed(2);
          const terms = top(topic, 20);
          const largest = Math.max(...terms.map(t => Math.max(t.probability, t.probability / t.lift)), 1e-12);
          at("bars").replaceChildren(...terms.map(t => {
            const row = make("div", null, "row"), track = make("div", null, "track");
            const all = make("i", null, "all"), own = make("i", null, "own");
            all.style.width = 100 * t.probability / t.lift / largest + "%";
            own.style.width = 100 * t.probability / largest + "%";
            track.append(all, own);
            const name = make("span", t.term, "t");
            name.title = t.term;
            row.append(name, track, make("span", (100 * t.probability).toFixed(2) + " %", "v"));
            return row;
          }));
        }
        function showTime(topic) {
          at("time-card").hidden = data.periods.length < 2;
          if (data.periods.length < 2) return;
          const chart = at("time"), values = topic.prevalenceByPeriod, n = values.length;
          const largest = Math.max(...values.map(v => v || 0), 1e-9);
          const x = i => 46 + 580 * (n === 1 ? 0.5 : i / (n - 1)), y = v => 170 - 145 * v / largest;
          chart.replaceChildren();
          for (const share of [0, 0.5, 1]) {
            chart.append(draw("line", { x1: 46, x2: 626, y1: y(share * largest), y2: y(share * largest), stroke: "var(--line)" }),
              draw("text", { x: 40, y: y(share * largest) + 4, "text-anchor": "end" }, (100 * share * largest).toFixed(1)));
          }
          let path = "", open = false;
          values.forEach((v, i) => {
            if (v == null) { open = false; return; }
            path += (open ? "L" : "M") + x(i) + " " + y(v);
            open = true;
          });
          chart.append(draw("path", { d: path, fill: "none", stroke: "var(--bar)", "stroke-width": 2 }));
          values.forEach((v, i) => {
            if (v == null) return;
            const dot = draw("circle", { cx: x(i), cy: y(v), r: 3, fill: "var(--bar)" });
            dot.append(draw("title", {}, data.periods[i] + ": " + percent(v) + " of " + data.periodArticleCounts[i] + " articles"));
            chart.append(dot);
          });
          const step = Math.max(1, Math.ceil((n - 1) / 7));
          for (let i = 0; i < n; i += step)
            chart.append(draw("text", { x: x(i), y: 194,
              "text-anchor": i === 0 ? "start" : i + 1 === n ? "end" : "middle" }, data.periods[i]));
        }
        function showCompared() {
          at("compared-card").hidden = data.compared.length < 2;
          if (data.compared.length < 2) return;
          const head = make("tr");
          for (const name of ["topics", "NPMI", "C_v", "diversity", "stability", "error"]) head.append(make("th", name, "n"));
          const rows = data.compared.map(q => {
            const row = make("tr");
            for (const text of [q.topicCount, fixed(q.npmi, 3), fixed(q.cV, 3), fixed(q.diversity, 3), fixed(q.stability, 3),
              fixed(q.reconstructionError, 3)]) row.append(make("td", text, "n"));
            return row;
          });
          at("compared").replaceChildren(head, ...rows);
          at("reasons").replaceChildren(...data.reasons.map(text => make("li", text)));
        }
        function choose(i) { chosen = i; showMap(); showList(); showTopic(); }
        at("lambda").addEventListener("input", e => { lambda = Number(e.target.value); showList(); showTopic(); });
        if (data.topics.length) { showSummary(); showCompared(); choose(0); }
        }
        </script>

        """
}

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
  at("summary").textContent = (data.streamedArticleCount ?? data.articleCount).toLocaleString("en") + " articles, "
    + (data.streamedArticleCount ? "a sample of " + data.articleCount.toLocaleString("en") + " shown, " : "")
    + data.termCount.toLocaleString("en")
    + " terms, " + data.topics.length + " topics (" + data.loss + ", "
    + (data.converged ? "converged" : "not converged") + " after " + data.iterations + " iterations). Coherence"
    + (data.referenceArticleCount ? " in " + data.referenceArticleCount.toLocaleString("en") + " other articles" : "") + ": NPMI "
    + fixed(q.npmi, 3) + ", UMass " + fixed(q.uMass, 3) + ", C_v " + fixed(q.cV, 3) + ". Diversity " + fixed(q.diversity, 3)
    + ", reconstruction error " + fixed(q.reconstructionError, 3)
    + (q.stability == null ? "." : ", stability " + fixed(q.stability, 3) + ".");
}
// Bubbles as near to the places of their topics as they can be without covering one another.
function spread() {
  const width = 600, height = 460, all = data.topics, largest = Math.max(...all.map(t => t.prevalence), 1e-9);
  const bubbles = all.map(t => ({ radius: 9 + 31 * Math.sqrt(t.prevalence / largest) }));
  const area = bubbles.reduce((sum, b) => sum + Math.PI * b.radius ** 2, 0);
  const scale = Math.min(1.25, Math.sqrt(0.42 * width * height / area));
  const fit = (values, from, to) => {
    const low = Math.min(...values), high = Math.max(...values);
    return values.map(v => high > low ? from + (to - from) * (v - low) / (high - low) : (from + to) / 2);
  };
  const homeX = fit(all.map(t => t.x), 45, width - 45), homeY = fit(all.map(t => -t.y), 45, height - 45);
  bubbles.forEach((b, i) => { b.radius *= scale; b.x = homeX[i]; b.y = homeY[i]; });
  const rounds = Math.min(400, Math.ceil(2e7 / bubbles.length ** 2));
  for (let round = 0; round < rounds; round++) {
    // Home draws less and less, so that at the end nothing overlaps.
    const pull = 0.05 * (1 - round / rounds);
    bubbles.forEach((b, i) => { b.x += pull * (homeX[i] - b.x); b.y += pull * (homeY[i] - b.y); });
    for (let i = 0; i < bubbles.length; i++) for (let j = 0; j < i; j++) {
      const a = bubbles[i], b = bubbles[j], gap = a.radius + b.radius + 1.5;
      let dx = a.x - b.x, dy = a.y - b.y, distance = Math.hypot(dx, dy);
      if (distance >= gap) continue;
      if (distance < 1e-6) { dx = Math.cos(i); dy = Math.sin(i); distance = 1; }
      const push = (gap - distance) / 2 / distance;
      a.x += dx * push; a.y += dy * push; b.x -= dx * push; b.y -= dy * push;
    }
    for (const b of bubbles) {
      b.x = Math.min(width - b.radius - 2, Math.max(b.radius + 2, b.x));
      b.y = Math.min(height - b.radius - 2, Math.max(b.radius + 2, b.y));
    }
  }
  return bubbles;
}
function showMap() {
  const map = at("map");
  map.replaceChildren();
  const order = data.topics.map((_, i) => i).sort((a, b) => data.topics[b].prevalence - data.topics[a].prevalence);
  for (const i of order) {
    const topic = data.topics[i], { x, y, radius } = places[i];
    const group = draw("g", { class: "bubble" + (i === chosen ? " on" : ""), tabindex: 0, role: "button",
      "aria-label": "topic " + topic.number });
    group.append(draw("title", {}, "topic " + topic.number + ": " + short(topic, 6) + " (" + percent(topic.prevalence) + ")"));
    group.append(draw("circle", { cx: x, cy: y, r: radius }));
    const word = short(topic, 1), fits = 5 * word.length < 1.9 * radius;
    group.append(draw("text", { x: x, y: fits ? y - 5 : y }, topic.number));
    if (fits) group.append(draw("text", { x: x, y: y + 8, class: "word" }, word));
    group.addEventListener("click", () => pick(i));
    group.addEventListener("keydown", e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); pick(i); } });
    map.append(group);
  }
}
function showList() {
  const rows = data.topics.map((topic, i) => {
    const row = make("tr", null, i === chosen ? "on" : "");
    row.append(make("td", topic.number, "n"),
      make("td", (topic.guide ? topic.guide + ": " : "") + short(topic, 6)), make("td", percent(topic.prevalence), "n"),
      make("td", fixed(topic.npmi, 2), "n"));
    row.addEventListener("click", () => pick(i));
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
// On a narrow screen a topic stands below the list it is chosen from.
function pick(i) {
  choose(i);
  if (matchMedia("(max-width: 800px)").matches) at("title").scrollIntoView({ behavior: "smooth" });
}
at("lambda").addEventListener("input", e => { lambda = Number(e.target.value); showList(); showTopic(); });
const places = spread();
if (data.topics.length) { showSummary(); showCompared(); choose(0); }
}

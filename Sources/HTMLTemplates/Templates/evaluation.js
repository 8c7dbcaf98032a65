"use strict";
{
// For each label how many articles would be given it rightly and wrongly, by the probability in thousandths.
const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
const select = at("label"), slider = at("slider");
const option = (value, text) => {
  const node = document.createElement("option");
  node.value = value;
  node.textContent = text;
  return node;
};
select.append(option(-1, data.labels.length === 1 ? "all" : "all labels together"),
  ...data.labels.map((label, index) => option(index, label.name)));
const sum = (pairs, least) => pairs.reduce((total, [bin, count]) => total + (bin >= least ? count : 0), 0);
function counts(label, least) {
  const right = sum(label.right, least), wrong = sum(label.wrong, least);
  return { right, wrong, support: label.support };
}
function chosen() { return select.value === "-1" ? data.labels : [data.labels[Number(select.value)]]; }
function scores(least) {
  const total = { right: 0, wrong: 0, support: 0 };
  for (const label of chosen()) {
    const own = counts(label, least);
    total.right += own.right;
    total.wrong += own.wrong;
    total.support += own.support;
  }
  const given = total.right + total.wrong;
  return { ...total, given, precision: given ? total.right / given : 0, recall: total.support ? total.right / total.support : 0,
    f1: given + total.support ? 2 * total.right / (given + total.support) : 0 };
}
const x = recall => 60 + 480 * recall, y = precision => 380 - 360 * precision;
function drawCurve() {
  const levels = new Set([0]);
  for (const label of chosen()) for (const [bin] of [...label.right, ...label.wrong]) levels.add(bin);
  let path = "";
  for (const level of [...levels].sort((a, b) => b - a)) {
    const point = scores(level);
    if (point.given) path += (path ? "L" : "M") + x(point.recall).toFixed(1) + " " + y(point.precision).toFixed(1);
  }
  at("curve").setAttribute("d", path || "M0 0");
}
function figure(name, value) {
  const box = document.createElement("div"), term = document.createElement("dt"), definition = document.createElement("dd");
  term.textContent = name;
  definition.textContent = value;
  box.append(term, definition);
  return box;
}
function show() {
  const least = Number(slider.value), now = scores(least), text = (least / 1000).toFixed(3);
  at("threshold").textContent = text;
  slider.setAttribute("aria-valuetext", text);
  at("recomputed").replaceChildren(figure("precision", now.precision.toFixed(3)), figure("recall", now.recall.toFixed(3)),
    figure("F1", now.f1.toFixed(3)), figure("given", String(now.given)), figure("of them wrong", String(now.wrong)),
    figure("missed", String(now.support - now.right)));
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of [["class", "dot"], ["r", 7], ["cx", x(now.recall)], ["cy", y(now.precision)]]) dot.setAttribute(name, value);
  at("operating").replaceChildren(...(now.given ? [dot] : []));
}
function choose() {
  const index = Number(select.value);
  slider.value = Math.ceil(1000 * (index < 0 ? data.threshold : data.labels[index].threshold) - 1e-9);
  drawCurve();
  show();
}
slider.addEventListener("input", show);
slider.addEventListener("keydown", event => {
  const step = { PageUp: 100, PageDown: -100 }[event.key];
  if (!step) return;
  event.preventDefault();
  slider.value = Number(slider.value) + step;
  show();
});
select.addEventListener("change", choose);
choose();
}

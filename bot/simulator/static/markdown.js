// Markdown as WeCom shows it, straight into elements: there is no HTML in between to escape.
//
// v1 (app, webhook markdown): headings, bold, links, inline code, quotes, font colours, <@userid>.
// v2 (markdown_v2 and the bot's answers): also italics, lists, code fences, rules, tables; no colours.

import { h } from "./dom.js";
import { person } from "./state.js";

const COLOURS = { info: "info", comment: "comment", warning: "warning" };

const INLINE = [
  ["code", /`([^`\n]+)`/, (m) => h("code", {}, m[1])],
  ["bold", /\*\*([^*\n](?:[^\n]*?[^*\n])?)\*\*/, (m, v) => h("strong", {}, inline(m[1], v))],
  ["link", /\[([^\]\n]*)\]\(([^)\s]+)\)/, (m) => link(m[2], m[1])],
  ["font", /<font color=["']?(info|comment|warning)["']?>([\s\S]*?)<\/font>/, (m, v) =>
    v === "v1" ? h("span", { class: `font-${COLOURS[m[1]]}` }, inline(m[2], v)) : document.createTextNode(m[0])],
  ["mention", /<@([\w.@-]+)>/, (m) => h("span", { class: "mention" }, `@${person(m[1])?.name ?? m[1]}`)],
  ["italic", /(?<![*\w])\*([^*\s][^*\n]*)\*(?!\*)/, (m, v) => (v === "v2" ? h("em", {}, inline(m[1], v)) : document.createTextNode(m[0]))],
  ["url", /https?:\/\/[^\s<>"'）)，。；]+/, (m) => link(m[0], m[0])],
];

export function link(url, text) {
  if (!/^https?:\/\//i.test(url)) return document.createTextNode(text || url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text || url);
}

export function inline(text, version = "v2") {
  let first = null;
  for (const [, pattern, make] of INLINE) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { found, make };
  }
  if (first === null) return text ? [document.createTextNode(text)] : [];
  const { found, make } = first;
  return [
    ...(found.index ? [document.createTextNode(text.slice(0, found.index))] : []),
    make(found, version),
    ...inline(text.slice(found.index + found[0].length), version),
  ];
}

export function markdown(text, version = "v2") {
  const root = h("div", { class: "md" });
  const think = /^<think>([\s\S]*?)(?:<\/think>|$)/.exec(text);
  if (think) {
    root.append(h("details", { class: "think" }, h("summary", {}, "思考过程"), think[1].trim()));
    text = text.slice(think[0].length);
  }
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  for (let i = 0; i < lines.length;) i = block(lines, i, root, version);
  return root;
}

function block(lines, i, root, version) {
  const line = lines[i];
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) {
    root.append(h(`h${heading[1].length}`, {}, inline(heading[2], version)));
    return i + 1;
  }
  if (/^\s*>/.test(line)) return gather(lines, i, /^\s*>\s?/, (inner) => {
    const quote = h("blockquote");
    for (let j = 0; j < inner.length;) j = block(inner, j, quote, version);
    root.append(quote);
  });
  if (version === "v2") {
    if (/^\s*```/.test(line)) return fence(lines, i, root);
    if (/^\s*([-*_])\s*(\1\s*){2,}$/.test(line)) {
      root.append(h("hr"));
      return i + 1;
    }
    if (/^\|.*\|\s*$/.test(line) && /^\|[\s:|-]+\|\s*$/.test(lines[i + 1] ?? "")) return table(lines, i, root, version);
  }
  if (/^\s*(?:[-*+]|\d+[.、)])\s+/.test(line)) return list(lines, i, root, version);
  if (!line.trim()) {
    if (root.lastElementChild && !root.lastElementChild.matches(".gap")) root.append(h("div", { class: "gap" }));
    return i + 1;
  }
  root.append(h("p", {}, inline(line, version)));
  return i + 1;
}

function gather(lines, i, prefix, done) {
  const inner = [];
  while (i < lines.length && prefix.test(lines[i])) inner.push(lines[i++].replace(prefix, ""));
  done(inner);
  return i;
}

function fence(lines, i, root) {
  const inner = [];
  for (i += 1; i < lines.length && !/^\s*```/.test(lines[i]); i += 1) inner.push(lines[i]);
  root.append(h("pre", {}, h("code", {}, inner.join("\n"))));
  return i + 1;
}

function list(lines, i, root, version) {
  const holder = h("div", { class: "items" });
  for (; i < lines.length; i += 1) {
    const item = /^(\s*)([-*+]|\d+[.、)])\s+(.*)$/.exec(lines[i]);
    if (!item) break;
    const mark = /\d/.test(item[2]) ? item[2].replace(/[、)]/, ".") : "•";
    const deep = Math.min(3, Math.floor(item[1].replace(/\t/g, "  ").length / 2));
    holder.append(h("div", { class: `item deep${deep}` }, h("span", { class: "mark" }, mark), h("span", {}, inline(item[3], version))));
  }
  root.append(holder);
  return i;
}

function table(lines, i, root, version) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((c) => c.trim());
  const head = h("tr", {}, cells(lines[i]).map((c) => h("th", {}, inline(c, version))));
  const rows = [];
  for (i += 2; i < lines.length && /^\|.*\|\s*$/.test(lines[i]); i += 1) {
    rows.push(h("tr", {}, cells(lines[i]).map((c) => h("td", {}, inline(c, version)))));
  }
  root.append(h("div", { class: "table" }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows))));
  return i;
}

// An app's text message: plain, but for <a href>, addresses and mentions.
export function plain(text, names = []) {
  const out = [];
  const pattern = /<a\s+href=["'](https?:\/\/[^"'\s]+)["'][^>]*>([^<]*)<\/a>|(https?:\/\/[^\s<>"'）)，。；]+)/gi;
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    out.push(...mentions(text.slice(at, found.index), names), link(found[1] ?? found[3], found[2] ?? found[3]));
    at = found.index + found[0].length;
  }
  out.push(...mentions(text.slice(at), names));
  return h("div", { class: "plain" }, out);
}

function mentions(text, names) {
  const escaped = names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!escaped.length) return text ? [document.createTextNode(text)] : [];
  return text.split(new RegExp(`(@(?:${escaped.join("|")}))`, "g")).filter(Boolean).map((part) =>
    part.startsWith("@") && names.includes(part.slice(1))
      ? h("span", { class: "mention" }, part)
      : document.createTextNode(part));
}

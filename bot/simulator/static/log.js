// Every call and callback with its body, newest first.

import { get } from "./api.js";
import { h, paintInto } from "./dom.js";
import { person } from "./state.js";
import { split } from "./time.js";

const KEPT = 500;

export function logPanel() {
  let entries = [], opened = new Set();
  const list = h("div", { class: "entries" });
  const words = h("input", { type: "search", placeholder: "筛选：接口、人、单号…", "aria-label": "筛选日志", oninput: () => paint() });
  const way = h("select", { "aria-label": "方向", onchange: () => paint() },
    h("option", { value: "" }, "全部"), h("option", { value: "callback" }, "回调"), h("option", { value: "call" }, "接口"));
  const bad = h("input", { type: "checkbox", onchange: () => paint() });
  const element = h("div", { class: "panel logs" },
    h("div", { class: "filters" }, words, h("div", { class: "filter-row" }, way, h("label", {}, bad, "只看失败"))), list);

  const fits = (entry) =>
    (!way.value || entry.way === way.value) && (!bad.checked || !entry.ok) &&
    (!words.value.trim() || JSON.stringify(entry).toLowerCase().includes(JSON.stringify(words.value.trim().toLowerCase()).slice(1, -1)));

  function row(entry) {
    const open = opened.has(entry.id);
    const result = entry.errcode ? `errcode ${entry.errcode}` : entry.status === null ? "无应答" : entry.status === 200 ? "" : `HTTP ${entry.status}`;
    const at = split(new Date(entry.at));
    const toggle = () => {
      if (!opened.delete(entry.id)) opened.add(entry.id);
      paint();
    };
    return h("div", { class: `entry${entry.ok ? "" : " bad"}` },
      h("button", { type: "button", "aria-expanded": String(open), onclick: toggle },
        h("span", { class: `way ${entry.way}`, title: entry.way === "call" ? "服务台调用企业微信" : "企业微信回调服务台" }, entry.way === "call" ? "接口" : "回调"),
        h("span", { class: "endpoint" }, entry.endpoint),
        h("span", { class: "result" }, result),
        h("span", { class: "when" }, [`${at.time}:${at.second}`, `${Math.round(entry.ms)} ms`, about(entry)].filter(Boolean).join(" · "))),
      entry.note && h("div", { class: "note" }, entry.note),
      open && h("div", { class: "bodies" }, body("请求", entry.request), body("应答", entry.response)));
  }

  function body(title, value) {
    if (value === null || value === undefined || value === "") return null;
    const text = typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2);
    return [h("div", { class: "body-title" }, title), h("pre", {}, text)];
  }

  function paint() {
    const shown = entries.filter(fits).slice(-200).reverse();
    list.replaceChildren(...(shown.length ? shown.map(row) : [h("p", { class: "hint" }, entries.length ? "没有符合的记录。" : "还没有记录。")]));
  }

  // What is heard while the log is on its way may not stand in it yet.
  let heard = [];
  const load = () => {
    heard = [];
    return get("/sim/log").then(({ log }) => {
      const late = new Set(heard.map((e) => e.id));
      entries = [...log.filter((e) => !late.has(e.id)), ...heard];
      paint();
    }).catch(() => {});
  };
  let waiting = null;
  load();
  return {
    element,
    hear: (what, data) => {
      if (what === "all") load();
      if (what !== "log") return;
      heard = [...heard.filter((e) => e.id !== data.id), data].slice(-KEPT);
      entries = [...entries.filter((e) => e.id !== data.id), data].slice(-KEPT);
      waiting ??= requestAnimationFrame(() => { waiting = null; paintInto(list, paint); });
    },
  };
}

const pretty = (xml) => xml.replace(/(<\/\w+>)(?=<)/g, "$1\n").replace(/^<xml>/, "<xml>\n");

// What a callback or a call is about, in a few words.
function about(entry) {
  const request = entry.request ?? {};
  if (typeof request === "string") {
    const field = (name) => new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]>`, "s").exec(request)?.[1] ?? "";
    return [person(field("FromUserName"))?.name, field("Event") || field("MsgType"), field("EventKey")].filter(Boolean).join(" ");
  }
  const body = request.body ?? request;
  const who = body.from ? person(body.from.userid)?.name : person(body.touser)?.name ?? body.touser;
  const key = body.event?.template_card_event?.event_key;
  return [who, body.event?.eventtype ?? body.msgtype, key].filter(Boolean).join(" ");
}



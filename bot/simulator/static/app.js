// Puts the page together: the rail, the list, one or two chats, the tools; and keeps it live.

import { listen } from "./api.js";
import { h, icon, paintInto, toast } from "./dom.js";
import { paintList, paintRail } from "./list.js";
import { Pane } from "./pane.js";
import { Side } from "./side.js";
import { changed, forget, hearMessage, load, onChange, person, refreshChats, remember, state, unreadOf } from "./state.js";
import { setNow } from "./time.js";

const part = (id) => document.getElementById(id);
const panes = [];
const side = new Side(part("side"));

function paintLayout() {
  while (panes.length < state.panes.length) panes.push(new Pane(panes.length));
  while (panes.length > state.panes.length) panes.pop().close();
  // Only when they differ: taking an element out and in again would lose the focus of who is writing.
  if ([...part("panes").children].some((c, i) => c !== panes[i]?.element) || part("panes").childElementCount !== panes.length) {
    part("panes").replaceChildren(...panes.map((p) => p.element));
  }
  for (const p of panes) p.show();
  document.body.classList.toggle("split", panes.length > 1);
  document.body.classList.toggle("no-side", !state.sideOpen);
}

// A page of the desk's is opened as whoever speaks in the chat the link stands in, as each person's own WeCom does.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const to = link?.dataset.to ?? link?.href;
  if (!to || !state.deskUrl || new URL(to).origin !== new URL(state.deskUrl).origin) return;
  link.dataset.to = to;
  const index = panes.findIndex((p) => p.element.contains(link));
  const as = (state.panes[index] ?? state.panes[state.active]).as;
  link.href = `/connect/open?${new URLSearchParams({ as, url: to })}`;
}, true);

// -- at phone width, one column at a time

const PAGES = [["chat", "会话", "chat"], ["clock", "时钟", "clock"], ["guide", "导览", "guide"], ["log", "日志", "log"]];

function paintTabs() {
  const shown = PAGES.filter(([name]) => name !== "clock" || state.clock);
  const current = state.tab === "open" ? "chat" : state.tab;
  const any = state.people.some((p) => unreadOf(p.userid).count);
  part("tabs").replaceChildren(...shown.map(([name, title, sign]) => h("button", {
    type: "button", "aria-pressed": String(name === current), class: name === current ? "current" : "", onclick: () => go(name),
  }, h("span", { class: "face" }, icon(sign), name === "chat" && any ? h("span", { class: "badge dot" }) : null), title)));
  document.body.dataset.tab = state.tab;
}

function go(tab) {
  state.tab = tab;
  if (PAGES.some(([name]) => name === tab) && tab !== "chat") side.open(tab);
  paintTabs();
}

// -- what changes

onChange((what) => {
  if (["all", "panes", "active", "chats"].includes(what)) {
    paintInto(part("rail"), paintRail);
    paintInto(part("list"), paintList);
  }
  if (what === "all" || what === "layout") paintLayout();
  if (what === "chat") go("open");
  if (what === "list") go("chat");
  if (what === "guide") go("guide");
  if (["all", "chats"].includes(what)) paintInto(part("tabs"), paintTabs);
  if (what === "panes" || what === "all") document.title = `${person(state.panes[state.active]?.as)?.name ?? ""} · 企业微信 模拟`;
});

// -- live

let lost = null, everOnline = false;

function online(is) {
  clearTimeout(lost);
  const banner = part("banner");
  if (is) {
    if (!banner.hidden) refreshAll();
    banner.hidden = true;
    everOnline = true;
    return;
  }
  // A moment's gap, as when a laptop changes networks, is not worth a word.
  lost = setTimeout(() => {
    banner.textContent = "已断开，正在重连…";
    banner.hidden = false;
  }, everOnline ? 600 : 0);
}

async function refreshAll() {
  forget();
  try {
    await load();
  } catch (error) {
    toast(error.message);
  }
}

function hear(kind, data) {
  if (kind === "hello" && !data.resumed && state.ready) refreshAll();
  else if (kind === "message") hearMessage(data);
  else if (kind === "read") refreshChats();
  else if (kind === "reset") refreshAll();
  else if (kind === "clock") {
    state.clock = data.clock;
    setNow(data.clock.now);
    changed("clock");
    refreshChats();
  } else if (kind === "faults") {
    state.faults = data.faults;
    changed("faults");
  } else if (kind === "log") changed("log", data);
}

document.addEventListener("visibilitychange", () => document.hidden || changed("panes"));

async function start() {
  try {
    await load();
    remember();
    listen(hear, online, state.mark);
  } catch {
    online(false);
    setTimeout(start, 1000);
  }
}

start();

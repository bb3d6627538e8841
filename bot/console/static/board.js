// The board keeps itself current, is worked by keyboard, and calls when something urgent comes.

import { hear, tick } from "./live.js";
import { toast } from "./frame.js";

const EVERY = 4000, SLOWEST = 30_000;
const board = () => document.getElementById("board");
let wait = EVERY, timer = 0, asking = null, touched = true, chosen = null;

// Staying current: ask with the tag of what is shown. One that slept, or was offline, asks as it wakes.

async function ask() {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  asking = new AbortController();
  const patience = setTimeout(() => asking?.abort(), 10_000);
  const shown = board();
  const at = location.href;
  try {
    const headers = { "Desk-Live": "1", "If-None-Match": `W/"${shown.dataset.tag}"` };
    if (!touched) headers["Desk-Asleep"] = "1";
    touched = false;
    const answer = await fetch(at, { headers, credentials: "same-origin", cache: "no-store", signal: asking.signal });
    if (answer.status === 401) return state("lost", "登录已过期，点此重新登录", answer.headers.get("HX-Redirect"));
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    hear(answer);
    if (answer.status === 200) {
      const text = await answer.text();
      if (location.href === at && board() === shown) swap(shown, text);
    }
    state("", "实时");
    wait = EVERY;
  } catch {
    state("lost", "连接中断，正在重连");
    wait = Math.min(wait * 2, SLOWEST);
  } finally {
    clearTimeout(patience);
    asking = null;
    timer = setTimeout(ask, wait * (0.9 + Math.random() * 0.2));
  }
}

function state(kind, words, link) {
  const box = document.getElementById("live-state");
  if (!box) return;
  box.className = `live-state ${kind}`;
  const text = box.lastElementChild;
  if (link && !text.querySelector("a")) {
    const a = document.createElement("a");
    a.href = link;
    a.textContent = words;
    text.replaceChildren(a);
  } else if (!link && text.textContent !== words) text.textContent = words;
}

function swap(shown, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("board");
  if (!fresh) return;
  const focused = shown.contains(document.activeElement) ? document.activeElement.closest("[data-number]")?.dataset.number : null;
  const picked = new Set([...shown.querySelectorAll(".pick:checked")].map((box) => box.value));
  const seen = Number(shown.dataset.newest);
  shown.replaceWith(document.adoptNode(fresh));
  htmx.process(fresh);
  for (const box of fresh.querySelectorAll(".pick")) box.checked = picked.has(box.value);
  if (focused) fresh.querySelector(`[data-number="${focused}"] a`)?.focus({ preventScroll: true });
  if (chosen) choose(fresh.querySelector(`[data-number="${chosen}"]`), false);
  picking();
  tick();
  call([...fresh.querySelectorAll("[data-urgent][data-state=open]")].filter((row) => Number(row.dataset.number) > seen));
}

for (const event of ["visibilitychange", "online", "focus", "pageshow"]) {
  (event === "visibilitychange" ? document : window).addEventListener(event, () => { if (!document.hidden) { wait = EVERY; ask(); } });
}
for (const event of ["keydown", "pointerdown", "pointermove", "scroll"]) document.addEventListener(event, () => { touched = true; }, { passive: true });
document.addEventListener("htmx:afterSettle", () => { picking(); tick(); });
timer = setTimeout(ask, EVERY);

// Calling: a desktop notification for an urgent order nobody has yet, where somebody asked for it.

const bell = document.getElementById("notify");
const called = () => { try { return localStorage.getItem("desk-call") === "1" && Notification.permission === "granted"; } catch { return false; } };
if (bell && "Notification" in window) {
  bell.hidden = false;
  bell.setAttribute("aria-pressed", String(called()));
  bell.addEventListener("click", async () => {
    const on = !called() && (await Notification.requestPermission()) === "granted";
    localStorage.setItem("desk-call", on ? "1" : "0");
    bell.setAttribute("aria-pressed", String(on));
    toast(on ? "有新的紧急工单时会在桌面提醒您。" : Notification.permission === "denied" ? "浏览器不允许提醒，请在地址栏左侧的设置中打开。" : "已关闭桌面提醒。");
  });
}
function call(rows) {
  if (!rows.length || !called()) return;
  for (const row of rows) {
    const words = row.querySelector(".text")?.textContent ?? "";
    const note = new Notification(`紧急工单 ${row.dataset.number} 待接单`, { body: words, tag: `order-${row.dataset.number}`, requireInteraction: true });
    note.onclick = () => { window.focus(); location.href = row.querySelector("a").href; };
  }
}

// Keyboard and mouse: a row is chosen, opened, accepted.

const rows = () => [...board().querySelectorAll(".order")];
function choose(row, follow = true) {
  for (const other of board().querySelectorAll(".chosen")) other.classList.remove("chosen");
  if (!row) return;
  chosen = row.dataset.number;
  row.classList.add("chosen");
  if (follow) {
    row.querySelector("a").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
}
function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.number === chosen);
  choose(all[Math.min(Math.max(at + by, 0), all.length - 1)] ?? all[0]);
}
document.addEventListener("click", (event) => {
  const row = event.target.closest(".order");
  if (!row || event.target.closest("a, button, input, label, select") || String(getSelection())) return;
  row.querySelector("a").click();
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".order");
  if (row) choose(row, false);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const row = board().querySelector(".chosen");
  const does = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    g: () => choose(rows()[0]),
    "/": () => document.getElementById("words").select() ?? document.getElementById("words").focus(),
    "?": () => document.getElementById("keys").showModal(),
    x: () => { const box = row?.querySelector(".pick"); if (box) { box.checked = !box.checked; picking(); } },
    a: () => accept(row),
    Enter: () => row && !event.target.closest("a, button, summary") && row.querySelector("a").click(),
  }[event.key];
  if (!does) return;
  if (event.key !== "Enter") event.preventDefault();
  does();
});
document.getElementById("keys-help")?.addEventListener("click", () => document.getElementById("keys").showModal());

function accept(row) {
  const form = document.getElementById("accept");
  if (!form) return;
  if (!row) return toast("请先用 j、k 选一张工单。");
  if (row.dataset.state !== "open") return toast(`工单 ${row.dataset.number} 不是待接单。`);
  form.action = form.dataset.to.replace("/0/", `/${row.dataset.number}/`);
  form.requestSubmit();
}

// Picking several, for one incident.

function picking() {
  const bar = document.getElementById("picked");
  if (!bar) return;
  const boxes = [...document.querySelectorAll(".pick:checked")];
  bar.hidden = boxes.length === 0;
  bar.querySelector("[data-count]").textContent = String(boxes.length);
}
document.addEventListener("change", (event) => { if (event.target.matches(".pick")) picking(); });
document.getElementById("unpick")?.addEventListener("click", () => {
  for (const box of document.querySelectorAll(".pick:checked")) box.checked = false;
  picking();
});
document.querySelector("#picked [name=joins]")?.addEventListener("change", (event) => {
  for (const name of ["title", "minutes"]) document.querySelector(`#picked [name=${name}]`).hidden = Boolean(event.target.value);
});
picking();

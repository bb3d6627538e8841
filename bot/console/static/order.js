// One order keeps itself current, but never under somebody's hands: with a form open, or with what could not
// be taken shown back, it only says so.

import { hear, tick } from "./live.js";

const EVERY = 5000, SLOWEST = 30_000;
let wait = EVERY, timer = 0, asking = false, touched = true;
const root = () => document.getElementById("order");
const busy = () => Boolean(document.querySelector("details.act[open], #order [role=alert]"));

async function ask() {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  asking = true;
  try {
    const headers = { "Desk-Live": "1", "If-None-Match": `W/"${root().dataset.tag}"` };
    if (!touched) headers["Desk-Asleep"] = "1";
    touched = false;
    const address = `/console/orders/${root().dataset.number}`;
    const answer = await fetch(address, { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    hear(answer);
    if (answer.status === 200) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    wait = EVERY;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
  } finally {
    asking = false;
    timer = setTimeout(ask, wait);
  }
}

function show(page) {
  if (busy()) {
    document.getElementById("changed").hidden = false;
    return;
  }
  const fresh = page.getElementById("order");
  if (!fresh) return;
  document.getElementById("changed").hidden = true;
  root().replaceWith(document.adoptNode(fresh));
  ready();
  tick();
}

// Quick replies go into the field they stand under.
function ready() {
  for (const box of document.querySelectorAll(".quick")) box.hidden = false;
}
document.addEventListener("click", (event) => {
  const quick = event.target.closest(".quick button");
  if (!quick) return;
  const field = quick.closest("form").querySelector(`[name="${quick.dataset.for}"]`);
  field.setRangeText(quick.dataset.words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

for (const event of ["online", "focus", "pageshow"]) window.addEventListener(event, () => { wait = EVERY; ask(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { wait = EVERY; ask(); } });
for (const event of ["keydown", "pointerdown", "scroll"]) document.addEventListener(event, () => { touched = true; }, { passive: true });
document.addEventListener("toggle", (event) => { if (event.target.matches?.("details.act[open]")) event.target.querySelector("textarea, select, input:not([type=hidden])")?.focus(); }, true);
timer = setTimeout(ask, EVERY);
ready();

// The call being written down: names are completed as they are typed, and what was kept is read again.

import { tick } from "./live.js";

const input = document.getElementById("partner"), box = document.getElementById("partners");
const options = () => [...box.querySelectorAll("[role=option][data-name]")];
let asking = null, waiting = 0, at = -1;

function shut() {
  clearTimeout(waiting);
  asking?.abort();
  box.hidden = true;
  at = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

async function look() {
  asking?.abort();
  const words = input.value.trim();
  if (!words) return shut();
  asking = new AbortController();
  try {
    const address = `${input.dataset.from}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: asking.signal });
    if (input.form.dataset.sent) return;
    if (answer.headers.get("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
    if (!answer.ok) return shut();
    box.innerHTML = await answer.text();
  } catch {
    return;
  }
  const names = options().map((option) => option.dataset.name);
  if (names.length === 1 && names[0] === words) return shut();
  box.hidden = false;
  input.setAttribute("aria-expanded", "true");
  if (names.length) point(0);
}

function point(to) {
  const all = options();
  if (!all.length) return;
  at = (to + all.length) % all.length;
  for (const [i, option] of all.entries()) option.setAttribute("aria-selected", String(i === at));
  input.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function take(option) {
  input.value = option.dataset.name;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  shut();
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 120);
});
input.addEventListener("keydown", (event) => {
  if (event.isComposing || box.hidden) return;
  const does = {
    ArrowDown: () => point(at + 1), ArrowUp: () => point(at - 1), Escape: shut,
    Enter: () => options()[at] ? take(options()[at]) : shut(),
  }[event.key];
  if (event.key === "Tab" && options()[at]) return take(options()[at]);
  if (!does) return;
  event.preventDefault();
  does();
});
input.addEventListener("blur", () => setTimeout(shut, 150));
box.addEventListener("pointerdown", (event) => {
  const option = event.target.closest("[data-name]");
  event.preventDefault();
  if (option) take(option);
});

// What frame.js put back into the fields has not been looked up yet.
const wrong = document.querySelector("#call [aria-invalid=true]");
if (wrong) wrong.focus();
else if (matchMedia("(pointer: fine)").matches && !input.value) input.focus();
if (document.getElementById("call").querySelector("#problem").value || input.value) {
  document.getElementById("problem").dispatchEvent(new Event("input", { bubbles: true }));
}
tick();

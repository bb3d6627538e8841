// What every page does: the theme's switch, menus, drafts that outlive a lost session, and short words.

import { hear, tick } from "./live.js";

document.getElementById("theme")?.addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("desk-theme", root.dataset.theme); } catch { /* it holds until the page is left */ }
});

document.querySelector(".nav [aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" });

// A menu closes when somebody turns elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open], details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.who[open], details.menu[open]")) menu.open = false;
});

let fading;
export function toast(words) {
  const box = document.getElementById("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { box.hidden = true; }, 5000);
}

// What somebody writes is kept in this tab until it was taken, so that neither a reload nor a log-in loses it.
const key = (field) => `draft:${field.form.getAttribute("action")}:${field.name}`;
const kept = (form) => form.querySelectorAll("textarea[name], input[type=text][name], input[type=radio][name]");
for (const form of document.querySelectorAll("form[method=post][data-draft]")) {
  for (const field of kept(form)) {
    const draft = sessionStorage.getItem(key(field));
    if (field.type === "radio") {
      if (draft) field.checked = field.value === draft;
    } else if (draft && !field.value) {
      field.value = draft;
      field.closest("details")?.setAttribute("open", "");
    }
    field.addEventListener("input", () => sessionStorage.setItem(key(field), field.value));
  }
}
const taken = document.querySelector("[data-taken]")?.dataset.taken;
if (taken) {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(`draft:${taken}:`)) sessionStorage.removeItem(name);
  for (const form of document.querySelectorAll("form[method=post][data-draft]")) {
    if (form.getAttribute("action") === taken) for (const field of kept(form)) field.type === "radio" ? (field.checked = field.defaultChecked) : (field.value = field.defaultValue);
  }
}

// What was pressed once is not sent again by an impatient finger; the server would not mind.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const pressed = `${event.submitter?.name}=${event.submitter?.value}`;
  if (form.dataset.sent === pressed) { event.preventDefault(); return; }
  form.dataset.sent = pressed;
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A form on its way is not overtaken by what was still being looked up, which may lead to the log-in.
for (const event of ["htmx:beforeRequest", "htmx:beforeOnLoad"]) {
  document.addEventListener(event, (asked) => { if (document.querySelector("form[data-sent]")) asked.preventDefault(); });
}

// htmx: no empty parameters in addresses; the desk's clock from every answer.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const said = detail.xhr?.getResponseHeader("Desk-Now");
  if (said) hear({ headers: { get: () => said } });
});
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("htmx:sendError", () => toast("没有连上服务台，请检查网络。"));
document.addEventListener("htmx:responseError", ({ detail }) => toast(detail.xhr.status === 429 ? "操作太频繁，请稍后再试。" : "服务台暂时没有应答，请稍后再试。"));

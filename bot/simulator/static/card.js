// Template cards: what they show, and pressing them.

import { post } from "./api.js";
import { h, icon, toast } from "./dom.js";
import { link } from "./markdown.js";

const opens = (action) => action && action.type === 1 && /^https?:\/\//i.test(action.url ?? "");

export function card(message, as) {
  const shown = message.card_for[as] ?? message.card;
  const done = message.done[as] ?? message.done["*"] ?? "";
  const title = shown.main_title ?? {};
  const body = h("div", { class: "card-body" },
    shown.source?.desc && h("div", { class: "card-source" }, shown.source.desc),
    title.title && h("div", { class: "card-title" }, title.title),
    title.desc && h("div", { class: "card-desc" }, title.desc),
    shown.emphasis_content?.title && h("div", { class: "card-emphasis" },
      h("strong", {}, shown.emphasis_content.title), h("span", {}, shown.emphasis_content.desc ?? "")),
    shown.quote_area && h("blockquote", {}, h("strong", {}, shown.quote_area.title ?? ""), " ", shown.quote_area.quote_text ?? ""),
    shown.sub_title_text && h("div", { class: "card-text" }, shown.sub_title_text),
    facts(shown.horizontal_content_list ?? []),
    (shown.vertical_content_list ?? []).map((item) =>
      h("div", { class: "card-text" }, h("strong", {}, item.title ?? ""), " ", item.desc ?? "")));
  const box = h("div", { class: `card ${shown.card_type}` }, body);
  if (opens(shown.card_action)) {
    body.append(h("a", { class: "card-more", href: shown.card_action.url, target: "_blank", rel: "noopener noreferrer" }, "查看详情", icon("more")));
  }
  for (const jump of shown.jump_list ?? []) box.append(jumpRow(jump, message, as));
  const foot = actions(shown, message, as, done);
  if (foot) box.append(foot);
  return box;
}

function facts(list) {
  if (!list.length) return null;
  return h("dl", { class: "card-facts" }, list.map((fact) => [
    h("dt", {}, fact.keyname),
    h("dd", {}, fact.type === 1 && fact.url ? link(fact.url, fact.value ?? fact.url) : fact.value ?? ""),
  ]));
}

function jumpRow(jump, message, as) {
  if (jump.type === 3) {
    const ask = () => post("/sim/say", { as, chat: message.chat, text: jump.question }).catch((e) => toast(e.message));
    return h("button", { class: "card-jump", type: "button", onclick: ask }, jump.title, icon("more"));
  }
  if (opens(jump)) {
    return h("a", { class: "card-jump", href: jump.url, target: "_blank", rel: "noopener noreferrer" }, jump.title, icon("more"));
  }
  return h("div", { class: "card-jump" }, jump.title);
}

function actions(shown, message, as, done) {
  const buttons = shown.button_list ?? [];
  const choices = [...(shown.button_selection ? [shown.button_selection] : []), ...(shown.select_list ?? [])];
  const menu = shown.action_menu?.action_list ?? [];
  if (!buttons.length && !choices.length && !shown.checkbox && !menu.length) {
    return done ? h("div", { class: "card-actions" }, h("button", { class: "done", type: "button", disabled: true }, done)) : null;
  }
  if (done) return h("div", { class: "card-actions" }, h("button", { class: "done", type: "button", disabled: true }, done));
  const waiting = message.pressed[as];
  const form = h("div", { class: `card-actions columns${columns([...buttons, ...menu])}` });
  const questions = [
    ...choices.map((c) => select(c, form)),
    ...(shown.checkbox ? [options(shown.checkbox, form, message.id)] : []),
  ];
  const press = (key) => post("/sim/press", {
    as, message: message.id, key, selected: Object.fromEntries(questions.map((read) => read())),
  }).catch((e) => toast(e.message));
  for (const button of buttons) form.append(pressable(button, waiting, press));
  if (shown.submit_button) form.append(pressable({ ...shown.submit_button, style: 1 }, waiting, press));
  for (const entry of menu) form.append(pressable({ ...entry, style: 3 }, waiting, press));
  if (message.missed.includes(as)) form.append(h("div", { class: "missed" }, "机器人没有响应，请稍后再按。"));
  return form;
}

// Few and short beside each other, long ones on lines of their own.
function columns(buttons) {
  const longest = Math.max(0, ...buttons.map((b) => b.text.length));
  const fitting = longest > 7 ? 1 : longest > 5 ? 2 : 3;
  return Math.min(fitting, buttons.length === 4 ? 2 : Math.max(1, buttons.length));
}

function pressable(button, waiting, press) {
  if (button.type === 1) {
    return opens({ type: 1, url: button.url })
      ? h("a", { class: `button style${button.style ?? 1}`, href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text)
      : null;
  }
  return h("button", {
    type: "button",
    class: `button style${button.style ?? 1}${waiting === button.key ? " waiting" : ""}`,
    disabled: waiting !== undefined,
    onclick: () => press(button.key),
  }, button.text);
}

function select(question, form) {
  const field = h("select", { disabled: question.disable },
    question.option_list.map((o) => h("option", { value: o.id, selected: o.id === question.selected_id }, o.text)));
  form.append(h("label", { class: "choice" }, question.title ?? "", field));
  return () => [question.question_key, [field.value]];
}

function options(question, form, id) {
  const many = question.mode === 1;
  const boxes = question.option_list.map((o) => h("input", {
    type: many ? "checkbox" : "radio", name: `vote-${id}`, value: o.id, checked: o.is_checked, disabled: question.disable,
  }));
  form.append(h("div", { class: "votes" }, boxes.map((box, i) => h("label", {}, box, question.option_list[i].text))));
  return () => [question.question_key, boxes.filter((b) => b.checked).map((b) => b.value)];
}

// The desk's clock, and turning it: forward only.

import { post } from "./api.js";
import { h, toast } from "./dom.js";
import { state } from "./state.js";
import { now, split } from "./time.js";

export function clockPanel() {
  const time = h("div", { class: "clock-time" });
  const date = h("div", { class: "clock-date" });
  const steps = h("div", { class: "clock-steps" });

  function tick() {
    const at = split(now());
    time.replaceChildren(at.time, h("small", {}, `:${at.second}`));
    date.textContent = `${at.year}年${Number(at.month)}月${Number(at.day)}日 ${at.weekday}`;
  }

  function turn(step) {
    for (const button of steps.children) button.disabled = true;
    post("/sim/clock", { step })
      .catch((error) => toast(error.message))
      .finally(() => { for (const button of steps.children) button.disabled = false; });
  }

  steps.append(...(state.clock?.steps ?? []).map(({ step, label }) => h("button", { type: "button", onclick: () => turn(step) }, label)));
  tick();
  setInterval(tick, 1000);
  const element = h("div", { class: "panel clock" },
    h("div", { class: "clock-face" }, date, time, h("div", { class: "clock-zone" }, "北京时间 · 服务台时钟")),
    steps,
    h("p", { class: "hint" }, "工单的承诺和提醒按此时钟计算。时钟只能向前拨，到点的提醒会在几秒内送达。"));
  return { element, hear: (what) => what === "clock" && tick() };
}

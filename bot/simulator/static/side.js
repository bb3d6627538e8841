// The narrow column beside the chats: clock, guide, log and faults.

import { clockPanel } from "./clock.js";
import { h, icon } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { guidePanel } from "./guide.js";
import { logPanel } from "./log.js";
import { onChange, remember, state } from "./state.js";

const PANELS = [["clock", "时钟", clockPanel], ["guide", "导览", guidePanel], ["log", "日志", logPanel], ["faults", "故障", faultsPanel]];

export class Side {
  constructor(element) {
    this.element = element;
    this.tabs = h("div", { class: "side-tabs", role: "tablist" });
    this.body = h("div", { class: "side-body" });
    this.panels = new Map();
    element.append(this.tabs, this.body);
    onChange((what, data) => {
      if (what === "all") this.open(state.side);
      if (what === "faults") this.paintTabs();
      for (const panel of this.panels.values()) panel.hear?.(what, data);
    });
  }

  open(name) {
    state.side = name === "clock" && !state.clock ? "guide" : name;
    remember();
    this.paintTabs();
    if (!this.panels.has(state.side)) {
      const make = PANELS.find(([n]) => n === state.side)[2];
      this.panels.set(state.side, make());
    }
    const shown = this.panels.get(state.side).element;
    if (this.body.firstElementChild !== shown) this.body.replaceChildren(shown);
  }

  paintTabs() {
    const shown = PANELS.filter(([name]) => name !== "clock" || state.clock);
    this.tabs.replaceChildren(...shown.map(([name, title]) => h("button", {
      type: "button", role: "tab", "data-panel": name, "aria-selected": String(name === state.side), class: name === state.side ? "current" : "",
      onclick: () => this.open(name),
    }, title, name === "faults" && state.faults.length ? h("span", { class: "badge dot" }) : null)));
    this.tabs.append(h("button", { type: "button", class: "hide", "aria-label": "收起工具栏", onclick: () => document.querySelector('[aria-label="工具栏"]')?.click() }, icon("more")));
  }
}

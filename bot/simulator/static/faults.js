// Things that can be made to go wrong.

import { del, get, post } from "./api.js";
import { h, icon, toast } from "./dom.js";
import { state } from "./state.js";

const KINDS = {
  slow: "变慢", http: "HTTP 错误", errcode: "返回错误码", lost: "已执行，应答丢失", refused: "未执行，连接断开",
  revoked: "令牌作废", repeat: "重复投递",
};
const FIGURES = { slow: ["ms", "毫秒", 3000], http: ["status", "状态码", 502], errcode: ["errcode", "错误码", 45009] };
const isCallback = (endpoint) => endpoint.startsWith("callback/");

export function faultsPanel() {
  const endpoint = h("select", { "aria-label": "接口", onchange: kinds });
  const kind = h("select", { "aria-label": "故障", onchange: figures });
  const figure = h("input", { type: "number", "aria-label": "数值" });
  const times = h("input", { type: "number", min: 1, value: "1", "aria-label": "次数", placeholder: "直到清除" });
  const figureRow = h("label", {}, "");
  const set = h("button", { type: "button", class: "primary", disabled: true, onclick: add }, "设置");
  const list = h("div", { class: "fault-list" });
  let known = { endpoints: [] };

  function kinds() {
    const fitting = Object.keys(KINDS).filter((k) => (isCallback(endpoint.value) ? ["slow", "repeat"].includes(k) : k !== "repeat"));
    kind.replaceChildren(...fitting.map((k) => h("option", { value: k }, KINDS[k])));
    figures();
  }

  function figures() {
    const [, label, usual] = FIGURES[kind.value] ?? [];
    figureRow.replaceChildren(label ?? "", figure);
    figureRow.hidden = !label;
    figure.value = usual ?? "";
  }

  function add() {
    if (![times, figure].every((field) => field.checkValidity())) return toast("请填写整数。");
    const wanted = { endpoint: endpoint.value, kind: kind.value, times: times.value ? Number(times.value) : null };
    const [name] = FIGURES[kind.value] ?? [];
    if (name) wanted[name] = Number(figure.value);
    post("/sim/faults", wanted).catch((error) => toast(error.message));
  }

  function paint() {
    list.replaceChildren(...state.faults.map((f) => h("div", { class: "fault" },
      h("div", {}, h("strong", {}, KINDS[f.kind]), h("span", {}, `${f.endpoint} · ${f.times === null ? "直到清除" : `还有 ${f.times} 次`}`)),
      h("button", { type: "button", "aria-label": "清除", onclick: () => del(`/sim/faults?id=${f.id}`).catch((e) => toast(e.message)) }, icon("close")))));
    if (!state.faults.length) list.append(h("p", { class: "hint" }, "一切正常。"));
  }

  get("/sim/faults").then((found) => {
    known = found;
    endpoint.replaceChildren(...known.endpoints.map((e) => h("option", { value: e }, e === "*" ? "所有接口" : e)));
    kinds();
    set.disabled = false;
  }).catch((error) => toast(error.message));
  paint();
  const element = h("div", { class: "panel faults" },
    h("p", { class: "hint" }, "让企业微信出错，看服务台如何恢复。"),
    h("label", {}, "接口", endpoint), h("label", {}, "故障", kind), figureRow, h("label", {}, "次数（空为直到清除）", times),
    set, list);
  return { element, hear: (what) => (what === "faults" || what === "all") && paint() };
}

// Six steps one may follow, or ignore.

import { post } from "./api.js";
import { h, toast } from "./dom.js";
import { changed, open, state } from "./state.js";
import { split } from "./time.js";

const KEY = "simulator.guide.v1";

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY)) ?? []);
  } catch {
    return new Set();
  }
}

export function guidePanel() {
  const done = kept();
  const list = h("ol", { class: "steps" });

  function mark(index) {
    done.add(index);
    try {
      localStorage.setItem(KEY, JSON.stringify([...done]));
    } catch { /* it is then forgotten with the page */ }
    paint();
  }

  // The person and chat a step speaks of, in whatever directory this is.
  function placeOf(step) {
    const fits = (p) => (step.console ? p.console === step.console : p.side === step.side);
    const who = state.people.find(fits) ?? state.people.find((p) => p.side === step.side);
    const chat = (state.chats[who?.userid] ?? []).find((c) => c.door === step.door);
    return who && chat ? { as: who.userid, chat: chat.id } : null;
  }

  async function take(step, index) {
    mark(index);
    if (step.clock) {
      if (!state.clock) return toast("这里没有可拨动的时钟。");
      return post("/sim/clock", { step: step.clock })
        .then(({ clock }) => toast(`服务台时钟已拨到 ${split(new Date(clock.now)).time}`))
        .catch((error) => toast(error.message));
    }
    const place = placeOf(step);
    if (!place) return toast("名录里没有合适的人。");
    await open(place.as, place.chat);
    changed("chat");
    if (!step.say) return;
    changed("fill", { index: state.active, text: step.say.replaceAll("{bot}", state.aibotName) });
    toast("已替您写好，按「发送」说出去。");
  }

  function paint() {
    const next = state.guide.steps.findIndex((_, index) => !done.has(index));
    const look = (index) => (done.has(index) ? "done" : index === next ? "next" : "");
    list.replaceChildren(...state.guide.steps.map((step, index) => h("li", { class: look(index) },
      h("div", { class: "step-title" }, step.title),
      h("p", {}, step.text.replaceAll("{bot}", state.aibotName)),
      h("button", { type: "button", onclick: () => take(step, index) }, step.button))));
  }

  const again = () => {
    done.clear();
    localStorage.removeItem(KEY);
    paint();
  };
  paint();
  const more = h("ul", { class: "more" }, ...[
    ["管理后台", `${state.deskUrl}/console/`, "工单看板、来电登记、通知、报表；以您此刻扮演的人进入。"],
    ["邮件", "/mail", "服务台寄出的通知邮件，带签名的确认链接。"],
  ].map(([name, href, text]) => h("li", {}, h("a", { href, target: "_blank", rel: "noopener" }, name), h("p", {}, text))));
  const element = h("div", { class: "panel guide" },
    h("p", { class: "hint" }, "跟着做一遍约三分钟，也可以不理会，随意聊。"), list,
    h("button", { type: "button", class: "plain", onclick: again }, "重新开始"),
    h("h2", {}, "还可以看"), more);
  return { element };
}

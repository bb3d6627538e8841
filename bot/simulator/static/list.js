// Who one is (the rail), and that person's chats (the list).

import { avatar, chatAvatar } from "./avatar.js";
import { h } from "./dom.js";
import { open, pane, person, state, unreadOf, changed } from "./state.js";
import { short } from "./time.js";

const badge = (count) => (count ? h("span", { class: "badge" }, count > 99 ? "99+" : String(count)) : null);

const waiting = ({ count, any }) => badge(count) ?? (any ? h("span", { class: "badge dot faint" }) : null);

// A technician, the supervisor, the hotline: whoever is the first of a kind is seen without scrolling.
function oneOfEachFirst(people) {
  const firsts = people.filter((p, i) => p.console && people.findIndex((q) => q.console === p.console) === i);
  return [...firsts, ...people.filter((p) => !firsts.includes(p))];
}

export function paintRail(rail) {
  const me = pane().as;
  const side = (name, title) => {
    const people = oneOfEachFirst(state.people.filter((p) => p.side === name));
    if (!people.length) return [];
    return [h("div", { class: "side-name" }, title), people.map((p) => h("button", {
      type: "button", class: p.userid === me ? "me" : "", "aria-pressed": String(p.userid === me),
      title: `${p.name}（${p.company || p.job}）`, onclick: () => open(p.userid),
    }, h("span", { class: "face" }, avatar("person", p.userid), waiting(unreadOf(p.userid))), h("span", { class: "label" }, p.name)))];
  };
  const at = rail.scrollTop;
  rail.replaceChildren(...[side("partner", "伙伴"), side("staff", "客服")].flat(3));
  rail.scrollTop = at;
}

export function paintList(list) {
  const { as, chat } = pane();
  const me = person(as);
  if (!me) {
    list.replaceChildren();
    return;
  }
  const chats = [...(state.chats[as] ?? [])].sort((a, b) => (b.last?.id ?? 0) - (a.last?.id ?? 0));
  list.replaceChildren(
    h("header", { class: "me" }, avatar("person", as),
      h("div", {}, h("div", { class: "name" }, `您是 ${me.name}`), h("div", { class: "company" }, [me.company, me.job].filter(Boolean).join(" · ")))),
    h("div", { class: "chats" }, chats.map((c) => item(c, as, c.id === chat))),
    ...(nothingSaid() ? [h("button", { type: "button", class: "start", onclick: () => changed("guide") }, "第一次来？跟着导览走一遍")] : []));
}

const nothingSaid = () => Object.values(state.chats).every((chats) => chats.every((c) => !c.last));

function item(chat, as, current) {
  const go = () => { open(as, chat.id); changed("chat"); };
  return h("button", { type: "button", class: current ? "chat current" : "chat", "aria-current": current ? "true" : null, onclick: go },
    h("span", { class: "face" }, chatAvatar(chat), badge(chat.unread)),
    h("span", { class: "lines" },
      h("span", { class: "top" }, h("span", { class: "name" }, chat.name), chat.last && h("time", {}, short(chat.last.at))),
      h("span", { class: "preview" }, preview(chat, as))));
}

function preview(chat, as) {
  const last = chat.last;
  if (!last) return { group: "群聊", aibot: "机器人", app: "应用消息" }[chat.door];
  if (last.recalled) return "撤回了一条消息";
  const bare = last.kind === "markdown" ? last.text.replace(/<\/?font[^>]*>|<@[^>]*>|[#*`>]/g, "") : last.text;
  const text = bare.replace(/\s+/g, " ").trim();
  const words = { card: `[卡片] ${text}`, picture: "[图片]", mixed: `[图片] ${text}`, file: `[文件] ${text}`, voice: `[语音] ${text}` }[last.kind] ?? text;
  if (chat.door !== "group" || last.sender === as) return words;
  const name = { aibot: state.aibotName, webhook: "消息推送" }[last.voice] ?? person(last.sender)?.name ?? "";
  return `${name}：${words}`;
}

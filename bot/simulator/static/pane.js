// One chat, open: its head, its messages, and the composer.

import { post } from "./api.js";
import { chatAvatar } from "./avatar.js";
import { composer } from "./composer.js";
import { h, icon, paintInto, toast } from "./dom.js";
import { row } from "./message.js";
import { chatOf, changed, fetchChat, markRead, mayHaveMore, messagesOf, onChange, person, remember, state } from "./state.js";
import { short } from "./time.js";

const GAP_MS = 5 * 60 * 1000; // a time is written where so much lies between two messages
const NEAR = 120; // pixels from the end that still count as the end

export class Pane {
  constructor(index) {
    this.index = index;
    this.key = "";
    this.head = h("header", { class: "head" });
    this.messages = h("div", { class: "messages", role: "log", "aria-live": "polite" });
    this.log = h("div", { class: "log", tabindex: "0", onscroll: () => this.scrolled() }, this.messages);
    this.fresh = h("button", { type: "button", class: "fresh", hidden: true, onclick: () => this.toEnd() }, "有新消息");
    this.composer = composer(this);
    this.element = h("section", { class: "pane", onpointerdown: () => this.focus() },
      this.head, h("div", { class: "scroller" }, this.log, this.fresh), this.composer.element);
    this.deaf = onChange((what, data) => this.hear(what, data));
    this.rows = new Map();
    // Whoever reads the end stays there: when pictures arrive, the composer grows or the window shrinks.
    this.atEnd = true;
    this.sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.sizes.observe(this.log);
    this.sizes.observe(this.messages);
    this.show();
  }

  get place() { return state.panes[this.index]; }
  get as() { return this.place?.as; }
  get chat() { return chatOf(this.as, this.place?.chat); }

  close() {
    this.deaf();
    this.sizes.disconnect();
    this.element.remove();
  }

  focus() {
    if (state.active === this.index || !this.place) return;
    state.active = this.index;
    remember();
    changed("active");
  }

  hear(what, data) {
    if (!this.place) return;
    if (what === "message") {
      if (data.chat === this.place.chat) this.update(data);
    } else if (what === "fill" && data.index === this.index) this.composer.fill(data.text);
    else if (what === "chats") markRead(this.as, this.place.chat);
    else if (what === "all" || what === "panes") this.show();
    if (what === "active" || what === "panes" || what === "all") paintInto(this.head, () => this.paintHead());
  }

  show() {
    const key = `${this.as} ${this.place?.chat}`;
    const moved = key !== this.key;
    this.key = key;
    paintInto(this.head, () => this.paintHead());
    if (moved) this.paintAll(true);
    else paintInto(this.messages, () => this.paintAll(false));
    if (moved) this.composer.reset();
    else this.composer.suggest();
    if (this.chat) markRead(this.as, this.chat.id);
  }

  paintHead() {
    const chat = this.chat, me = person(this.as);
    this.element.classList.toggle("active", state.panes.length > 1 && state.active === this.index);
    if (!chat) {
      this.head.replaceChildren();
      return;
    }
    const many = chat.door === "group" ? `（${chat.members.length + 1}）` : "";
    const under = chat.door === "group" ? `您是 ${me.name}` : chat.door === "aibot" ? `机器人 · 您是 ${me.name}` : `应用 · 您是 ${me.name}`;
    this.head.replaceChildren(
      h("button", { type: "button", class: "back", "aria-label": "返回会话列表", onclick: () => changed("list") }, icon("back")),
      h("div", { class: "who" }, h("h2", {}, `${chat.name}${many}`), h("div", { class: "under" }, under)),
      h("div", { class: "tools" }, this.headTools()));
  }

  headTools() {
    const split = state.panes.length > 1;
    const toggle = () => {
      if (split) state.panes.splice(this.index, 1);
      else state.panes.push({ ...secondPlace(this.place) });
      state.active = split ? 0 : 1;
      if (!split && window.innerWidth < 1500) state.sideOpen = false;
      remember();
      fetchChat(state.panes.at(-1).chat).then(() => changed("panes"));
      changed("layout");
    };
    return [
      h("button", { type: "button", class: "wide", title: split ? "关闭此栏" : "并排", "aria-label": split ? "关闭此栏" : "并排", onclick: toggle }, icon(split ? "close" : "split")),
      this.index === state.panes.length - 1 && h("button", {
        type: "button", class: "wide", title: "工具栏", "aria-label": "工具栏", "aria-pressed": String(state.sideOpen),
        onclick: () => { state.sideOpen = !state.sideOpen; remember(); changed("layout"); },
      }, icon("side")),
    ];
  }

  view() {
    const chat = this.chat;
    return {
      as: this.as, group: chat?.door === "group", members: chat?.members ?? [],
      quote: (message) => this.composer.quote(message), send: (what) => this.send(what),
    };
  }

  paintAll(toEnd) {
    const end = toEnd || this.atEnd;
    const held = messagesOf(this.place?.chat);
    this.rows.clear();
    const out = [];
    if (held.length && mayHaveMore(this.place.chat)) {
      out.push(h("button", { type: "button", class: "older", onclick: () => this.older() }, "更早的消息"));
    }
    let before = null;
    for (const message of held) {
      out.push(...this.timeBetween(before, message), this.make(message));
      before = message;
    }
    if (!held.length && this.chat) out.push(this.empty());
    this.messages.replaceChildren(...out);
    this.last = before;
    if (end) this.toEnd();
  }

  empty() {
    const text = { group: `在群里 @${state.aibotName} 提问，机器人会回答`, aibot: "直接向机器人提问", app: "通知和工单会出现在这里" };
    return h("div", { class: "empty" }, chatAvatar(this.chat), h("p", {}, text[this.chat.door]));
  }

  timeBetween(before, message) {
    const apart = before ? Date.parse(message.at) - Date.parse(before.at) : Infinity;
    return apart > GAP_MS ? [h("time", { class: "notice", datetime: message.at }, short(message.at))] : [];
  }

  make(message) {
    const element = row(message, this.view());
    this.rows.set(message.id, element);
    return element;
  }

  update(message) {
    const end = this.atEnd || message.sender === this.as;
    const old = this.rows.get(message.id);
    // Where all was painted anew meanwhile, the row is another and shows this already.
    if (old) paintInto(old, () => this.rows.get(message.id) === old && old.replaceWith(this.make(message)));
    else if (this.last && message.id < this.last.id) paintInto(this.messages, () => this.paintAll(end));
    else {
      this.messages.querySelector(".empty")?.remove();
      this.messages.append(...this.timeBetween(this.last, message), this.make(message));
      this.last = message;
      if (!end) this.fresh.hidden = false;
    }
    if (end) this.toEnd();
    this.composer.suggest();
  }

  async older() {
    const height = this.log.scrollHeight;
    await fetchChat(this.place.chat, 200);
    this.paintAll(false);
    this.log.scrollTop += this.log.scrollHeight - height;
  }

  async send(what) {
    const chat = this.place.chat;
    try {
      await post("/sim/say", { as: this.as, chat, ...what });
      return true;
    } catch (error) {
      toast(error.message);
      return false;
    }
  }

  toEnd() {
    this.atEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.fresh.hidden = true;
  }

  scrolled() {
    this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
    if (this.atEnd) this.fresh.hidden = true;
  }
}

// Beside a partner's chat one usually wants to see a colleague's, and the other way round.
function secondPlace(place) {
  const side = person(place.as)?.side;
  const other = state.people.find((p) => p.side !== side) ?? person(place.as);
  const chats = state.chats[other.userid] ?? [];
  const wanted = chats.find((c) => c.door === (other.side === "staff" ? "app" : "group")) ?? chats[0];
  return { as: other.userid, chat: wanted?.id ?? place.chat };
}

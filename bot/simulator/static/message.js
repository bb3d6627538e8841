// One message as a row of the chat: who, the bubble, and what became of it.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { card } from "./card.js";
import { h, icon, toast } from "./dom.js";
import { markdown, plain, link } from "./markdown.js";
import { person, state, who } from "./state.js";
import { now } from "./time.js";

const LONG = 900; // characters after which a text is folded
const RECALL_MS = 3 * 60 * 1000;

const unfolded = new Set();

export function row(message, view) {
  const author = who(message);
  if (message.recalled) {
    const name = message.sender === view.as ? "您" : author.name;
    return h("div", { class: "notice", "data-id": message.id }, `${name}撤回了一条消息`);
  }
  const own = message.voice === "person" && message.sender === view.as;
  return h("div", { class: `row${own ? " own" : ""}`, "data-id": message.id, "data-rev": message.rev },
    avatar(author.kind, author.id),
    h("div", { class: "said" },
      view.group && !own && h("div", { class: "name" }, author.name,
        author.kind === "person" ? author.company && h("span", { class: "company" }, author.company) : h("span", { class: "tag" }, "机器人")),
      h("div", { class: "line", tabindex: "-1" }, bubble(message, view), h("div", { class: "tools" }, tools(message, own, view))),
      own && state_(message, view)));
}

function bubble(message, view) {
  const quote = message.quote && h("div", { class: "quote" }, `${message.quote.name}：`, message.quote.text);
  if (message.kind === "card") return h("div", { class: "stack" }, quote && h("div", { class: "bubble" }, quote), card(message, view.as));
  if (message.kind === "file" && message.media.length) return h("div", { class: "bubble file" }, quote, file(message));
  const pictures = message.media.map((id) => picture(id));
  if (message.kind === "picture" && !message.text) return h("div", { class: "stack" }, quote, pictures);
  const body = message.kind === "link" || message.kind === "news" ? articles(message) : words(message, view);
  return h("div", { class: `bubble ${message.kind}` }, quote, body, pictures,
    !message.finished && h("span", { class: "typing", "aria-label": "正在输入" }));
}

function words(message, view) {
  if (message.kind === "markdown") return fold(message, markdown(message.text, message.markup));
  const names = [state.aibotName, "所有人", ...view.members.map((userid) => person(userid)?.name ?? userid)];
  const called = message.mentions.map((m) => (m === "@all" ? "@所有人" : `@${person(m)?.name ?? m}`));
  const text = called.length ? `${message.text} ${called.join(" ")}` : message.text;
  const voice = message.kind === "voice" && h("div", { class: "voice" }, "语音转文字");
  return [voice, fold(message, plain(text, names))];
}

function fold(message, content) {
  const long = message.text.length > LONG || message.text.split("\n").length > 28;
  if (!long) return content;
  const open = unfolded.has(message.id);
  const holder = h("div", { class: open ? "fold open" : "fold" }, content);
  const more = h("button", {
    type: "button",
    class: "unfold",
    onclick: () => {
      const wide = holder.classList.toggle("open");
      if (wide) unfolded.add(message.id);
      else unfolded.delete(message.id);
      more.textContent = wide ? "收起" : "展开全文";
    },
  }, open ? "收起" : "展开全文");
  return [holder, more];
}

function picture(id) {
  const url = `/sim/pictures/${encodeURIComponent(id)}`;
  return h("a", { href: url, target: "_blank", rel: "noopener", class: "picture" }, h("img", { src: url, alt: "图片", loading: "lazy" }));
}

function file(message) {
  const url = `/sim/pictures/${encodeURIComponent(message.media[0])}`;
  return h("a", { href: url, download: message.text, class: "file" }, icon("file"), message.text || "文件");
}

function articles(message) {
  return message.articles.map((a) => h("div", { class: "article" },
    h("strong", {}, a.title), h("p", {}, a.description), a.url && link(a.url, a.btntxt || "详情")));
}

function tools(message, own, view) {
  const young = now() - Date.parse(message.at) < RECALL_MS;
  const recall = () => post("/sim/recall", { as: view.as, message: message.id }).catch((e) => toast(e.message));
  return [
    h("button", { type: "button", onclick: () => view.quote(message) }, "引用"),
    own && young && h("button", { type: "button", onclick: recall }, "撤回"),
  ];
}

function state_(message, view) {
  const again = () => view.send(message.kind === "file" ? { text: "", file: message.media[0] } : { text: message.text, picture: message.media[0], quote: message.quote?.id, voice: message.kind === "voice" });
  const retry = h("button", { type: "button", onclick: again }, "重新发送");
  switch (message.delivery) {
    case "sending":
      return message.attempts > 1 ? h("div", { class: "delivery" }, `正在重试（第 ${message.attempts} 次）`) : null;
    case "failed":
      return h("div", { class: "delivery bad" }, "机器人没有响应", retry);
    case "refused":
      return h("div", { class: "delivery bad" }, "机器人的回复无法显示，原因见日志", retry);
    case "busy":
      return h("div", { class: "delivery bad" }, "机器人正在处理您之前的消息，请稍后", retry);
    default:
      return null;
  }
}

// Where one writes: text, pictures, a quote, mentions, and suggestions to try.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { h, icon, toast } from "./dom.js";
import { messagesOf, person, state, who } from "./state.js";

const LARGEST_PICTURE = 10 * 1024 * 1024, LARGEST_FILE = 20 * 1024 * 1024;
const PICTURES = "image/png,image/jpeg,image/gif";

export function composer(pane) {
  let quoted = null, picture = null, found = [], chosen = 0;

  const field = h("textarea", {
    rows: 1, "aria-label": "输入消息", enterkeyhint: "send",
    oninput: () => { grow(); suggest(); }, onkeydown: key, onpaste: pasted, onblur: () => setTimeout(closeNames, 150),
  });
  const file = h("input", { type: "file", accept: PICTURES, hidden: true, onchange: () => { take(file.files[0]); file.value = ""; } });
  const names = h("div", { class: "names", role: "listbox", hidden: true });
  const extras = h("div", { class: "extras", hidden: true });
  const chips = h("div", { class: "chips" });
  const element = h("footer", {
    class: "composer",
    ondragover: (e) => e.preventDefault(),
    ondrop: (e) => { e.preventDefault(); take(e.dataTransfer.files[0]); },
  },
    chips, extras, names,
    h("div", { class: "write" },
      h("button", { type: "button", class: "tool", title: "发送图片", "aria-label": "发送图片", onclick: () => pick(PICTURES) }, icon("picture")),
      h("button", { type: "button", class: "tool", title: "发送文件", "aria-label": "发送文件", onclick: () => pick("") }, icon("file")),
      field, file,
      h("button", { type: "button", class: "send", onclick: send }, "发送")));

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  }

  // -- sending

  async function send() {
    const text = field.value.trim();
    if (!text && !picture) return;
    const what = { text, quote: quoted?.id ?? null, picture: picture?.id ?? null };
    field.value = "";
    const kept = { quoted, picture };
    quoted = picture = null;
    grow();
    paintExtras();
    closeNames();
    if (await pane.send(what)) return;
    ({ quoted, picture } = kept);
    if (!field.value) field.value = text;
    grow();
    paintExtras();
  }

  function key(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is choosing characters
    if (!names.hidden && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Escape") closeNames();
      else if (event.key.startsWith("Arrow")) {
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        paintNames();
      } else choose(found[chosen]);
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  }

  // -- mentions

  function suggest() {
    const before = field.value.slice(0, field.selectionStart);
    const at = /@([^@\s]*)$/.exec(before);
    if (!at || pane.chat?.door !== "group") return closeNames();
    const everybody = [{ kind: "aibot", id: "aibot", name: state.aibotName, note: "机器人" },
      ...pane.chat.members.filter((u) => u !== pane.as).map((u) => ({ kind: "person", id: u, name: person(u).name, note: person(u).company || person(u).job }))];
    found = everybody.filter((p) => p.name.includes(at[1]) || p.id.includes(at[1].toLowerCase()));
    chosen = 0;
    if (!found.length) return closeNames();
    paintNames();
    names.hidden = false;
  }

  function paintNames() {
    names.replaceChildren(...found.map((p, i) => h("button", {
      type: "button", role: "option", "aria-selected": String(i === chosen), class: i === chosen ? "chosen" : "",
      onpointerdown: (e) => { e.preventDefault(); choose(p); },
    }, avatar(p.kind, p.id), p.name, h("span", {}, p.note))));
    names.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  function choose(p) {
    const end = field.selectionStart;
    const before = field.value.slice(0, end).replace(/@[^@\s]*$/, `@${p.name} `);
    field.value = before + field.value.slice(end);
    field.setSelectionRange(before.length, before.length);
    closeNames();
    grow();
    field.focus();
  }

  function closeNames() { names.hidden = true; }

  // -- pictures, files and quotes

  function pick(kinds) {
    file.accept = kinds;
    file.click();
  }

  async function take(chosenFile) {
    if (!chosenFile) return;
    const form = new FormData();
    form.append("file", chosenFile);
    if (!chosenFile.type.startsWith("image/")) return sendFile(chosenFile, form);
    if (chosenFile.size > LARGEST_PICTURE) return toast("图片超过 10 MB，未发送。请压缩后再发。");
    try {
      picture = { id: (await post("/sim/picture", form)).picture, url: URL.createObjectURL(chosenFile) };
      paintExtras();
      field.focus();
    } catch (error) {
      toast(error.message);
    }
  }

  // A file is a message of its own, sent as soon as it is chosen.
  async function sendFile(chosenFile, form) {
    if (chosenFile.size > LARGEST_FILE) return toast("文件超过 20 MB，未发送。请压缩或拆分后再发。");
    try {
      await pane.send({ text: "", file: (await post("/sim/file", form)).file });
    } catch (error) {
      toast(error.message);
    }
  }

  function pasted(event) {
    const [pastedFile] = event.clipboardData.files;
    if (!pastedFile) return;
    event.preventDefault();
    take(pastedFile);
  }

  function paintExtras() {
    const drop = (what) => h("button", { type: "button", "aria-label": "移除", onclick: () => { what(); paintExtras(); } }, icon("close"));
    extras.replaceChildren(...[
      quoted && h("div", { class: "quote" }, h("span", {}, `${who(quoted).name}：${words(quoted)}`), drop(() => { quoted = null; })),
      picture && h("div", { class: "thumb" }, h("img", { src: picture.url, alt: "待发送的图片" }), drop(() => { picture = null; })),
    ].filter(Boolean));
    extras.hidden = !extras.childElementCount;
  }

  const words = (message) => message.text || message.card?.main_title?.title || "[图片]";

  // -- suggestions

  function paintChips() {
    const chat = pane.chat;
    const list = chat ? suggestions(person(pane.as), chat) : [];
    if (list.join() === [...chips.children].map((c) => c.textContent).join()) return;
    chips.replaceChildren(...list.map((text) => h("button", { type: "button", onclick: () => fill(text) }, text)));
    chips.hidden = !list.length;
  }

  function fill(text) {
    field.value = text;
    grow();
    field.focus();
  }

  return {
    element, fill, suggest: paintChips,
    quote: (message) => { quoted = message; paintExtras(); field.focus(); },
    reset: () => {
      quoted = picture = null;
      field.value = "";
      const chat = pane.chat;
      field.placeholder = chat?.door === "group" ? `在群里说，@${state.aibotName} 提问` : "输入消息";
      paintExtras();
      paintChips();
      closeNames();
      grow();
    },
  };
}

// The number of the work order this chat last spoke of; the first there ever is where it spoke of none.
function lastOrder(chat) {
  for (const message of messagesOf(chat.id).reverse()) {
    const found = /工单 (\d{4,})/.exec(message.text || message.card?.main_title?.title || "");
    if (found) return found[1];
  }
  return "1001";
}

// What a person in their place might say: the guide names suggestions by side, console and door.
export function suggestions(me, chat) {
  const { chips } = state.guide;
  const list = chips[`${me.console}.${chat.door}`] ?? chips[`${me.side}.${chat.door}`] ?? [];
  return list.map((text) => text.replaceAll("{bot}", state.aibotName).replaceAll("{order}", lastOrder(chat)));
}

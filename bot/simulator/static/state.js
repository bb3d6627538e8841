// What this page knows: the corp, who is looking at what, and the messages of the chats that are open.

import { get, post } from "./api.js";
import { setNow } from "./time.js";

export const state = {
  people: [], chats: {}, aibotName: "", appName: "", deskUrl: "", clock: null, faults: [], guide: { steps: [], chips: {} },
  panes: [{ as: "", chat: "" }], active: 0, tab: "chat", side: "guide", sideOpen: true, ready: false,
};

const messages = new Map(); // chat → Map(id → message)
const limits = new Map(); // chat → how many were asked for
const listeners = new Set();

// Returns how to stop listening.
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function changed(what, data) {
  for (const listener of [...listeners]) listener(what, data);
}

export const person = (userid) => state.people.find((p) => p.userid === userid);
export const pane = () => state.panes[state.active] ?? state.panes[0];
export const chatOf = (userid, id) => (state.chats[userid] ?? []).find((c) => c.id === id);
// What waits for a person: in private chats it is counted, in groups it is only marked.
export function unreadOf(userid) {
  const chats = state.chats[userid] ?? [];
  const count = chats.reduce((sum, c) => sum + (c.door === "group" ? 0 : c.unread), 0);
  return { count, any: count > 0 || chats.some((c) => c.unread) };
}
export const messagesOf = (chat) => [...(messages.get(chat)?.values() ?? [])].sort((a, b) => a.id - b.id);

export function who(message) {
  if (message.voice === "person") {
    const found = person(message.sender);
    return { name: found?.name ?? message.sender, company: found?.company ?? "", kind: "person", id: message.sender };
  }
  if (message.voice === "app") return { name: state.appName, kind: "app", id: "app" };
  if (message.voice === "webhook") return { name: "消息推送", kind: "webhook", id: "webhook" };
  return { name: state.aibotName, kind: "aibot", id: "aibot" };
}

// -- what is remembered between visits

const KEY = "simulator.v1";

export function remember() {
  const { panes, active, side, sideOpen } = state;
  try {
    localStorage.setItem(KEY, JSON.stringify({ panes, active, side, sideOpen }));
  } catch { /* private windows may refuse; nothing depends on it */ }
  document.cookie = `simulator_as=${encodeURIComponent(pane().as)}; path=/; SameSite=Lax`;
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

// -- loading

export async function load() {
  const fresh = await get("/sim/state");
  Object.assign(state, {
    people: fresh.people, chats: fresh.chats, aibotName: fresh.aibot_name, appName: fresh.app_name, deskUrl: fresh.desk_url,
    clock: fresh.clock, faults: fresh.faults,
  });
  state.mark = fresh.mark;
  setNow(fresh.clock?.now);
  if (!state.ready) {
    state.guide = await get("/guide.json");
    const kept = recall();
    const known = (kept.panes ?? []).filter((p) => chatOf(p.as, p.chat)).slice(0, 2);
    const first = state.people.find((p) => p.side === "partner") ?? state.people[0];
    state.panes = known.length ? known : [{ as: first?.userid ?? "", chat: state.chats[first?.userid]?.[0]?.id ?? "" }];
    state.active = Math.min(kept.active ?? 0, state.panes.length - 1);
    state.sideOpen = kept.sideOpen ?? window.innerWidth > 1080;
    state.side = kept.side ?? "guide"; // a first visit is shown what to do
    state.ready = true;
  }
  await Promise.all(state.panes.map((p) => fetchChat(p.chat)));
  changed("all");
}

let waiting = null, asked = 0, told = 0;

// Unread counts and previews, asked for at most every 200 ms however much happens. An answer that was long on
// its way does not undo a later one.
export function refreshChats() {
  waiting ??= setTimeout(async () => {
    waiting = null;
    const turn = ++asked;
    try {
      const { chats } = await get("/sim/state");
      if (turn < told) return;
      told = turn;
      state.chats = chats;
      changed("chats");
    } catch { /* the banner already says that the connection is gone */ }
  }, 200);
}

const fetching = new Set(); // for each chat on its way, a list of what is heard meanwhile

export async function fetchChat(chat, more = 0) {
  if (!chat) return;
  const limit = (limits.get(chat) ?? 80) + more;
  limits.set(chat, limit);
  const heard = [];
  fetching.add(heard);
  try {
    const found = (await get(`/sim/messages?chat=${encodeURIComponent(chat)}&limit=${limit}`)).messages;
    messages.set(chat, new Map(found.map((m) => [m.id, m])));
    heard.forEach(hold);
  } finally {
    fetching.delete(heard);
  }
}

export const mayHaveMore = (chat) => (messages.get(chat)?.size ?? 0) >= (limits.get(chat) ?? 80);

function hold(message) {
  const held = messages.get(message.chat);
  if (held && !((held.get(message.id)?.rev ?? 0) > message.rev)) held.set(message.id, message);
}

export function hearMessage(message) {
  for (const heard of fetching) heard.push(message);
  hold(message);
  changed("message", message);
  refreshChats();
}

export function forget() {
  messages.clear();
  for (const heard of fetching) heard.length = 0;
}

// -- moving about

export async function open(as, chat, index = state.active) {
  const target = chat ?? state.chats[as]?.find((c) => c.id === state.panes[index]?.chat)?.id ?? state.chats[as]?.[0]?.id;
  state.panes[index] = { as, chat: target };
  state.active = index;
  remember();
  changed("panes");
  if (!messages.has(target)) {
    await fetchChat(target);
    changed("panes");
  }
  enter(as, target);
}

export function markRead(as, chat) {
  if (document.hidden || !chatOf(as, chat)?.unread) return;
  chatOf(as, chat).unread = 0;
  post("/sim/read", { as, chat }).catch(() => {});
}

// Opening a 1:1 is told to the desk, once a visit: reloading the page is not entering again.
function enter(as, chat) {
  const door = chat?.split(":")[0];
  if (door !== "app" && door !== "aibot") return;
  try {
    if (sessionStorage.getItem(`entered ${chat}`)) return;
    sessionStorage.setItem(`entered ${chat}`, "1");
  } catch { /* told once more then */ }
  post("/sim/enter", { as, door }).catch(() => {});
}

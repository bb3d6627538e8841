// Round-square avatars: a character of the name on a colour of their own; robots have a sign instead.

import { h, icon } from "./dom.js";
import { person, state } from "./state.js";

const COLOURS = ["#4a90e2", "#5b8def", "#3aa68d", "#e08a3c", "#c9677b", "#7a78d6", "#4fa3c7", "#8a9a5b", "#b07cc6", "#5a9e6f"];
const ROBOTS = { aibot: ["bot", "#267ef0"], app: ["app", "#07a35a"], webhook: ["bell", "#e08a3c"] };

// By place in the directory, so that neighbours never look alike.
const colourOf = (userid) => COLOURS[Math.max(0, state.people.findIndex((p) => p.userid === userid)) % COLOURS.length];

// 小王 is known by 王: the first character that is not 小, 老 or 阿.
const letterOf = (name) => [...name].find((c) => !"小老阿".includes(c)) ?? [...name][0] ?? "?";

export function avatar(kind, id) {
  if (kind !== "person") {
    const [sign, colour] = ROBOTS[kind];
    return h("span", { class: "avatar robot", color: colour, "aria-hidden": "true" }, icon(sign));
  }
  return h("span", { class: "avatar", color: colourOf(id), "aria-hidden": "true" }, letterOf(person(id)?.name ?? id));
}

export function groupAvatar(members) {
  const shown = members.slice(0, 4).map((userid) =>
    h("span", { color: colourOf(userid) }, letterOf(person(userid)?.name ?? userid)));
  return h("span", { class: `avatar mosaic of${shown.length}`, "aria-hidden": "true" }, shown);
}

export function chatAvatar(chat) {
  return chat.door === "group" ? groupAvatar(chat.members) : avatar(chat.door, chat.door);
}

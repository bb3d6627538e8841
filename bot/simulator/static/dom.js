// Builds elements. Children that are strings become text nodes: nothing here ever parses HTML, so whatever
// people paste stays text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else if (name === "color") element.style.setProperty("--color", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  bot: "M12 2a1 1 0 0 1 1 1v2h4a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-3l-2 3-2-3H7a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3h4V3a1 1 0 0 1 1-1zM9 10a1.6 1.6 0 1 0 0 3.2A1.6 1.6 0 0 0 9 10zm6 0a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2z",
  app: "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm2 4v2h10V8zm0 4v2h7v-2z",
  bell: "M12 3a6 6 0 0 1 6 6v4l2 3v1H4v-1l2-3V9a6 6 0 0 1 6-6zm-2.5 15h5a2.5 2.5 0 0 1-5 0z",
  picture: "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm0 2v10.5l4-4.5 3 3 3.5-4L19 15V6zm3.5 1.5a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z",
  file: "M6 3h8l5 5v13H6zm2 2v14h9V9h-4V5z",
  split: "M4 4h16a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v12h6V6zm8 0v12h6V6z",
  side: "M4 4h16a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v12h9V6z",
  back: "M15.5 4.5 8 12l7.5 7.5 1.4-1.4L10.8 12l6.1-6.1z",
  more: "M8.5 4.5 16 12l-7.5 7.5-1.4-1.4 6.1-6.1-6.1-6.1z",
  close: "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  chat: "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm1 2.5v4.1l3 3-1.4 1.4L11 12.4V7.5z",
  guide: "M5 3h9l5 5v13H5zm2 2v14h10V9h-4V5zm2 6h6v2H9zm0 4h6v2H9z",
  log: "M4 5h16v2H4zm0 6h16v2H4zm0 6h10v2H4z",
  fault: "M12 3 22 20H2zm-1 6v5h2V9zm0 6.5V18h2v-2.5z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

let fading;

export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { box.hidden = true; }, 4000);
}

// -- painting anew

// A press must end on the element it began on, or the browser makes no click of it. What is painted anew
// under a finger would swallow the click, so it waits until the finger is up and the click was heard.
const HEARD = 80; // milliseconds from the finger's rising to a tap's click, and some

let finger = null;
const waiting = new Map();

document.addEventListener("pointerdown", (event) => { finger = event; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    const ended = finger;
    setTimeout(() => {
      if (finger !== ended) return; // Another press has begun, and what waits waits for its end.
      finger = null;
      const paints = [...waiting.values()];
      waiting.clear();
      for (const paint of paints) paint();
    }, HEARD);
  }, true);
}

export function paintInto(element, paint) {
  if (finger && element.contains(finger.target)) waiting.set(element, () => paint(element));
  else paint(element);
}

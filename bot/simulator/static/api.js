// The control API, and the live stream of what happens.

export class Refused extends Error {}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined || body instanceof FormData ? {} : { "Content-Type": "application/json" },
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
    });
  } catch {
    throw new Refused("网络已断开，未发送。请稍后再试。");
  }
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.error || `请求失败（${answer.status}）。`);
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const del = (path) => call("DELETE", path);

const KINDS = ["hello", "message", "read", "log", "faults", "clock", "reset"];
const GIVE_UP_MS = 25000; // the server speaks at least every ten seconds

// Calls hear(kind, data) for every event and online(true | false) when the stream comes or goes.
// It resumes after the event `last`.
export function listen(hear, online, last) {
  let source = null, retry = null, silence = null;

  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(() => reopen(0), GIVE_UP_MS);
  };
  const open = () => {
    source = new EventSource(`/sim/events?last=${encodeURIComponent(last)}`);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId || last;
        alive();
        if (kind === "hello") online(true);
        hear(kind, JSON.parse(event.data));
      });
    }
    source.addEventListener("beat", alive);
    source.addEventListener("error", () => { online(false); reopen(1000); });
    alive();
  };
  const shut = () => {
    clearTimeout(retry);
    clearTimeout(silence);
    source?.close();
    source = null;
  };
  const reopen = (ms) => {
    shut();
    retry = setTimeout(open, ms);
  };
  // A browser allows six connections to one server: a hidden page gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? shut() : source || reopen(0)));
  window.addEventListener("online", () => reopen(0));
  open();
}

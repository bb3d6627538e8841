// Desk time, as the server has it, and due moments counting down by it. What the machine slept is counted.

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
let ahead = Date.parse(document.body.dataset.now) - Date.now();

export const deskNow = () => Date.now() + ahead;

export function hear(response) {
  const said = Date.parse(response.headers.get("Desk-Now") ?? "");
  if (!Number.isNaN(said)) ahead = said - Date.now();
}

const two = (n) => String(n).padStart(2, "0");

// 剩 9:07 by the second within the hour, 剩 3 小时 12 分钟 beyond it, 超时 0:41 after it.
export function words(ms) {
  const late = ms < 0, whole = Math.abs(ms);
  const said = whole < HOUR
    ? `${Math.floor(whole / MINUTE)}:${two(Math.floor((whole % MINUTE) / 1000))}`
    : whole < DAY
      ? `${Math.floor(whole / HOUR)} 小时 ${Math.floor((whole % HOUR) / MINUTE)} 分`
      : `${Math.floor(whole / DAY)} 天 ${Math.floor((whole % DAY) / HOUR)} 小时`;
  return `${late ? "超时" : "剩"} ${said}`;
}

// As bot/console/show.py judges.
const heat = (ms) => (ms < 0 ? "over" : ms < 10 * MINUTE ? "hot" : ms < HOUR ? "near" : "calm");

export function tick() {
  const now = deskNow();
  for (const time of document.querySelectorAll("time.left[data-due]")) {
    const ms = Date.parse(time.dataset.due) - now;
    const text = words(ms);
    if (time.textContent !== text) time.textContent = text;
    const holder = time.closest(".over, .hot, .near, .calm");
    const now_ = heat(ms);
    if (holder && !holder.classList.contains(now_)) {
      holder.classList.remove("over", "hot", "near", "calm");
      holder.classList.add(now_);
    }
  }
  const clock = document.getElementById("desk-clock");
  if (clock) {
    const at = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(now);
    const part = (type) => at.find((p) => p.type === type)?.value ?? "";
    const text = `${part("month")}月${part("day")}日（${part("weekday")}） ${part("hour")}:${part("minute")}`;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => document.hidden || tick());

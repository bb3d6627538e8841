// Moments as people here read them: Asia/Shanghai, on the clock the desk goes by.

const ZONE = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", weekday: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

export function split(moment) {
  const found = Object.fromEntries(parts.formatToParts(moment).map((p) => [p.type, p.value]));
  return { ...found, date: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}` };
}

let base = Date.now(), since = performance.now();

export function setNow(iso) {
  base = iso ? Date.parse(iso) : Date.now();
  since = performance.now();
}

export const now = () => new Date(base + performance.now() - since);

export function short(iso) {
  const then = split(new Date(iso)), today = split(now());
  if (then.date === today.date) return then.time;
  if (then.date === split(new Date(now() - 86400000)).date) return `昨天 ${then.time}`;
  const day = `${Number(then.month)}月${Number(then.day)}日`;
  return then.year === today.year ? `${day} ${then.time}` : `${then.year}年${day} ${then.time}`;
}

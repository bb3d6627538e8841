// Charts of what the tables beside them say, drawn anew where the window or the theme changes; and printing.

const root = document.documentElement;
const drawn = new Map();
const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

function axes(chart) {
  const line = { stroke: colour("--line"), width: 1 };
  const axis = { stroke: colour("--soft"), grid: line, ticks: { show: false }, font: `12px ${getComputedStyle(root).fontFamily}` };
  const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000];
  return [
    { ...axis, grid: { show: false }, incrs: whole, size: 28, space: chart.draws === "bars" ? 40 : 52, values: (_, at) => at.map((i) => chart.labels[i] ?? "") },
    chart.draws === "lines"
      ? { ...axis, size: 52, values: (_, at) => at.map((v) => `${Math.round(v * 100)}%`) }
      : { ...axis, size: 52, incrs: whole },
  ];
}

function options(chart, box) {
  const lines = chart.draws === "lines";
  const said = chart.series.flatMap((one) => one.values).filter((value) => value !== null);
  const low = Math.max(0, Math.floor(Math.min(...said, 0.95) * 10) / 10);
  const shown = (value) => (value == null ? "–" : lines ? `${(value * 100).toFixed(1)}%` : value);
  return {
    width: box.clientWidth,
    height: box.clientHeight - (lines ? 30 * Math.ceil((chart.series.length + 1) / Math.max(1, Math.floor(box.clientWidth / 150))) : 0),
    cursor: { y: false, drag: { x: false, y: false } },
    legend: { show: lines, live: matchMedia("(hover: hover)").matches, markers: { width: 2, dash: (plot, i) => (plot.series[i].dash ? "dashed" : "solid") } },
    padding: [12, 12, 0, 0],
    scales: {
      x: { time: false, range: (_, from, to) => [from - 0.5, to + 0.5] },
      y: { range: () => (lines ? [low, 1.01] : [0, Math.max(...said) * 1.08]) },
    },
    axes: axes(chart),
    series: [
      { label: chart.unit, value: (_, i) => chart.labels[i] ?? "–" },
      ...chart.series.map((one) => {
        const stroke = colour(`--chart-${one.colour}`);
        return lines
          ? { label: one.name, stroke, width: 2, dash: one.dash ? [6, 4] : undefined, spanGaps: true, points: { show: true, size: 6, fill: stroke }, value: (_, v) => shown(v) }
          : { label: one.name, stroke, fill: stroke, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.75, 36] }), value: (_, v) => shown(v) };
      }),
    ],
  };
}

function draw(box) {
  const chart = JSON.parse(box.dataset.chart);
  drawn.get(box)?.destroy();
  const data = [chart.labels.map((_, i) => i), ...chart.series.map((one) => one.values)];
  drawn.set(box, new uPlot(options(chart, box), data, box));
}

const boxes = [...document.querySelectorAll("[data-chart]")];
if (boxes.length) {
  const widths = new Map();
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (widths.get(target) === target.clientWidth) continue;
      widths.set(target, target.clientWidth);
      draw(target);
    }
  });
  for (const box of boxes) watch.observe(box);
  new MutationObserver(() => boxes.forEach(draw)).observe(root, { attributeFilter: ["data-theme"] });
}

const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Tokens per second, and the last minute of them; a dashed line stands where a model moved.

const samples = 120, width = 240, height = 48;
const space = "http://www.w3.org/2000/svg";
const svg = document.getElementById("spark");
const rates = [];
let swaps = [];
let count = 0;

const shape = (name, style, attributes = {}) => {
  const element = document.createElementNS(space, name);
  element.setAttribute("class", style);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

export function sample(rate) {
  rates.push(rate);
  count++;
  if (rates.length > samples) rates.shift();
  swaps = swaps.filter(at => count - at < samples);
  document.getElementById("rate").textContent = rate >= 100 ? Math.round(rate) : rate.toFixed(1).replace(/\.0$/, "");
  draw();
}

export function moved() { swaps.push(count); draw(); }

function draw() {
  const most = Math.max(1, ...rates) * 1.1;
  const x = i => width - (rates.length - 1 - i) * width / (samples - 1);
  const points = rates.map((rate, i) => `${x(i).toFixed(1)},${(height - rate / most * height).toFixed(1)}`);
  const parts = [shape("line", "base", { x1: 0, y1: height, x2: width, y2: height })];
  if (points.length > 1) {
    parts.push(shape("polygon", "area", { points: `${x(0).toFixed(1)},${height} ${points.join(" ")} ${width},${height}` }), shape("polyline", "line", { points: points.join(" ") }));
  }
  for (const at of swaps) {
    const place = x(rates.length - 1 - (count - at)).toFixed(1);
    parts.push(shape("line", "swap", { x1: place, y1: 0, x2: place, y2: height }));
  }
  svg.replaceChildren(...parts);
}

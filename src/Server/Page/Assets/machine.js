// What the model runs on: live, from the server's events.

import { ask, events, get, post } from "./server.js";
import { mark, useModel } from "./talk.js";
import { moved, sample } from "./speed.js";

const byId = id => document.getElementById(id);
const [model, place, dot, target, layers, go, picture, trouble] = ["model", "place", "dot", "target", "layers", "go", "picture", "trouble"].map(byId);

let state = null;
let devices = { devices: [] };
let drawn = "";
let opened = "";
let changing = false;
let lastMark = null;

export function start() {
  byId("move").addEventListener("submit", change);
  byId("look").addEventListener("click", look);
  model.addEventListener("change", () => { useModel(model.value); show(); });
  target.addEventListener("change", limits);
  byId("toggle").addEventListener("click", () => {
    const open = byId("machine").classList.toggle("open");
    byId("toggle").setAttribute("aria-expanded", String(open));
    draw();
  });
  new ResizeObserver(() => draw()).observe(picture);
  listen();
}

async function listen() {
  for (;;) {
    try {
      for await (const event of events(await ask("admin/events"))) {
        trouble.hidden = true;
        receive(event);
      }
    } catch (failure) {
      if (failure.status) {
        // The server answers, but does not let this page administer it.
        place.textContent = "the machine is not shown";
        byId("moved").textContent = failure.message;
        byId("unlock").hidden = failure.status !== 401;
        await models();
        if (failure.status !== 503) return;
      }
    }
    dot.className = "dot";
    trouble.textContent = "The connection to the server is lost. Trying again.";
    trouble.hidden = false;
    await new Promise(again => setTimeout(again, 1500));
  }
}

/** Without administration there is the list of models still. */
async function models() {
  const list = await get("v1/models").catch(() => ({ data: [] }));
  offer(list.data.map(m => m.id));
}

function receive(event) {
  if (event.type === "state") {
    state = event.state;
    offer(state.models.filter(m => m.purpose !== "Embedding").map(m => m.name));
    show();
    sample(current()?.tokensPerSecond ?? 0);
  } else if (event.type === "model") {
    const what = event.model;
    if (["Moved", "FailedOver", "RolledBack"].includes(what.kind)) {
      if (what.model === current()?.file) {
        lastMark = mark(way(what));
        moved();
      }
    }
    tell(event.time, `${words(what.kind)}: ${way(what)}`, true);
  } else if (event.type === "backend") {
    tell(event.time, `${event.backend.backend}, generation ${event.backend.generation}: ${event.backend.to.toLowerCase()}`);
  } else if (event.type === "progress" && event.progress.total > 0) {
    byId("moved").textContent = `${event.progress.stage.toLowerCase()} ${bytes(event.progress.done)} of ${bytes(event.progress.total)} on ${event.progress.device}`;
  }
}

const current = () => state?.models.find(m => m.name === model.value);

/** "cpu (generation 1)" and "cpu (generation 2)" differ in the number alone. */
function way({ from, to }) {
  const name = text => text.replace(/ \(generation \d+\)/g, "");
  const number = text => text.replace(/^.*\(generation (\d+)\).*$/, "$1");
  return name(from) === name(to) ? `${name(to)}, generation ${number(from)} → ${number(to)}` : `${name(from)} → ${name(to)}`;
}

const words = kind => ({ Moved: "moved", Refused: "refused", FailedOver: "failed over", Stranded: "stranded", RolledBack: "rolled back", Settled: "settled" })[kind] ?? kind;

function offer(names) {
  if (names.join("\n") === [...model.options].map(o => o.value).join("\n")) return;
  const before = model.value;
  model.replaceChildren(...names.map(name => new Option(name, name)));
  if (names.includes(before)) model.value = before;
  useModel(model.value);
}

function show() {
  const known = current();
  dot.className = changing ? "dot busy" : known?.place ? "dot good" : "dot";
  place.textContent = known?.place?.replace(/\(generation (\d+)\)/g, "· generation $1") ?? "loading…";
  byId("queue").textContent = known?.slots ? `${known.writing} of ${known.slots} slots writing${known.waiting ? `, ${known.waiting} waiting` : ""}; ${known.generatedTokens.toLocaleString("en")} tokens so far` : "";
  const memory = known?.memory;
  byId("memory").textContent = memory
    ? [`${bytes(memory.mapped)} mapped`, `${bytes(memory.committed)} in host memory`, memory.onDevice && `${bytes(memory.onDevice)} on devices`, `${bytes(memory.locked)} locked`,
        memory.notLocked > 0 && `${bytes(memory.notLocked)} not locked as wished`].filter(Boolean).join(", ") + (memory.measured ? "; measured from the system" : "")
    : "";
  const active = JSON.stringify(state.backends.map(b => [b.id, b.state, b.generation, b.devices]));
  if (active !== opened) {
    opened = active;
    get("admin/devices").then(list => { devices = list; listDevices(); }).catch(() => {});
  }
  draw();
  targets();
}

function listDevices() {
  byId("devices").replaceChildren(...devices.devices.map(device => {
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = device.name;
    item.append(name);
    const backend = state.backends.find(b => b.id === device.name.split(":")[0]);
    const line = document.createElement("p");
    line.className = "fine";
    line.textContent = [device.description, device.freeBytes != null && device.freeBytes < 2 ** 60 && `${bytes(device.freeBytes)} free`, backend && `version ${backend.version}, generation ${backend.generation}`].filter(Boolean).join("; ");
    item.append(line);
    return item;
  }));
  targets();
  badges();
}

function targets() {
  const known = current();
  if (!known) return;
  const places = devices.devices.map(d => ["place:" + d.name, known.devices.length === 1 && known.devices[0] === d.name ? `${d.name} (here now)` : d.name]);
  const anew = state.backends.filter(b => known.devices.some(d => d.split(":")[0] === b.id)).map(b => ["swap:" + b.id, `${b.id}: load the plugin anew`]);
  const key = JSON.stringify([places, anew]);
  if (key === target.dataset.key) return;
  target.dataset.key = key;
  const before = target.value;
  const group = (label, options) => {
    const element = document.createElement("optgroup");
    element.label = label;
    element.append(...options.map(([value, text]) => new Option(text, value)));
    return element;
  };
  target.replaceChildren(group("Exchange the backend", anew), group("Put the model on", places));
  if ([...target.options].some(o => o.value === before)) target.value = before;
  limits();
  badges();
}

/** Says which devices the model uses. */
function badges() {
  const used = current()?.devices ?? [];
  for (const item of byId("devices").children) {
    item.querySelector(".used")?.remove();
    const name = item.querySelector("b");
    if (!used.includes(name.textContent)) continue;
    const badge = document.createElement("span");
    badge.className = "used";
    badge.textContent = "in use";
    name.after(badge);
  }
}

function limits() { layers.disabled = !target.value.startsWith("place:"); }

async function change(event) {
  event.preventDefault();
  if (changing || !target.value) return;
  const split = target.value.indexOf(":");
  const [what, name] = [target.value.slice(0, split), target.value.slice(split + 1)];
  changing = go.disabled = true;
  lastMark = null;
  byId("moved").textContent = what === "swap" ? `Loading ${name} beside the one at work…` : `Loading on ${name} beside…`;
  show();
  try {
    const query = `?model=${encodeURIComponent(model.value)}`;
    const done = what === "swap" ? await post("admin/swap", { backend: name })
      : await post(`admin/place${query}`, { backend: name, ...(Number.isFinite(layers.valueAsNumber) ? { gpuLayers: layers.valueAsNumber } : {}) });
    const move = done.models.find(m => m.model === current()?.file) ?? done.models[0];
    if (!move) byId("moved").textContent = `${name} is exchanged; no model used it.`;
    else {
      const pause = `${move.pauseMilliseconds.toFixed(move.pauseMilliseconds < 10 ? 1 : 0)} ms`;
      const fates = move.sessions.length === 0 ? "no text was under way" : "texts under way: " + move.sessions.map(s => s.fate.toLowerCase()).filter((f, i, all) => all.indexOf(f) === i).join(", ");
      byId("moved").textContent = `${way(move)}. No step ran for ${pause}; ${fates}. ${move.notes.join(" ")}`;
      if (lastMark) lastMark.textContent += ` · ${pause}`;
    }
  } catch (failure) {
    byId("moved").textContent = failure.message;
  } finally {
    changing = go.disabled = false;
    if (state) show();
  }
}

async function look() {
  const button = byId("look");
  button.disabled = true;
  try {
    devices = await post("admin/devices", { all: true });
    listDevices();
  } catch (failure) {
    byId("moved").textContent = failure.message;
  } finally {
    button.disabled = false;
  }
}

/** The picture is asked for anew when the model has moved, or there is another width for it. */
async function draw() {
  const known = current();
  const width = Math.round(picture.clientWidth / 10) * 10;
  if (!known?.deployment || width === 0) return;
  const wanted = `admin/picture?part=true&width=${width}&model=${encodeURIComponent(known.name)}#${known.deployment}`;
  if (wanted === drawn) return;
  drawn = wanted;
  picture.classList.add("changing");
  try {
    const text = await (await ask(wanted.split("#")[0])).text();
    if (wanted !== drawn) return;
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    picture.replaceChildren(document.importNode(svg, true));
  } catch {
    drawn = "";
  } finally {
    picture.classList.remove("changing");
  }
}

function tell(time, text, isStrong = false) {
  const list = byId("events");
  if (!list.querySelector("time")) list.replaceChildren();
  const item = document.createElement("li");
  const clock = document.createElement("time");
  clock.dateTime = time;
  clock.textContent = new Date(time).toLocaleTimeString("en-GB");
  item.append(clock, text);
  if (isStrong) item.className = "strong";
  list.prepend(item);
  while (list.children.length > 12) list.lastElementChild.remove();
}

function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; count >= 1024 && unit < units.length - 1; unit++) count /= 1024;
  return `${count.toLocaleString("en", { maximumFractionDigits: 1 })} ${units[unit]}`;
}

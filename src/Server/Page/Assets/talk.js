// The conversation. What a model writes is put into text nodes and nowhere else.

import { ask, events } from "./server.js";

const byId = id => document.getElementById(id);
const [log, message, send, stop, again, say] = ["log", "message", "send", "stop", "again", "say"].map(byId);

const turns = [];
let model = null;
let writing = null;

export function useModel(name) { model = name; }

export function isWriting() { return writing !== null; }

/** Marks in the text being written, or just written, that something happened at this place. Gives the mark, or null if there is no text. */
export function mark(text) {
  if (!writing) return null;
  writing.flush();
  const span = document.createElement("span");
  span.className = "mark";
  span.setAttribute("role", "note");
  span.textContent = text;
  writing.text.append(span);
  writing.node = null;
  say.textContent = `${text}. The text goes on.`;
  scroll();
  return span;
}

export function start() {
  byId("composer").addEventListener("submit", submit);
  message.addEventListener("keydown", key => {
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      byId("composer").requestSubmit();
    }
  });
  message.addEventListener("input", grow);
  document.addEventListener("keydown", key => { if (key.key === "Escape" && writing && !byId("door").open) writing.abort.abort(); });
  stop.addEventListener("click", () => writing?.abort.abort());
  again.addEventListener("click", retry);
  byId("fresh").addEventListener("click", clear);
  message.focus();
}

function submit(event) {
  event.preventDefault();
  const text = message.value.trim();
  if (!text || writing) return;
  message.value = "";
  grow();
  byId("empty").hidden = true;
  turns.push({ role: "user", content: text, element: show("user", text).turn });
  write();
}

function retry() {
  if (writing || turns.length === 0) return;
  if (turns.at(-1).role === "assistant") turns.pop().element.remove();
  if (turns.at(-1)?.role === "user") write();
}

function clear() {
  writing?.abort.abort();
  turns.length = 0;
  log.querySelectorAll(".turn").forEach(turn => turn.remove());
  byId("empty").hidden = false;
  again.hidden = true;
  message.focus();
}

async function write() {
  const { turn, text } = show("assistant", "");
  const answer = { role: "assistant", content: "", element: turn };
  turns.push(answer);
  const me = writing = { abort: new AbortController(), text, node: null, pending: "", frame: 0, flush: () => flush(me) };
  turn.classList.add("writing");
  log.setAttribute("aria-busy", "true");
  [send.hidden, stop.hidden, again.hidden] = [true, false, true];
  const begun = performance.now();
  let usage = null, reason = null, thought = null;
  try {
    const response = await ask("v1/chat/completions", { body: request(), signal: me.abort.signal });
    for await (const document of events(response)) {
      if (document.error) throw new Error(document.error.message);
      usage = document.usage ?? usage;
      const choice = document.choices?.[0];
      if (!choice) continue;
      reason = choice.finish_reason ?? reason;
      if (choice.delta?.reasoning_content) (thought ??= aside(turn)).append(choice.delta.reasoning_content);
      if (!choice.delta?.content) continue;
      answer.content += choice.delta.content;
      me.pending += choice.delta.content;
      me.frame ||= requestAnimationFrame(() => flush(me));
    }
    finish(turn, [reason === "length" ? "cut at the most tokens" : null, usage && `${usage.completion_tokens} tokens in ${((performance.now() - begun) / 1000).toFixed(1)} s`]);
    say.textContent = "The answer is complete.";
  } catch (failure) {
    const stopped = me.abort.signal.aborted;
    finish(turn, [stopped ? "stopped" : null], stopped ? null : failure.message);
    say.textContent = stopped ? "Stopped." : failure.message;
  } finally {
    flush(me);
    writing = null;
    if (!answer.content) turns.splice(turns.indexOf(answer), 1);
    turn.classList.remove("writing");
    log.removeAttribute("aria-busy");
    const hadFocus = document.activeElement === stop;
    [send.hidden, stop.hidden, again.hidden] = [false, true, false];
    if (hadFocus) message.focus();
    scroll();
  }
}

function request() {
  const messages = turns.slice(0, -1).map(({ role, content }) => ({ role, content }));
  const system = byId("system").value.trim();
  if (system) messages.unshift({ role: "system", content: system });
  const number = (id, otherwise) => Number.isFinite(byId(id).valueAsNumber) ? byId(id).valueAsNumber : otherwise;
  return { model, messages, stream: true, stream_options: { include_usage: true }, temperature: number("temperature", undefined), max_tokens: number("length", undefined) };
}

function show(role, content) {
  const turn = document.createElement("article");
  turn.className = `turn ${role}`;
  turn.setAttribute("aria-label", role === "user" ? "You" : "Answer");
  const text = document.createElement("div");
  text.className = "text";
  text.append(content);
  turn.append(text);
  log.append(turn);
  log.scrollTop = log.scrollHeight;
  return { turn, text };
}

function aside(turn) {
  const element = document.createElement("div");
  element.className = "thought";
  turn.prepend(element);
  return element;
}

function finish(turn, facts, failure) {
  const line = document.createElement("p");
  line.className = failure ? "failure" : "fine";
  line.textContent = failure ?? facts.filter(Boolean).join(", ");
  if (line.textContent) turn.append(line);
}

/** Puts what has come into the text, at most once a frame. */
function flush(me) {
  if (me.frame) cancelAnimationFrame(me.frame);
  me.frame = 0;
  if (!me.pending) return;
  if (!me.node) me.text.append(me.node = document.createTextNode(""));
  me.node.appendData(me.pending);
  me.pending = "";
  scroll();
}

/** Follows the text, unless the reader has gone back in it. */
function scroll() {
  if (log.scrollHeight - log.scrollTop - log.clientHeight < 120) log.scrollTop = log.scrollHeight;
}

function grow() {
  message.style.height = "auto";
  message.style.height = `${message.scrollHeight}px`;
}

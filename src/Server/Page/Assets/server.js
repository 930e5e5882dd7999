// Speaks to the server: JSON there and back, and answers in events. Addresses are relative, so that the page works under any prefix.

const store = "hotplug-key";
let askForKey = async () => false;

/** What is called when the server wants a key; answers whether there is one now. */
export function whenLocked(ask) { askForKey = ask; }

export function keepKey(key) { sessionStorage.setItem(store, key); }

function headers(body) {
  const all = {};
  const key = sessionStorage.getItem(store);
  if (key) all.Authorization = `Bearer ${key}`;
  if (body !== undefined) all["Content-Type"] = "application/json";
  return all;
}

/** Asks; gives the response, or throws what the server said. */
export async function ask(path, { body, signal } = {}) {
  for (;;) {
    const response = await fetch(path, { method: body === undefined ? "GET" : "POST", headers: headers(body), body: body === undefined ? undefined : JSON.stringify(body), signal });
    if (response.ok) return response;
    const said = await response.json().catch(() => null);
    const failure = new Error(said?.error?.message ?? said?.detail ?? `The server answered ${response.status}.`);
    failure.status = response.status;
    if (response.status !== 401 || !await askForKey()) throw failure;
  }
}

export async function get(path) { return (await ask(path)).json(); }

export async function post(path, body) { return (await ask(path, { body })).json(); }

/** The documents of an answer in events, as they come. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
        const data = rest.slice(0, end).split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5).trimStart()).join("\n");
        if (data === "[DONE]") return;
        if (data) yield JSON.parse(data);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Puts the page together.

import * as machine from "./machine.js";
import * as talk from "./talk.js";
import { keepKey, whenLocked } from "./server.js";

const byId = id => document.getElementById(id);
const door = byId("door");
let answer = null;

/** One question for a key at a time, whoever asks. */
whenLocked(() => answer ??= new Promise(resolve => {
  byId("key").value = "";
  door.showModal();
  const end = given => {
    answer = null;
    byId("unlock").hidden = given;
    if (door.open) door.close();
    resolve(given);
  };
  byId("door-form").onsubmit = event => {
    event.preventDefault();
    keepKey(byId("key").value);
    end(true);
  };
  byId("leave").onclick = () => end(false);
  door.oncancel = () => end(false);
}));
byId("unlock").addEventListener("click", () => location.reload());

talk.start();
machine.start();

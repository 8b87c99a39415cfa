// Reports that are not at the server yet. Each is kept sealed, so this phone cannot read it; while the day key is open
// a copy under that key lets one go on typing. A draft goes away when the server has it, or when somebody discards it.
//
// state: "unfinished" while typing · "waiting" to be sent · "posted" by its page, without an answer yet
// problem: null, or what the server said: {kind, text, errors, url}

import * as store from "./store.js";
import { seal } from "./sealing.js";
import { locked, unlocked } from "./daykey.js";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("outreach") : null;
if (channel) channel.onmessage = () => document.dispatchEvent(new CustomEvent("outreach:drafts"));

function tell() {
  document.dispatchEvent(new CustomEvent("outreach:drafts"));
  channel?.postMessage("drafts");
}

/** A new number for a draft; the server takes each once. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Now, by the server's clock as far as it is known. */
export async function now() {
  return new Date(Date.now() + ((await store.setting("ahead")) || 0)).toISOString();
}

/** Keep what was typed. `draft`: {id, person, step, reference, path, fields, seen, state}; `dayKey` if one is open. */
export async function keep(draft, dayKey) {
  const server = await store.setting("seal");
  if (!server) throw new Error("no key to seal to yet");
  const { id, person, step, reference, path, fields, seen, state } = draft;
  const at = await now();
  const inside = { id, step, fields, seen, at, finished: state !== "unfinished" };
  const sealed = await seal(server, draft, inside);
  const copy = dayKey ? await locked(dayKey, inside) : null;
  await store.put("drafts", { id, person, step, reference, path, at, state, sealed, copy, problem: null });
  tell();
}

export const find = (id) => store.get("drafts", id);

/** All drafts, oldest first. */
export async function all() {
  return (await store.all("drafts")).sort((one, other) => one.at.localeCompare(other.at));
}

/** The draft of this person about a step, newest first. */
export async function about(person, step) {
  return (await all()).filter((one) => one.person === person && one.step === step).pop();
}

/** What one typed, if the day key that kept it is open; else null. */
export async function readCopy(draft, dayKey) {
  if (!draft.copy || !dayKey) return null;
  return unlocked(dayKey, draft.copy).catch(() => null);
}

export async function change(id, values) {
  const changed = await store.update("drafts", id, (found) => ({ ...found, ...values }));
  tell();
  return changed;
}

/** Gone for good: the server has it, or somebody chose to throw it away. */
export async function drop(id) {
  await store.remove("drafts", id);
  tell();
}

/** The visits were taken along anew, under another day key: what was typed goes over to it. */
export async function rekey(oldKey, newKey) {
  for (const draft of await store.all("drafts")) {
    const read = await readCopy(draft, oldKey);
    if (!read) continue;
    const copy = await locked(newKey, read);
    await store.update("drafts", draft.id, (found) => ({ ...found, copy }));
  }
}

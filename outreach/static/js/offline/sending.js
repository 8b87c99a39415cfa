// Brings drafts to the server. Each has a number the server takes once, so sending twice is harmless; a lock lets one
// tab try at a time, and the next one finds what is left. What is not answered stays: only the server's yes takes a
// draft away.

import * as drafts from "./drafts.js";
import { remember } from "./store.js";
import { wipeAsTold } from "./vault.js";

const PATIENCE = 12_000; // milliseconds; in a stairwell a connection often hangs rather than fails

async function ask(path, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), options.patience || PATIENCE);
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options });
  } finally {
    clearTimeout(timer);
  }
}

/** Who the server says we are: {person, csrf, ...}, or {signedOut: true}, or {unreachable: true}. */
export async function hello(patience) {
  try {
    const answer = await ask("/offline/hello", { patience });
    if (answer.status === 401) return { signedOut: true };
    if (!answer.ok) return { unreachable: true };
    const said = await answer.json();
    await remember({ seal: said.seal, person: said.person }).catch(() => {});
    await wipeAsTold(said).catch(() => {});
    return said;
  } catch {
    return { unreachable: true };
  }
}

/** POST as JSON. Gives {status, ...what it said}; status 0 when nobody answered as Outreach does. */
export async function post(path, csrf, body) {
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
    const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
    const said = await answer.json().catch(() => null);
    return said ? { ...said, status: answer.status } : { status: answer.status >= 400 && answer.status < 500 ? -1 : 0 };
  } catch {
    return { status: 0 };
  }
}

export const envelope = ({ id, person, step, sealed }) => ({ id, person, step, sealed });

/** A draft that may go by itself: finished, and not one the server already sent back. */
export const isWaiting = (draft) => draft.state !== "unfinished" && !draft.problem;

/** Send what waits. Gives {sent: [{draft, ...answer}], who}; `who` is undefined when there was nothing to send. */
export async function sendAll() {
  if (!navigator.locks) return sendWaiting();
  return navigator.locks.request("outreach-sending", sendWaiting);
}

async function sendWaiting() {
  const waiting = (await drafts.all()).filter(isWaiting);
  if (!waiting.length) return { sent: [] };
  const who = await hello();
  const sent = [];
  if (!who.person) return { sent, who };
  for (const draft of waiting.filter((one) => one.person === who.person)) {
    const answer = await post("/offline/reports", who.csrf, envelope(draft));
    if (answer.status === 401) return { sent, who: { signedOut: true } };
    if (answer.status === 0) return { sent, who: { unreachable: true } };
    if (await settled(draft, answer)) sent.push({ draft, ...answer });
  }
  return { sent, who };
}

/** What the answer means for the draft; whether the server has it now. */
async function settled(draft, answer) {
  if (answer.status === 200) {
    await drafts.drop(draft.id);
    return true;
  }
  if (answer.status === -1) return false; // not understood as ours, such as a token that ran out: next time
  const kind = { 422: "incomplete", 403: "other", 404: "refused", 409: "refused" }[answer.status] || "unreadable";
  const { text = "", errors = {}, url = "" } = answer;
  if (kind !== "other") await drafts.change(draft.id, { problem: { kind, text, errors, url } });
  return false;
}

/** What was typed in a sealed draft, for the person it belongs to: {fields, at}, or null. */
export async function openSealed(draft) {
  const who = await hello();
  if (!who.person) return null;
  const answer = await post("/offline/drafts/open", who.csrf, envelope(draft));
  return answer.status === 200 ? answer : null;
}

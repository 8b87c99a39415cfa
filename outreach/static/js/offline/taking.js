// "Take the visits of today along", on My work: a code to choose, or the one chosen this morning, then the visits.

import * as drafts from "./drafts.js";
import { hello, post } from "./sending.js";
import { hour, text } from "./texts.js";
import * as vault from "./vault.js";

const part = document.querySelector("[data-take-along]");
const find = (name) => part.querySelector(`[data-take="${name}"]`);

/** Say plainly that it cannot be done here. */
export function cannot() {
  find("not-here").hidden = false;
}

export async function begin(person) {
  find("here").hidden = false;
  find("open").addEventListener("click", () => toggle(person));
  find("close").addEventListener("click", () => toggle(person));
  find("form").addEventListener("submit", (event) => { event.preventDefault(); take(event.target); });
  find("forgotten").addEventListener("click", async () => { await vault.wipe(); show(person); });
  document.addEventListener("outreach:wiped", () => show(person));
  await show(person);
}

async function show(person) {
  const lock = await vault.lockNow();
  const mine = lock?.person === person ? lock : null;
  find("again").hidden = !mine;
  find("new").hidden = Boolean(mine);
  find("second").hidden = Boolean(mine);
  find("forgotten").hidden = !mine;
  part.querySelector("[name=second]").disabled = Boolean(mine);
  find("have").hidden = !mine;
  if (mine) find("have-words").textContent = text("have", { count: mine.count, time: hour(mine.wipesAt) });
  find("open").textContent = text(mine ? "take-again" : "take");
}

function toggle(person) {
  const panel = find("panel");
  panel.hidden = !panel.hidden;
  find("open").setAttribute("aria-expanded", String(!panel.hidden));
  find("open").hidden = !panel.hidden;
  fault("");
  show(person);
  (panel.hidden ? find("open") : panel.querySelector("input")).focus();
}

function fault(words) {
  const place = find("fault");
  place.hidden = !words;
  place.querySelector("span").textContent = words;
}

async function take(form) {
  const [code, second] = [form.elements.code.value.trim(), form.elements.second];
  if (!/^\d{6}$/.test(code)) return fault(text("six-digits"));
  if (!second.disabled && code !== second.value.trim()) return fault(text("not-the-same"));
  fault("");
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  find("busy").hidden = false;
  const wrong = await taken(code, second.disabled).catch((error) =>
    text(error.name === "QuotaExceededError" ? "no-room-visits" : "not-taken"));
  find("busy").hidden = true;
  button.disabled = false;
  if (wrong) return fault(wrong);
  form.reset();
  find("panel").hidden = true;
  find("open").hidden = false;
  find("open").setAttribute("aria-expanded", "false");
  await show(part.dataset.person);
  find("have-link").focus();
}

/** Fetch and keep; gives the words of what went wrong, or nothing. */
async function taken(code, again) {
  const earlier = again ? await vault.openVault(code) : {};
  if (earlier.left) return text("wrong-code", { left: earlier.left });
  if (earlier.wiped) return text("wiped-tries");
  await navigator.storage?.persist?.().catch(() => {}); // asks the phone not to clear this when it runs full
  const who = await hello();
  if (who.signedOut) return text("signed-out");
  if (!who.person) return text("no-connection");
  const answer = await post("/my-work/take-along", who.csrf, {});
  if (answer.status !== 200) return answer.text || text("not-taken");
  if (!answer.visits.length) return text("none-today");
  await navigator.serviceWorker.ready;
  const key = await vault.fillVault(code, answer);
  if (earlier.key) await drafts.rekey(earlier.key, key);
  await vault.wipeInTime();
  return "";
}

// What was taken along for today, behind a visit code. A random day key encrypts the visits; the code, stretched by
// PBKDF2, wraps that key. Ten wrong codes wipe, and so does the hour at which the server said it must be gone.
// The code keeps out who picks up the phone; against a laboratory it is the lock of the phone itself that counts.

import * as store from "./store.js";
import { importDayKey, locked, unlocked } from "./daykey.js";

export const TRIES = 10;
const ROUNDS = 600_000; // OWASP's figure for PBKDF2-SHA256

const text = new TextEncoder();
const aes = (iv) => ({ name: "AES-GCM", iv });
const fresh = (length) => crypto.getRandomValues(new Uint8Array(length));

async function stretched(code, salt, rounds) {
  const typed = await crypto.subtle.importKey("raw", text.encode(code), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Keep what the server gave, behind a new code. Times are kept on this phone's clock, which may be wrong. */
export async function fillVault(code, taken) {
  const raw = fresh(32);
  const [salt, iv] = [fresh(16), fresh(12)];
  const wrapped = await crypto.subtle.encrypt(aes(iv), await stretched(code, salt, ROUNDS), raw);
  const key = await importDayKey(raw);
  raw.fill(0);
  const late = Date.parse(taken.wipe_at) - Date.parse(taken.taken_at);
  const wipeAt = Date.now() + late;
  const lock = { key: "lock", salt, iv, wrapped, rounds: ROUNDS, tries: 0, wipeAt, person: taken.person,
    takenAt: taken.taken_at, wipesAt: taken.wipe_at, count: taken.visits.length };
  await store.put("package", lock, { key: "visits", ...(await locked(key, taken.visits)) });
  await store.remember({ ahead: Date.parse(taken.taken_at) - Date.now(), wiped: null });
  return key;
}

/** What is known without the code: whose, until when, how many; nothing once it is due to be gone. */
export async function lockNow() {
  const lock = await store.get("package", "lock");
  if (lock && Date.now() >= lock.wipeAt) {
    await wipe("late");
    return undefined;
  }
  return lock;
}

/** Try a code: {key, visits}, or {left} tries, or {wiped: true}. */
export async function openVault(code) {
  if (!(await lockNow())) return { wiped: true };
  // Counted before it is tried: stopping the browser half way does not give the try back.
  const lock = await store.update("package", "lock", (found) => ({ ...found, tries: found.tries + 1 }));
  if (!lock) return { wiped: true };
  if (lock.tries <= TRIES) {
    const opened = await tried(code, lock);
    if (opened) return opened;
  }
  if (lock.tries < TRIES) return { left: TRIES - lock.tries };
  await wipe("tries");
  return { wiped: true };
}

async function tried(code, lock) {
  let raw;
  try {
    raw = await crypto.subtle.decrypt(aes(lock.iv), await stretched(code, lock.salt, lock.rounds), lock.wrapped);
  } catch {
    return null;
  }
  await store.update("package", "lock", (found) => ({ ...found, tries: 0 }));
  const key = await importDayKey(raw);
  const kept = await store.get("package", "visits");
  return kept ? { key, visits: await unlocked(key, kept) } : { wiped: true };
}

/** Note that a visit was reported, so that nobody knocks twice; holds a number and an hour only. */
export async function noteReported(step, at) {
  await store.put("package", { key: `reported:${step}`, step, at });
}

export async function reported() {
  const kept = await store.all("package");
  return Object.fromEntries(kept.filter((one) => one.key.startsWith("reported:")).map((one) => [one.step, one.at]));
}

/** Take everything away that can be read with the code. Sealed drafts stay: they are unreadable here. */
export async function wipe(why) {
  await store.wipe(why);
  document.dispatchEvent(new CustomEvent("outreach:wiped", { detail: why }));
}

/** Wipe what the server, or the sign-in of somebody else, says must go. */
export async function wipeAsTold(hello) {
  const lock = await lockNow();
  if (!lock) return;
  const told = hello.wipe_before && Date.parse(lock.takenAt) < Date.parse(hello.wipe_before);
  if (told || lock.person !== hello.person) await wipe(told ? "told" : "other");
}

let timer;

/** Wipe at the hour itself while a page is open; phones sleep, so looking again at the clock counts, not the timer. */
export async function wipeInTime() {
  clearTimeout(timer);
  const lock = await lockNow();
  if (lock) timer = setTimeout(wipeInTime, Math.min(lock.wipeAt - Date.now() + 50, 60_000));
}

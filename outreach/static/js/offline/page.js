// On every page: registers the service worker, shows how many reports are not sent yet and sends them, wipes when it is
// time, and wakes the parts that a page asks for.

import * as drafts from "./drafts.js";
import { holdEarly } from "./early.js";
import { hello, isWaiting, sendAll } from "./sending.js";
import { canKeep, remember, setting } from "./store.js";
import { made, moment, notice, text } from "./texts.js";
import * as vault from "./vault.js";

const strip = document.querySelector("[data-unsent]");
const person = strip.dataset.person;
const SOON = 2_000; // milliseconds
let patience = SOON;
let timer;

async function count() {
  const here = document.querySelector("form[data-step]:not([hidden])")?.elements.submission_key?.value;
  const kept = (await drafts.all()).filter((one) => one.id !== here && (!person || one.person === person));
  strip.hidden = kept.length === 0 || "quiet" in strip.dataset; // the page without a connection lists them itself
  strip.querySelector("[data-unsent-count]").textContent = String(kept.length);
  const own = kept.filter((one) => isWaiting(one));
  strip.querySelector("[data-unsent-why]").textContent = own.length && !person ? text("sent-after-sign-in") : "";
}

function tellSent({ draft, result, text: said, url }) {
  if (draft.state === "posted" && result === "already") return; // the page itself told already
  const link = made("a", "", text("look"));
  link.href = url || "/my-work";
  notice(result === "conflict" ? "soon" : "fine", result === "conflict" ? "warning" : "success",
    `${text("sent", { time: moment(draft.at) })} ${said || ""}`, made("p", "mt-1", link));
  if (draft.path === location.pathname) document.querySelector("form[data-step]")?.setAttribute("hidden", "");
}

export async function send() {
  clearTimeout(timer);
  const done = await sendAll().catch(() => ({ sent: [] }));
  done.sent.forEach(tellSent);
  const mine = (one) => isWaiting(one) && (!done.who?.person || one.person === done.who.person);
  const left = (await drafts.all()).some(mine);
  // `online` is not always told, or comes before the connection is there: ask again soon, then ever more calmly
  if (left && !done.who?.signedOut) timer = setTimeout(send, patience = Math.min(patience * 1.5, 300_000));
  document.dispatchEvent(new CustomEvent("outreach:sent", { detail: done }));
  return done;
}

/** Signing out takes the visits of today away before anything else happens. */
function wipeAtSignOut() {
  document.querySelectorAll('form[action$="/sign-out"]').forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const go = () => form.submit();
      vault.wipe("out").then(go, go);
    });
  });
}

/** Whether this browser can keep a report, and send it later. */
const keeps = async () => "serviceWorker" in navigator && canKeep();

/** The form of a visit is sent once it is kept, or once it is sure that this browser keeps nothing. */
async function keepVisit(form) {
  const letGo = holdEarly(form);
  try {
    if (await keeps()) await (await import("./visit.js")).begin(form, person);
  } finally {
    letGo();
  }
}

async function start() {
  const form = document.querySelector("form[data-step]");
  const visit = form && person && keepVisit(form);
  const taking = document.querySelector("[data-take-along]") && (await import("./taking.js"));
  if (!(await keeps())) return taking?.cannot();
  await vault.wipeInTime();
  const { lang, dataset } = document.documentElement;
  if (person) await remember({ language: lang, theme: dataset.theme });
  await visit;
  const posted = (one) => one.state === "posted" && one.path === location.pathname;
  const answered = !form && (await drafts.all()).find(posted);
  if (answered) await (await import("./answered.js")).hold(answered);
  await taking?.begin(person);
  document.addEventListener("outreach:drafts", count);
  window.addEventListener("online", () => { patience = SOON; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { vault.wipeInTime(); send(); } });
  await count();
  const done = await send();
  // a phone that keeps something hears at each page whether it must be wiped, or is somebody else's now
  const keptHere = (await vault.lockNow()) || (person && !(await setting("seal")));
  if ((person || "quiet" in strip.dataset) && !done.who && keptHere) await hello();
}

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" }).catch(() => {});
  });
}
wipeAtSignOut();
start();

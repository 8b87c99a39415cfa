// "Visits of today" without a connection: the code, the list in walking order, the form of a visit, and what is not
// sent. The open day key lives in this page only: closing it locks the visits again.

import { adoptCard } from "./adopt.js";
import * as drafts from "./drafts.js";
import { fillIn } from "./filling.js";
import { send } from "./page.js";
import { canKeep, setting } from "./store.js";
import { hour, icon, made, notice, text } from "./texts.js";
import { drawUnsent } from "./unsent.js";
import * as vault from "./vault.js";

const view = (name) => document.querySelector(`[data-view="${name}"]`);
let open = null; // {key, visits}
let filling = null;
let signedOut = false;

function show(name) {
  document.querySelectorAll("[data-view]").forEach((one) => { one.hidden = one.dataset.view !== name; });
}

async function start() {
  document.querySelector("[data-elsewhere]").hidden = location.pathname === "/offline";
  listen();
  if (!(await canKeep())) return show("unsupported");
  const theme = await setting("theme");
  if (theme) Object.assign(document.documentElement.dataset, { theme, bsTheme: theme });
  await locked();
  return unsent();
}

function listen() {
  view("locked").querySelector("form").addEventListener("submit", unlock);
  view("form").querySelector("[data-back]").addEventListener("click", () => { leaveForm(); list(); });
  document.querySelector("[data-try]").addEventListener("click", again);
  document.addEventListener("outreach:drafts", unsent);
  document.addEventListener("outreach:sent", sent);
  document.addEventListener("outreach:wiped", forget);
}

/** The visits are gone from the phone: nothing of them stays on the screen either. */
async function forget() {
  open = null;
  leaveForm();
  view("list").querySelector("ol").replaceChildren();
  await locked();
  await unsent();
}

async function again() {
  await send();
  if (!navigator.onLine) notice("soon", "waiting", text("still-offline"));
}

function sent({ detail }) {
  if (detail.who) signedOut = Boolean(detail.who.signedOut);
  unsent();
  if (open && !filling) list();
}

async function unsent() {
  const names = Object.fromEntries((open?.visits || []).map((visit) => [visit.step, visit.title]));
  const person = await setting("person");
  await drawUnsent(document.querySelector("[data-unsent-list]"), { person, signedOut, names, resume, again });
}

async function locked() {
  const lock = await vault.lockNow();
  if (!lock) {
    const why = await setting("wiped");
    view("empty").querySelector("[data-why]").textContent = why ? text(`wiped-${why}`) : "";
    return show("empty");
  }
  const words = text("kept-until", { count: lock.count, time: hour(lock.wipesAt) });
  view("locked").querySelector("[data-kept]").textContent = words;
  show("locked");
  return view("locked").querySelector("input").focus();
}

async function unlock(event) {
  event.preventDefault();
  const form = event.target;
  const fault = form.querySelector(".fault");
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  form.querySelector("[data-busy]").hidden = false;
  const code = form.elements.code.value.trim();
  const opened = /^\d{6}$/.test(code) ? await vault.openVault(code) : { digits: true };
  form.querySelector("[data-busy]").hidden = true;
  button.disabled = false;
  form.reset();
  fault.hidden = Boolean(opened.key);
  if (opened.key) {
    open = opened;
    await list();
    unsent();
  } else if (!opened.wiped) {
    fault.querySelector("span").textContent =
      opened.digits ? text("six-digits") : text(opened.left === 1 ? "wrong-code-last" : "wrong-code", opened);
    form.elements.code.focus();
  }
}

async function list() {
  const done = await vault.reported();
  const kept = Object.fromEntries((await drafts.all()).map((draft) => [draft.step, draft]));
  if (!open) return; // wiped meanwhile
  const items = open.visits.map((visit) => made("li", "", card(visit, done[visit.step], kept[visit.step])));
  view("list").querySelector("ol").replaceChildren(...items);
  show("list");
}

function card(visit, at, draft) {
  const drawn = adoptCard(visit.card);
  const button = made("button", "btn btn-primary", icon(draft ? "edit" : "visit"), " ",
    text(draft?.copy && draft.state === "unfinished" ? "go-on" : "report"),
    made("span", "visually-hidden", `: ${visit.title}`));
  button.type = "button";
  button.addEventListener("click", () => openVisit(visit));
  if (at) {
    const words = text(draft ? "reported-waiting" : "reported-sent", { time: hour(at) });
    drawn.querySelector(".badges")?.append(made("span", "badge tone-fine", icon("done"), words));
    button.className = "btn btn-quiet";
    button.lastChild.previousSibling.textContent = text("change");
  }
  // a finished report that cannot be read here any more is not made a second time
  const closed = draft ? !draft.copy && draft.state !== "unfinished" : Boolean(at);
  if (!closed) drawn.append(made("footer", "", button));
  return drawn;
}

function resume(draft) {
  const visit = open?.visits.find((one) => one.step === draft.step);
  if (visit) openVisit(visit);
}

async function openVisit(visit) {
  filling = await fillIn(view("form"), visit, open.key, saved);
  show("form");
  window.scrollTo(0, 0);
  view("form").querySelector("h2").focus();
}

async function saved(step) {
  await vault.noteReported(step, await drafts.now());
  leaveForm();
  document.querySelectorAll("main .wrap > .notice[role]").forEach((one) => one.remove());
  notice("fine", "success", text("saved-here"));
  await list();
  window.scrollTo(0, 0);
  send();
}

function leaveForm() {
  filling?.leave();
  filling = null;
}

start();

// The visit page with a connection: the same keeping as on the road. Saving still is the form's own POST; only when the
// server cannot be reached does the draft wait on the phone. Draft and form share one number, so whichever arrives
// second is known.

import * as drafts from "./drafts.js";
import { fillFields } from "./fields.js";
import { Keeper } from "./keeping.js";
import { hello, openSealed } from "./sending.js";
import { canKeep, setting } from "./store.js";
import { made, moment, notice, text } from "./texts.js";

const REACHED_WITHIN = 8_000;

export async function begin(form, person) {
  if (!(await canKeep())) return;
  if (!(await setting("seal"))) await hello();
  const { step } = form.dataset;
  const reference = location.pathname.split("/")[2];
  const seen = JSON.parse(form.dataset.seen || "{}");
  const draft = { id: form.elements.submission_key.value, person, step, reference, seen, path: location.pathname };
  const earlier = await drafts.about(person, step);
  const keeper = new Keeper(form, draft);
  if (earlier) await takeUp(earlier, keeper);
  letSubmit(form, keeper);
}

async function takeUp(earlier, keeper) {
  // The server sent this very form back: what was typed stands on the page, under a new number.
  if (earlier.state === "posted" && document.querySelector("[data-error-summary]")) {
    await keeper.save("unfinished").then(() => drafts.drop(earlier.id), () => {});
  } else if (earlier.state === "posted") {
    await drafts.change(earlier.id, { state: "waiting" }); // its answer was lost: sent again under its number
  } else if (earlier.state === "unfinished" || earlier.problem) {
    if (location.hash !== `#draft-${earlier.id}`) return offer(earlier, keeper);
    history.replaceState(null, "", location.pathname); // the page saving leads to is not about the draft any more
    if (!(await goOn(earlier, keeper))) offer(earlier, keeper);
  }
}

function offer(earlier, keeper) {
  const go = made("button", "btn btn-primary btn-small", text("go-on"));
  const drop = made("button", "btn btn-quiet btn-small", text("throw-away"));
  const words = text("was-busy", { time: moment(earlier.at) });
  const asked = notice("planned", "edit", words, made("div", "buttons mt-2", go, drop));
  go.addEventListener("click", async () => { if (await goOn(earlier, keeper)) asked.remove(); });
  drop.addEventListener("click", async () => { await drafts.drop(earlier.id); asked.remove(); });
}

async function goOn(earlier, keeper) {
  const opened = await openSealed(earlier);
  if (!opened) {
    notice("soon", "warning", text("not-opened"));
    return false;
  }
  const begun = keeper.draft.id;
  keeper.draft.id = earlier.id;
  keeper.form.elements.submission_key.value = earlier.id;
  await drafts.drop(begun);
  fillFields(keeper.form, opened.fields);
  if (earlier.problem) showMissing(keeper.form, earlier.problem);
  return true;
}

function showMissing(form, problem) {
  const place = (name) => [...form.elements].findIndex((field) => field.name === name);
  const found = Object.entries(problem.errors).sort(([one], [other]) => place(one) - place(other));
  const lines = found.map(([name, faults]) => {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".field");
    const label = field?.querySelector("legend, label")?.textContent.replace("*", "").trim();
    field?.classList.add("field-wrong");
    return made("li", "", label ? `${label}: ${faults.join(" ")}` : faults.join(" "));
  });
  notice("late", "error", problem.text || text("missing"), lines.length ? made("ul", "", ...lines) : null);
}

function letSubmit(form, keeper) {
  let state = "typing";
  form.addEventListener("submit", async (event) => {
    if (state === "through") return;
    event.preventDefault();
    if (state === "busy") return;
    state = "busy";
    const kept = await keeper.finish("posted").then(() => true, () => false);
    const who = await hello(REACHED_WITHIN);
    delete form.dataset.sent; // page.js took this for the sending
    if (who.person === keeper.draft.person) {
      state = "through";
      form.requestSubmit(event.submitter);
      return;
    }
    event.submitter?.removeAttribute("aria-disabled");
    state = "typing";
    if (kept) await leave(form, keeper, who);
    else notice("late", "warning", text("stay-here"));
  });
  // back to this very page, from the browser's own page for a connection that broke
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    state = "typing";
    keeper.resume();
  });
}

/** The report waits on the phone; the form goes, so that nobody fills it in twice. */
async function leave(form, keeper, who) {
  keeper.end();
  form.hidden = true;
  await drafts.change(keeper.draft.id, { state: "waiting" });
  const links = made("p", "mt-2", linkTo("/offline", text("to-unsent")));
  if (who.unreachable) notice("soon", "waiting", text("kept-offline"), links);
  else notice("soon", "key", text(who.signedOut ? "kept-signed-out" : "kept-other"), made("p", "mt-2",
    linkTo(`/sign-in?next=${encodeURIComponent(location.pathname)}`, text("sign-in"))));
  window.scrollTo(0, 0);
}

function linkTo(address, words) {
  const link = made("a", "", words);
  link.href = address;
  return link;
}

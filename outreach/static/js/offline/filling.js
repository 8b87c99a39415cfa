// The form of a visit on the road: as the server made it when it was taken along, with what was typed before.

import { adopt } from "./adopt.js";
import * as drafts from "./drafts.js";
import { fillFields, firstMissing, setMoment } from "./fields.js";
import { Keeper } from "./keeping.js";
import { setting } from "./store.js";
import { notice, text } from "./texts.js";
import { reveal } from "../reveal.js";

/** Put the form of a visit in this section; `saved(step)` is called once it is finished. Gives {leave}. */
export async function fillIn(section, visit, dayKey, saved) {
  const person = await setting("person");
  const typed = await takeUp(person, visit.step, dayKey);
  const form = adopt(visit.form);
  const draft = { id: typed?.id || drafts.newId(), person, step: visit.step, reference: visit.reference,
    seen: visit.seen, path: pathOf(visit.card) };
  form.querySelectorAll(".save-bar a").forEach((link) => link.remove());
  section.querySelector("h2").textContent = visit.title;
  section.querySelector("[data-host]").replaceChildren(form);
  reveal(form);
  if (typed) fillFields(form, typed.fields);
  else setMoment(form, await drafts.now());
  const keeper = new Keeper(form, draft, dayKey);
  form.addEventListener("submit", (event) => save(event, keeper, saved));
  return { leave: () => leave(section, keeper) };
}

/** What was typed before about this step. It waits no longer: while it is open it must not be sent half changed. */
async function takeUp(person, step, dayKey) {
  const earlier = await drafts.about(person, step);
  if (!earlier) return null;
  const held = () => drafts.change(earlier.id, { state: "unfinished" });
  const still = await (navigator.locks ? navigator.locks.request("outreach-sending", held) : held());
  return still ? drafts.readCopy(earlier, dayKey) : null;
}

/** Where the visit is reported with a connection. */
function pathOf(card) {
  const link = adopt(card).querySelector("footer a[href*='/steps/']");
  return link ? link.getAttribute("href") : "/my-work";
}

async function save(event, keeper, saved) {
  event.preventDefault();
  event.stopPropagation(); // page.js sends forms once; this one is not sent by the page
  const form = event.target;
  form.querySelectorAll(".field-wrong").forEach((field) => field.classList.remove("field-wrong"));
  document.querySelector("[data-missing]")?.remove();
  const missing = firstMissing(form);
  if (missing) pointAt(missing, form);
  else await keeper.finish("waiting").then(() => saved(keeper.draft.step), () => {});
}

function pointAt(field, form) {
  field.classList.add("field-wrong");
  field.closest("details")?.setAttribute("open", "");
  const label = field.querySelector("legend, label").textContent.replace("*", "").trim();
  const said = notice("late", "error", text("still-missing", { label }));
  said.dataset.missing = "";
  form.before(said);
  field.querySelector("input, select, textarea").focus();
  field.scrollIntoView({ block: "center" });
}

function leave(section, keeper) {
  keeper.end();
  section.querySelector("[data-host]").replaceChildren();
  section.querySelector("h2").textContent = "";
}

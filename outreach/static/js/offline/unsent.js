// The list of reports that are not at the server: which, in what state, why, and what one can do about it.

import * as drafts from "./drafts.js";
import { icon, made, moment, text } from "./texts.js";

const STATES = { unfinished: ["edit", "planned"], waiting: ["waiting", "soon"], problem: ["error", "late"] };

/** Draw the list. `context`: {person, signedOut, names: {step: name}, resume(draft), again()}. */
export async function drawUnsent(section, context) {
  const kept = await drafts.all();
  section.hidden = kept.length === 0;
  section.querySelector("[data-count]").textContent = String(kept.length);
  section.querySelector("ul").replaceChildren(...kept.map((draft) => item(draft, context)));
  section.querySelector("[data-try]").hidden = !kept.some((one) => one.state !== "unfinished");
}

function item(draft, context) {
  const own = !context.person || draft.person === context.person;
  const name = (own && context.names[draft.step]) || "";
  const kind = draft.problem ? "problem" : draft.state === "unfinished" ? "unfinished" : "waiting";
  const [mark, tone] = STATES[kind];
  const title = made("strong", "", name || text("report-of", { time: moment(draft.at) }));
  const more = made("small", "soft", [name && text("report-of", { time: moment(draft.at) }), draft.reference]
    .filter(Boolean).join(" · "));
  const badge = made("span", `badge tone-${tone}`, icon(mark), text(`state-${kind}`));
  const line = made("li", "unsent-item", made("div", "unsent-head", made("div", "", title, more), badge),
    made("p", "unsent-why", why(draft, own, context)));
  if (draft.problem) line.append(...faults(draft));
  if (own) line.append(buttons(draft, context));
  return line;
}

function why(draft, own, { signedOut, names }) {
  if (!own) return text("why-other");
  if (draft.problem) return draft.problem.text || text(`why-${draft.problem.kind}`);
  const here = names[draft.step] && draft.copy;
  if (draft.state === "unfinished") return text(here ? "why-unfinished-here" : "why-unfinished");
  return text(signedOut ? "why-signed-out" : "why-waiting");
}

// What a field misses is said at that field, once the form is open; here stands what is wrong with the whole.
function faults(draft) {
  const lines = (draft.problem.errors?.[""] || []).map((one) => made("li", "", one));
  return lines.length ? [made("ul", "unsent-faults", ...lines)] : [];
}

function buttons(draft, context) {
  const row = made("div", "buttons mt-2");
  const typed = draft.state === "unfinished" || draft.problem;
  const here = draft.copy && context.names[draft.step];
  if (here) row.append(button("btn-primary", words(draft), () => context.resume(draft)));
  else if (typed && draft.path) row.append(link(draft));
  if (context.signedOut && !typed) row.append(signIn());
  if (draft.problem && draft.problem.kind !== "incomplete") row.append(button("btn-quiet", "try-again", async () => {
    await drafts.change(draft.id, { problem: null });
    context.again();
  }));
  row.append(discard(draft));
  return row;
}

function words(draft) {
  if (draft.problem) return "complete";
  return draft.state === "unfinished" ? "go-on" : "change";
}

function button(look, key, act) {
  const drawn = made("button", `btn ${look} btn-small`, text(key));
  drawn.type = "button";
  drawn.addEventListener("click", act);
  return drawn;
}

function link(draft) {
  const go = made("a", "btn btn-primary btn-small", text(words(draft)));
  go.href = `${draft.problem?.url || draft.path}#draft-${draft.id}`;
  return go;
}

function signIn() {
  const go = made("a", "btn btn-primary btn-small", text("sign-in"));
  go.href = "/sign-in?next=/offline";
  return go;
}

// Asks once: the same place turns into the question, so no tap throws away by itself.
function discard(draft) {
  const place = made("span", "unsent-discard");
  const ask = () => {
    const yes = button("btn-danger", "yes-discard", () => drafts.drop(draft.id));
    const no = button("btn-quiet", "no-keep", rest);
    place.replaceChildren(made("span", "", text("sure")), yes, no);
    no.focus();
  };
  const rest = () => place.replaceChildren(button("btn-link", "discard", ask));
  rest();
  return place;
}

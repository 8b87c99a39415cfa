// A page that answers the POST of a report with a question: somebody else saved first, or the form lay open too long.
// What was typed stands on it, so its draft does not go by itself; the choice carries the draft's number, and with that
// it is the same report.

import * as drafts from "./drafts.js";

/** Tie the draft to the form of this page; without a form the draft goes its own way. */
export async function hold(draft) {
  const form = document.querySelector("main input[name=submission_key]")?.form;
  if (!form) return;
  form.elements.submission_key.value = draft.id;
  await drafts.change(draft.id, { state: "unfinished" });
  let through = false;
  form.addEventListener("submit", async (event) => {
    if (through) return;
    event.preventDefault();
    await drafts.change(draft.id, { state: "posted" }).catch(() => {});
    through = true;
    delete form.dataset.sent; // page.js took this for the sending
    form.requestSubmit(event.submitter);
  });
}

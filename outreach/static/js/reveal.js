// Shows only what the chosen answer needs. A part carries data-when="answer other" (values of the field named in
// data-asked-by); a part nobody asked for is hidden and its fields are not sent. Without this file every part stays
// visible with a line saying when to fill it in.

function chosenIn(form, name) {
  const chosen = [...form.querySelectorAll(`[name="${name}"]`)].filter((input) =>
    input.type === "radio" || input.type === "checkbox" ? input.checked : input.value);
  return chosen.map((input) => input.value);
}

function show(form) {
  form.querySelectorAll("[data-when]").forEach((part) => {
    const answers = part.dataset.askedBy.split(" ").flatMap((name) => chosenIn(form, name));
    const wanted = part.dataset.when.split(" ").some((value) => answers.includes(value));
    part.hidden = !wanted;
    part.querySelectorAll("input, select, textarea").forEach((field) => { field.disabled = !wanted; });
  });
}

/** Let this form show only what is needed, now and at each answer. */
export function reveal(form) {
  form.querySelectorAll(".when-only").forEach((line) => { line.hidden = true; });
  form.addEventListener("change", () => show(form));
  show(form);
}

document.querySelectorAll("form[data-reveal]").forEach(reveal);

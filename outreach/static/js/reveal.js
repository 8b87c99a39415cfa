// Shows only what the chosen answer needs. A part carries data-when="answer other" (values of the fields named in
// data-asked-by); a part nobody asked for is hidden, with every part inside it, and its fields are not sent. A folded part
// with data-open-for opens for the answers it names. Without this file every part stays visible with a line saying when to
// fill it in. Forms that come later (a visit taken along) are watched by calling `reveal`.

function chosenIn(form, names) {
  return names.split(" ").flatMap((name) => [...form.querySelectorAll(`[name="${name}"]`)]
    .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : input.value))
    .map((input) => input.value));
}

function isAsked(part, form) {
  const answers = chosenIn(form, part.dataset.askedBy);
  return part.dataset.when.split(" ").some((value) => answers.includes(value));
}

function show(form) {
  form.querySelectorAll("[data-when]").forEach((part) => { part.hidden = !isAsked(part, form); });
  form.querySelectorAll("[data-when] :is(input, select, textarea)").forEach((field) => {
    field.disabled = Boolean(field.closest("[data-when][hidden]"));
  });
  form.querySelectorAll("details[data-open-for]").forEach((folded) => {
    const answers = chosenIn(form, folded.dataset.askedBy);
    if (folded.dataset.openFor.split(" ").some((value) => answers.includes(value))) folded.open = true;
  });
}

export function reveal(form) {
  form.querySelectorAll(".when-only").forEach((line) => { line.hidden = true; });
  form.addEventListener("change", () => show(form));
  show(form);
}

document.querySelectorAll("form[data-reveal]").forEach(reveal);

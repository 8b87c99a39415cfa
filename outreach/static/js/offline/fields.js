// The fields of a visit form: read as the server would get them, filled in again as they were typed.

const NOT_TYPED = new Set(["csrf_token", "submission_key", "version"]);

/** [[name, value], ...] of everything filled in; the page's own number goes along, so that the server knows the page's
 *  form and the draft of it as one. */
export function readFields(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
}

/** Fill a form in again; what the draft does not name is empty, as it was left. */
export function fillFields(form, fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.name)) continue;
    const values = given.get(field.name);
    if (field.type === "radio" || field.type === "checkbox") field.checked = Boolean(values?.includes(field.value));
    else if (values && field.type !== "hidden") field.value = values[0];
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  openFilled(form);
}

// What somebody filled in behind a tap must be seen again.
function openFilled(form) {
  form.querySelectorAll("details.more").forEach((part) => {
    const chosen = part.querySelector("input[type=checkbox]:checked:enabled");
    const typed = [...part.querySelectorAll("textarea")].some((field) => field.value);
    if (chosen || typed) part.open = true;
  });
}

/** The first field that must be filled in and is not, or null. The server looks again; this saves a way back. */
export function firstMissing(form) {
  const marked = [...form.querySelectorAll(".field")].filter((field) => field.querySelector(".needed"));
  return marked.find((field) => {
    const inputs = [...field.querySelectorAll("input, select, textarea")].filter((one) => !one.disabled);
    if (!inputs.length) return false;
    return !inputs.some((one) => (["radio", "checkbox"].includes(one.type) ? one.checked : one.value.trim()));
  }) || null;
}

/** Now, for a report begun now: day and hour of the visit in Brussels. */
export function setMoment(form, iso) {
  const written = { timeZone: "Europe/Brussels", dateStyle: "short", timeStyle: "short" };
  const parts = new Intl.DateTimeFormat("sv-SE", written).format(new Date(iso)).split(" ");
  if (form.elements.visited_on) form.elements.visited_on.value = parts[0];
  if (form.elements.visited_at) form.elements.visited_at.value = parts[1];
}

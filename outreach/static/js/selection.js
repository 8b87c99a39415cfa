// Ticking rows of a list: "all" ticks every row, a household row ticks its children, and the count follows.

document.querySelectorAll("form[data-selection]").forEach((form) => {
  const rows = () => [...form.querySelectorAll("[data-row]")];
  const told = form.querySelectorAll("[data-selected-count]");

  function count() {
    const n = rows().filter((row) => row.checked).length;
    told.forEach((place) => { place.textContent = String(n); });
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) rows().forEach((row) => { row.checked = event.target.checked; });
    count();
  });
  form.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  count();
});

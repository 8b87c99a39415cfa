// Small comforts on every page; without them everything still works.
// 1. A form is sent once: the button says so and waits. 2. Open menus close on Escape or a click elsewhere.
// 3. The error summary takes focus, so that it is read first.

function sendOnce(event) {
  const button = event.submitter;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.target.method !== "post") return;
  event.target.dataset.sent = "yes";
  if (button) button.setAttribute("aria-disabled", "true");
}

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.removeAttribute("open");
  });
}

document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  closeMenus(null);
  if (open) open.querySelector("summary").focus();
});
document.querySelector("[data-error-summary]")?.focus();

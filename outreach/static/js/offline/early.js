// Between the moment a form can be seen and the moment the page can keep it, a tap on Save waits: sent too early and
// without a connection, what was typed would be gone.

/** Hold what is sent of this form; the answer lets go: from then on it is sent, what was held first. */
export function holdEarly(form) {
  let held = null;
  function hold(event) {
    event.preventDefault();
    event.stopImmediatePropagation(); // nobody takes this for the sending
    held = event;
  }
  form.addEventListener("submit", hold);
  return () => {
    form.removeEventListener("submit", hold);
    if (held && !form.hidden) form.requestSubmit(held.submitter);
    held = null;
  };
}

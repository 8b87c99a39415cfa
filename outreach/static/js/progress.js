// A page that shows how far something is: asks every two seconds, puts in what changed, and goes on once it is done.
// Without script the page loads itself again.

const EVERY_MS = 2000;

async function look() {
  try {
    const answer = await fetch(window.location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type === "opaqueredirect") {
      window.location.reload();
      return;
    }
    if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // no connection for a moment: the next look may get through
  }
  if (document.querySelector("[data-going-on]")) setTimeout(look, EVERY_MS);
}

function put(page) {
  document.querySelectorAll("[data-part]").forEach((here) => {
    const fresh = page.querySelector(`[data-part="${here.dataset.part}"]`);
    if (!fresh) {
      here.remove();
      return;
    }
    // the form of the button has keys of its own each time: it stays, and with it who is about to press it
    const said = here.querySelector("form") ? "textContent" : "innerHTML";
    if (here[said].trim() !== fresh[said].trim()) here.innerHTML = fresh.innerHTML;
  });
  if (!page.querySelector("[data-going-on]")) window.location.reload();
}

if (document.querySelector("[data-going-on]")) setTimeout(look, EVERY_MS);

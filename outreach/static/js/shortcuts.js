// Keys for who works at a desk: "?" shows them, and there they can be switched off on this device (WCAG 2.1.4).
// They do nothing while somebody types, with Ctrl, Alt or AltGr held, or while a window is open.

const OFF = "outreach-shortcuts-off";
const PAUSE = 1500;
const dialog = document.getElementById("shortcuts");
const toggle = dialog?.querySelector("[data-shortcuts-on]");
let wentWith = -Infinity;

function off() {
  try { return localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

function keep(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  } catch { /* a browser that keeps nothing: the choice holds until the page is left */ }
}

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function show() {
  toggle.checked = !off();
  dialog.showModal();
}

function search() {
  const field = [...document.querySelectorAll("[data-search]")].find((one) => one.offsetParent !== null);
  if (field) field.focus();
  else follow(document.querySelector(".search-link"));
}

function follow(link) {
  if (link) link.click();
}

const cards = () => [...document.querySelectorAll(".step-card, .rows > li")].filter((one) => one.querySelector("a"));
const here = () => cards().findIndex((card) => card.contains(document.activeElement));

function step(by) {
  const all = cards();
  const now = here();
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
  const link = all[next]?.querySelector("a");
  link?.focus();
  link?.closest(".step-card, .rows > li").scrollIntoView({ block: "nearest" });
}

function within(ends) {
  const place = cards()[here()] ?? document.querySelector("main");
  return [...place.querySelectorAll("a[href]")].find((link) => ends.test(new URL(link.href).pathname));
}

const KEYS = {
  "?": show,
  "/": search,
  j: () => step(1),
  k: () => step(-1),
  o: () => follow(cards()[here()]?.querySelector("a")),
  n: () => follow(within(/^\/cases\/[^/]+\/notes$/)),
  v: () => follow(within(/^\/cases\/[^/]+\/steps\/\d+\/(visit|report|answer)$/)),
};

function pressed(event) {
  if (event.defaultPrevented || event.repeat || off() || dialog.open || typing(event.target)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const gone = event.timeStamp - wentWith < PAUSE;
  wentWith = -Infinity;
  if (gone) {
    follow(dialog.querySelector(`a[data-go="${CSS.escape(key)}"]`));
  } else if (key === "g") {
    wentWith = event.timeStamp;
  } else if (Object.hasOwn(KEYS, key)) {
    event.preventDefault();
    KEYS[key]();
  }
}

if (dialog && typeof dialog.showModal === "function") {
  document.addEventListener("keydown", pressed);
  toggle.addEventListener("change", () => keep(toggle.checked));
  document.querySelectorAll("[data-open-shortcuts]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", show);
  });
}

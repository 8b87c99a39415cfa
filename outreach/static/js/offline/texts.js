// The words of the scripts stand in the page, in <template data-texts>, so that they are in the reader's language.

const known = new Map();

function load() {
  document.querySelectorAll("template[data-texts]").forEach((template) => {
    template.content.querySelectorAll("[data-key]").forEach((one) => known.set(one.dataset.key, one.textContent.trim()));
  });
}

/** The text of a key, with {name} filled in. */
export function text(key, values = {}) {
  if (!known.size) load();
  return (known.get(key) || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** 14:10, and the day before it when it was not today. */
export function hour(iso) {
  const at = new Date(iso);
  const zone = { timeZone: "Europe/Brussels" };
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, { ...zone, hour: "2-digit", minute: "2-digit" }).format(at);
  const day = (moment) => new Intl.DateTimeFormat("sv-SE", zone).format(moment);
  if (day(at) === day(new Date())) return clock;
  return `${new Intl.DateTimeFormat(language, { ...zone, day: "numeric", month: "long" }).format(at)}, ${clock}`;
}

/** An element with a class and children: elements or texts. */
export function made(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon of the sprite, drawn from the template so that its address is the page's. */
export function icon(name) {
  const template = document.querySelector("template[data-icon]");
  const drawn = template.content.firstElementChild.cloneNode(true);
  const use = drawn.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  return drawn;
}

/** A message at the top of the page, read aloud when it appears. tone: fine, soon, late, planned. */
export function notice(tone, mark, words, ...more) {
  const said = made("div", `notice tone-${tone}`, icon(mark), made("div", "", made("p", "", words), ...more));
  said.setAttribute("role", tone === "late" ? "alert" : "status");
  document.querySelector("main .wrap")?.prepend(said);
  return said;
}

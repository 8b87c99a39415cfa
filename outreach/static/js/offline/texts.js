// The words of the scripts stand in the page, in <template data-texts>, so that they are in the reader's language.

const known = new Map();

function load() {
  document.querySelectorAll("template[data-texts]").forEach((template) => {
    const texts = template.content.querySelectorAll("[data-key]");
    texts.forEach((one) => known.set(one.dataset.key, one.textContent.trim()));
  });
}

/** The text of a key, with {name} filled in. */
export function text(key, values = {}) {
  if (!known.size) load();
  return (known.get(key) || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const zone = { timeZone: "Europe/Brussels" };
const language = document.documentElement.lang;
const said = (at, parts) => new Intl.DateTimeFormat(language, { ...zone, ...parts }).format(at);

/** 14:10 */
export const hour = (iso) => said(new Date(iso), { hour: "2-digit", minute: "2-digit" });

/** 14:10, with the day before it when that is not today. */
export function moment(iso) {
  const day = (at) => new Intl.DateTimeFormat("sv-SE", zone).format(at);
  if (day(new Date(iso)) === day(new Date())) return hour(iso);
  return `${said(new Date(iso), { day: "numeric", month: "long" })}, ${hour(iso)}`;
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
  const shown = made("div", `notice tone-${tone}`, icon(mark), made("div", "", made("p", "", words), ...more));
  shown.setAttribute("role", tone === "late" ? "alert" : "status");
  document.querySelector("main .wrap")?.prepend(shown);
  return shown;
}

// HTML the server made, kept encrypted, becomes part of the page again: parsed apart, and stripped of whatever could
// act by itself. The content security policy would stop that too; two locks are better than one.

const ACTING = "script, style, link, meta, base, iframe, object, embed, template";

/** The one element in this HTML, ready to be put on the page. */
export function adopt(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  parsed.querySelectorAll(ACTING).forEach((one) => one.remove());
  parsed.querySelectorAll("*").forEach((one) => {
    for (const { name, value } of [...one.attributes]) {
      const acts = name.startsWith("on") || name === "style" || /^\s*(javascript|data):/i.test(value);
      if (acts) one.removeAttribute(name);
    }
  });
  return document.importNode(parsed.body.firstElementChild, true);
}

/** A card without what needs a connection: its links become words, its buttons go. */
export function adoptCard(html) {
  const card = adopt(html);
  card.querySelectorAll("footer, a[href]:not([href^='tel:']) .icon").forEach((one) => one.remove());
  card.querySelectorAll("a[href]:not([href^='tel:'])").forEach((link) => link.replaceWith(...link.childNodes));
  return card;
}

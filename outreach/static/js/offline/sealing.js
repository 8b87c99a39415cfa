// Seals a draft to the server's public key: from then on this phone cannot read it either. Ephemeral P-256, HKDF-
// SHA256, AES-256-GCM; bound to draft, person and step, so that nobody can put it in another's name.

const text = new TextEncoder();

export function toBase64(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64(encoded) {
  return Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function joined(...parts) {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** The envelope for `/offline/reports`: `server` is {id, key} as hello gave it, `inside` any JSON value. */
export async function seal(server, { id, person, step }, inside) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const serverPoint = fromBase64(server.key);
  const [serverKey, pair] = await Promise.all([
    crypto.subtle.importKey("raw", serverPoint, curve, false, []),
    crypto.subtle.generateKey(curve, false, ["deriveBits"]),
  ]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: serverKey }, pair.privateKey, 256);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: joined(point, serverPoint), info: text.encode("outreach draft 1") },
    await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = text.encode(`${id}|${person}|${step}`);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key,
    text.encode(JSON.stringify(inside)));
  return { key: server.id, epk: toBase64(point), iv: toBase64(iv), text: toBase64(sealed) };
}

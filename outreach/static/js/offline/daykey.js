// What may be read while the day key is open, and by nobody after it was wiped: AES-GCM with a fresh nonce each time.

const aes = (iv) => ({ name: "AES-GCM", iv });

export const importDayKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** Encrypt any JSON value under the day key. */
export async function locked(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(aes(iv), key, new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}

/** The value again; throws when it is of another day. */
export async function unlocked(key, { iv, data }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(aes(iv), key, data)));
}

// The browser's own database: what was taken along (`package`), reports not yet sent (`drafts`), and what the pages
// remember (`settings`: language, person, key to seal to). Every change is on the disk before it counts as done.

const NAME = "outreach";
const VERSION = 1;
const STORES = { package: "key", drafts: "id", settings: "key" };

let opened;

/** Whether this browser can keep anything safely here: not over plain http, not in some private windows. */
export async function canKeep() {
  if (!window.isSecureContext || !window.crypto?.subtle || !window.indexedDB) return false;
  return database().then(() => true, () => false);
}

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => {
      // a newer version in another tab must not wait for this one
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      request.result.onclose = () => { opened = undefined; };
      resolve(request.result);
    };
    request.onerror = () => { opened = undefined; reject(request.error); };
  });
  return opened;
}

async function within(names, mode, work) {
  const found = await database();
  return new Promise((resolve, reject) => {
    const transaction = found.transaction(names, mode, { durability: "strict" });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error || new DOMException("not kept", "AbortError"));
    work(...[names].flat().map((name) => transaction.objectStore(name)), (value) => { answer = value; });
  });
}

function asked(request, tell) {
  request.onsuccess = () => tell(request.result);
}

export const get = (name, key) => within(name, "readonly", (store, tell) => asked(store.get(key), tell));
export const all = (name) => within(name, "readonly", (store, tell) => asked(store.getAll(), tell));
export const put = (name, ...records) => within(name, "readwrite", (store) => records.forEach((one) => store.put(one)));
export const remove = (name, key) => within(name, "readwrite", (store) => { store.delete(key); });

/** Empty `package`, take the readable copies from the drafts, keep why: one step that a leaving page cannot halve. */
export const wipe = (why) => within(["package", "drafts", "settings"], "readwrite", (taken, drafts, settings) => {
  taken.clear();
  asked(drafts.getAll(), (kept) => kept.filter((one) => one.copy).forEach((one) => drafts.put({ ...one, copy: null })));
  if (why) settings.put({ key: "wiped", value: why });
});

/** Change one record in a single step no other tab can come between; `change` gets it and returns the new one. */
export const update = (name, key, change) => within(name, "readwrite", (store, tell) => {
  asked(store.get(key), (found) => {
    const changed = found && change(found);
    if (changed) store.put(changed);
    tell(changed);
  });
});

export const setting = async (key) => (await get("settings", key))?.value;
export const remember = (values) =>
  put("settings", ...Object.entries(values).map(([key, value]) => ({ key, value })));

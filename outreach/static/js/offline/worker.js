// The service worker: keeps the files of this version and the page that works without a connection, and nothing else.
// /service-worker.js puts VERSION, FILES and SHELLS in front of this. Nothing a page or an address answers is ever
// kept: a phone that is lost holds no page with a child on it.
/* global VERSION, FILES, SHELLS */

const KEPT = `outreach-${VERSION}`;

async function keepFiles() {
  const kept = await caches.open(KEPT);
  const wanted = [...FILES, ...Object.values(SHELLS)];
  await Promise.all(wanted.map(async (path) => {
    // omit: the page for nobody, without cookies. Files carry their version in the address: any copy is the right one.
    const answer = await fetch(new Request(path, { credentials: "omit" }));
    if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
    await kept.put(path, answer);
  }));
}

async function dropOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("outreach-") && name !== KEPT)
    .map((name) => caches.delete(name)));
}

// An open page goes on with the scripts it has; its next page is of the new version. Drafts are in the database of the
// browser, which no version change touches.
self.addEventListener("install", (event) => event.waitUntil(keepFiles().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || event.request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fileOf(event.request));
  if (event.request.mode !== "navigate") return;
  event.waitUntil(wipeWhenDue().catch(() => {}));
  event.respondWith(pageOf(event.request, url));
});

async function fileOf(request) {
  return (await (await caches.open(KEPT)).match(request)) || fetch(request);
}

async function pageOf(request, url) {
  // The page for on the road answers at once: a connection that hangs is worse than none.
  if (url.pathname === "/offline") return (await shell(url.searchParams.get("language"))) || fetch(request);
  try {
    return await fetch(request);
  } catch (fault) {
    const found = await shell(null);
    if (found) return found;
    throw fault;
  }
}

async function shell(asked) {
  const language = SHELLS[asked] ? asked : await setting("language").catch(() => null);
  return (await caches.open(KEPT)).match(SHELLS[language] || SHELLS.nl);
}

// The database as the pages made it (store.js); one that is not there yet is not made here.
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("outreach");
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

async function inStore(name, mode, work) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

const setting = async (name) => (await inStore("settings", "readonly", (store) => store.get(name)))?.value;

// The hour to wipe may pass while no page is open: whatever wakes the worker afterwards wipes first.
async function wipeWhenDue() {
  const lock = await inStore("package", "readonly", (store) => store.get("lock"));
  if (lock && Date.now() >= lock.wipeAt) await inStore("package", "readwrite", (store) => store.clear());
}

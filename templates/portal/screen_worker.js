// Keeps the last roster of this screen, so that it can start anew without a network. Nothing else is kept.
const STORE = "huanwei-screen";
const PAGE = "{% url 'portal:screen' %}";
const PARTS = ["{% asset 'dist/app.css' %}", "{% asset 'dist/screen.js' %}", "{% asset 'dist/sprite.svg' %}", "{% asset 'favicon.svg' %}"];
const CODE = /\/portal\/display\/[^/]+\/code\.svg$/;
const CODE_IN_PAGE = /\/portal\/display\/[^/"]+\/code\.svg/;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

/** The page with all it shows: its code was loaded before this worker was there to keep it. */
async function fill() {
  const store = await caches.open(STORE);
  await store.addAll([PAGE, ...PARTS]);
  const code = (await (await store.match(PAGE)).text()).match(CODE_IN_PAGE);
  if (code) await store.add(code[0]);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

async function dropOthers() {
  const store = await caches.open(STORE);
  for (const request of await store.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== PAGE && !PARTS.includes(path) && !CODE.test(path)) await store.delete(request);
  }
}

async function page(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get("X-Screen")) await store.put(PAGE, answer.clone());
    else if (answer.ok) await store.delete(PAGE);
    return answer;
  } catch (error) {
    const kept = await store.match(PAGE);
    if (!kept) throw error;
    const headers = new Headers(kept.headers);
    headers.set("X-Kept", "1");
    return new Response(await kept.blob(), { status: 200, headers });
  }
}

async function part(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === PAGE) event.respondWith(page(event.request));
  else if (PARTS.includes(pathname) || CODE.test(pathname)) event.respondWith(part(event.request));
});

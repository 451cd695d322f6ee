// The service worker of those who work outside: below its own address it keeps the pages of today, and nothing else.
// They go at sign-out, when another person signs in, and on the first opening after four in the morning.
const HERE = new URL(self.registration.scope).pathname, PREFIX = "board-field", OURS = `${PREFIX} ${HERE}`;
const NIGHT = 4 * 3600_000, PATIENCE = 8000;
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });
const NOTHING = "There is no signal, and this page is not kept on this phone. What you told is safe. Go back, or try again later.";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && (pathname === HERE || pathname.startsWith(`${HERE}/`))) event.respondWith(page(request));
  else if (pathname.startsWith("/board/assets/")) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
});

const today = () => DAY.format(Date.now() - NIGHT);

async function forget(isToStay) {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && !isToStay(name)) await caches.delete(name);
}

async function keep({ person, pages, assets }) {
  await forget((name) => name.endsWith(` ${today()} ${person}`));
  const cache = await caches.open(`${OURS} ${today()} ${person}`);
  for (const url of new Set([...assets, ...pages])) {
    if (await cache.match(url)) continue;
    const answer = await fetch(url, { redirect: "error" }).catch(() => null);
    if (answer?.ok) await cache.put(url, answer);
  }
}

async function ofToday() {
  const name = (await caches.keys()).find((each) => each.startsWith(`${OURS} ${today()} `));
  return name ? caches.open(name) : null;
}

// The newest from the net; where there is none, or it fails, the one that is kept. A refusal is shown as it is.
async function page(request) {
  const mark = (await self.cookieStore?.get("board-mark"))?.value;
  await forget((name) => name.includes(` ${today()} `) && (!mark || name.endsWith(` ${mark}`)));
  const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (answer && answer.status < 500) {
    const cache = await ofToday();
    if (answer.ok) await cache?.put(request.url, answer.clone());
    if (answer.status === 404) await cache?.delete(request.url);
    return answer;
  }
  return (await marked(request)) ?? answer ?? new Response(NOTHING, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

// An old picture says how old it is: the page has the words, and the stylesheet shows them by this mark.
async function marked(request) {
  const found = await kept(request.url);
  return found && new Response((await found.text()).replace("<body ", "<body data-kept "), found);
}

async function kept(request) {
  return (await ofToday())?.match(request);
}

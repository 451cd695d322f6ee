// The service worker of a contractor's day: keeps the pages of today for where there is no signal, and nothing else.
// They go at sign-out, when another person opens them, and on the first opening after four in the morning.
const PREFIX = "board-day", PAGES = "/board/day", NIGHT = 4 * 3600_000, PATIENCE = 8000;
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });
const NOTHING = "There is no signal, and this page is not kept on this phone. What you told is safe. Go back, or try again later.";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && (pathname === PAGES || pathname.startsWith(`${PAGES}/`))) event.respondWith(page(event));
  else if (pathname.startsWith("/board/assets/")) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
});

const today = () => DAY.format(Date.now() - NIGHT);

async function keep({ person, pages, assets }) {
  const name = `${PREFIX} ${today()} ${person}`;
  for (const other of await caches.keys()) if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
  const cache = await caches.open(name);
  for (const url of new Set([...assets, ...pages])) {
    if (await cache.match(url)) continue;
    const answer = await fetch(url, { redirect: "error" }).catch(() => null);
    if (answer?.ok) await cache.put(url, answer);
  }
}

// The newest from the net; where there is none, or it fails, the one that is kept. A refusal is shown as it is.
async function page({ request }) {
  const { pathname } = new URL(request.url);
  const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  const name = (await caches.keys()).find((each) => each.startsWith(`${PREFIX} ${today()}`));
  if (answer && answer.status < 500) {
    if (name && answer.ok) await (await caches.open(name)).put(pathname, answer.clone());
    if (name && answer.status === 404) await (await caches.open(name)).delete(pathname);
    return answer;
  }
  return (await kept(pathname)) ?? answer ?? new Response(NOTHING, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

async function kept(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    if (!name.startsWith(`${PREFIX} ${today()}`)) await caches.delete(name);
    else return (await caches.open(name)).match(request);
  }
  return undefined;
}

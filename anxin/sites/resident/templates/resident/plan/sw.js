// Shows the page that holds the plan of this phone when there is no network. No plan is ever kept here: the page opens
// what lies sealed on the phone.
const CACHE = "anxin-plan-{{ version }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const stale = (names) => names.filter((name) => name.startsWith("anxin-plan-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(stale(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function answered(request) {
  try {
    return await fetch(request);
  } catch (lost) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request.mode === "navigate" ? FILES[0] : request, { ignoreSearch: true });
    if (kept) return kept;
    throw lost;
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answered(event.request));
});

// The queue: written down before anything is sent, and nothing is taken away but what was answered.
// A batch that was once sent stays as it is, with its key, until there is an answer: sent twice it acts once.
// Nothing is sent by another person than wrote it.
import { all, asked, change } from "./store.js";
import { gone, photoOf, sendPhotos } from "./photos.js";
import { instant, newKey } from "./words.js";

export const place = document.getElementById("queue");
export const person = place.dataset.person;
const address = place.dataset.queue;
const AT_ONCE = 100, MINUTE = 60_000, ALONE = new Set(["issues", "handbacks"]);

export const state = { why: "", ahead: 0, busy: 0 };
let seen = () => {};

export function onChange(show) { seen = show; }

// With a photo that is ready, both are kept or neither: the photo learns of its case when the item is answered.
export async function add(kind, reference, label, fields, photo = null) {
  const item = { person, kind, reference, label, fields, at: Date.now(), state: "waiting" };
  await change(["items", "photos"], async ({ items, photos }) => {
    const id = await asked(items.add(item));
    if (photo) await asked(photos.add(photoOf(person, "", label, photo, id)));
  });
  seen();
}

export async function remove(store, id) {
  await change([...new Set([store, "photos"])], async (stores) => {
    await asked(stores[store].delete(id));
    if (store === "items") for (const each of await photosOf(stores.photos, id)) await asked(stores.photos.delete(each.id));
  });
  seen();
}

async function photosOf(photos, item) {
  return (await asked(photos.getAll())).filter((each) => each.item === item);
}

export async function tryAgain(id) {
  await change(["items"], async ({ items }) => {
    const item = await asked(items.get(id));
    if (item) await asked(items.put({ ...item, state: "waiting", alone: true }));
  });
  await send();
}

// Facts first. A photo that takes minutes holds no fact back: it goes under a lock of its own.
export async function send() {
  const why = await inTurn("items", sendFacts);
  if (!why) await inTurn("photos", (sender) => sendPhotos(person, (photo) => posted("photos", sender, photo), outcome));
}

// One tab at a time sends; another that wants to need not wait.
async function inTurn(store, sendThem) {
  let why = "";
  await navigator.locks.request(`board-field-${store}`, { ifAvailable: true }, async (lock) => {
    if (!lock || !(await isWaiting(store))) return;
    state.busy += 1;
    seen();
    try {
      const sender = await whoSends();
      why = sender.why || (await sendThem(sender));
    } catch {
      why = "away";
    }
    state.why = why;
    state.busy -= 1;
  });
  seen();
  return why;
}

async function isWaiting(store) {
  return (await all(store)).some((each) => each.person === person && ["waiting", "frozen"].includes(each.state));
}

async function sendFacts(sender) {
  for (const frozen of await all("batches")) {
    if (frozen.person !== person) continue;
    const why = await sendBatch(frozen, sender);
    if (why) return why;
  }
  for (let batch = await freeze(); batch; batch = await freeze()) {
    const why = await sendBatch(batch, sender);
    if (why) return why;
  }
  return "";
}

// The server's Date is the clock: a phone's may run ahead, and the future is refused.
async function whoSends() {
  const before = Date.now();
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error", cache: "no-store" }).catch(() => null);
  if (!answer) return { why: "no-signal" };
  if (answer.status === 401 || answer.status === 404) return { why: "signed-out" };
  if (!answer.ok) return { why: "away" };
  const told = Date.parse(answer.headers.get("Date") ?? "");
  state.ahead = Number.isNaN(told) ? 0 : (before + Date.now()) / 2 - told - 500;
  const sender = await answer.json();
  return sender.person === person ? sender : { why: "signed-out" };
}

function freeze() {
  return change(["items", "batches"], async ({ items, batches }) => {
    const waiting = (await asked(items.getAll())).filter((item) => item.person === person && item.state === "waiting");
    if (!waiting.length) return null;
    const [first] = waiting;
    const alone = first.alone || ALONE.has(first.kind);
    const some = alone ? [first] : waiting.filter((item) => item.kind === first.kind && !item.alone).slice(0, AT_ONCE);
    const bodies = some.map((item) => ({ ...item.fields, reference: item.reference, occurred_at: instant(truly(item.at)) }));
    const batch = { key: newKey(), person, kind: first.kind, ids: some.map((item) => item.id), bodies };
    batches.put(batch);
    for (const item of some) items.put({ ...item, state: "frozen" });
    return batch;
  });
}

function truly(at) {
  const ahead = Math.abs(state.ahead) < 2000 ? 0 : state.ahead;
  return Math.min(at - ahead, Date.now() - state.ahead);
}

async function posted(path, sender, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, csrf: sender.csrf, person })) form.append(name, value);
  return fetch(`${address}/${path}`, { method: "POST", body: form, headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
}

async function sendBatch({ key, kind, ids, bodies }, sender) {
  const alone = ALONE.has(kind);
  const answer = await posted(kind, sender, alone ? { ...bodies[0], key } : { items: JSON.stringify(bodies), key });
  const found = outcome(answer);
  if (found.why) return found.why;
  const told = await answer.json().catch(() => null);
  if (!told) return "away";
  const whole = { status: answer.status, problem: told, reference: told.reference };
  const results = alone || found.refused ? ids.map(() => whole) : told.results;
  await settle(key, ids, results, found.refused && ids.length > 1);
  return results.some((result) => later(result?.status ?? 500)) ? "away" : "";
}

// 401: sign in. 409, 429 and 5xx of the whole: later, as it is. Any other refusal of the whole: one by one.
export function outcome(answer) {
  if (!answer) return { why: "no-signal" };
  if ([401, 403].includes(answer.status)) return { why: "signed-out" };
  if ([408, 409, 425, 429].includes(answer.status) || answer.status >= 500) return { why: "away" };
  return { why: "", refused: !answer.ok };
}

function settle(key, ids, results, oneByOne) {
  return change(["items", "batches", "photos"], async ({ items, batches, photos }) => {
    for (const [number, id] of ids.entries()) {
      const item = await asked(items.get(id));
      if (!item) continue;
      const next = oneByOne ? { ...item, state: "waiting", alone: true } : settled(item, results[number]);
      await asked(next ? items.put(next) : items.delete(id));
      const { reference, status } = results[number] ?? {};
      if (!next && reference) for (const each of await photosOf(photos, id)) await asked(photos.put({ ...each, reference, item: null }));
      if (!oneByOne && status === 404) await loseAddress(photos, item.reference);
    }
    await asked(batches.delete(key));
    localStorage.setItem("board-sent", String(Date.now() - state.ahead));
  });
}

// A job that is another's has no address on this phone, not beside its photos either, which nobody takes any more.
async function loseAddress(photos, reference) {
  for (const each of await asked(photos.getAll())) {
    if (each.person === person && each.reference === reference) await asked(photos.put(gone(each)));
  }
}

function later(status) { return status === 429 || status >= 500; }

function settled(item, result) {
  const status = result?.status ?? 500;
  if (status >= 200 && status < 300) return null;
  if (status === 404) return { ...item, state: "gone", label: "" };
  if (later(status)) return { ...item, state: "waiting" };
  return { ...item, state: "needs", why: words(result.problem) };
}

function words(problem) {
  const errors = (problem?.errors ?? []).map((each) => each.detail);
  return errors.length ? errors.join(" ") : (problem?.detail ?? "It was not taken.");
}

export function start() {
  window.addEventListener("online", send);
  setInterval(send, MINUTE);
  document.getElementById("send-now").addEventListener("click", send);
  return send();
}

// A caretaker's round: a tick is kept at once and sent 20 seconds later, or at the next opening; until then one can undo it.
import { all, asked, change } from "./store.js";
import { keepPages } from "./keeping.js";
import { add, person, send, start } from "./queue.js";
import { prepared } from "./small.js";
import { show, showing } from "./status.js";
import { clock, element } from "./words.js";

const UNDO = 20_000, KEPT = 3 * 24 * 3600_000;
const { on } = document.getElementById("round").dataset;
const boxes = [...document.querySelectorAll("[data-tick]")];
const idOf = (name) => `${person} ${on} ${name}`;
const stopOf = (name) => name.slice(0, name.lastIndexOf("|"));

async function tick(names) {
  const at = Date.now();
  await change(["ticks"], async ({ ticks }) => {
    for (const name of names) {
      if (await asked(ticks.get(idOf(name)))) continue;
      await asked(ticks.add({ id: idOf(name), person, on, name, at, sent: false }));
    }
  });
  await showTicks();
  setTimeout(() => queueTicks(UNDO), UNDO + 50);
}

async function undo(name) {
  await change(["ticks"], async ({ ticks }) => {
    const found = await asked(ticks.get(idOf(name)));
    if (found && !found.sent) await asked(ticks.delete(found.id));
  });
  await showTicks();
}

// One item a stop, with all its parts of this day: half a clean, and then the other half, would keep no promise.
async function queueTicks(age) {
  const mine = (await all("ticks")).filter((each) => each.person === person);
  for (const stop of new Set(mine.filter((each) => !each.sent).map((each) => `${each.on} ${stopOf(each.name)}`))) {
    const ticks = mine.filter((each) => `${each.on} ${stopOf(each.name)}` === stop);
    const latest = Math.max(...ticks.map((each) => each.at));
    if (latest + age <= Date.now()) await queueStop(ticks, latest);
  }
  await showTicks();
  await send();
}

async function queueStop(ticks, at) {
  const [{ name }] = ticks, [reference] = name.split("|");
  const label = document.querySelector(`[data-ticks="${reference}"]`)?.dataset.label ?? reference;
  const fields = { ticks: ticks.map((each) => each.name).join(" ") };
  await change(["ticks", "items"], async (stores) => {
    for (const each of ticks) {
      if (!(await asked(stores.ticks.get(each.id)))) return; // undone in this moment
    }
    for (const each of ticks) await asked(stores.ticks.put({ ...each, sent: true }));
    await asked(stores.items.add({ person, kind: "ticks", reference, label, fields, at, state: "waiting" }));
  });
}

async function showTicks() {
  const kept = new Map((await all("ticks")).map((each) => [each.id, each]));
  for (const box of boxes) {
    const found = kept.get(idOf(box.value)), place = box.closest(".field-row").querySelector("[data-ticked]");
    box.checked = Boolean(found);
    const said = found ? `Ticked ${clock(found.at)}.${found.sent ? " Ring the office to change it." : ""}` : "";
    if (place.firstChild?.textContent === said) continue;
    place.replaceChildren(...(found ? [element("span", said)] : []));
    if (found && !found.sent) place.append(undoButton(box));
  }
  for (const whole of document.querySelectorAll("[data-all]")) whole.checked = partsOf(whole).every((box) => box.checked);
}

function undoButton(box) {
  const words = box.closest("label").textContent.trim();
  const made = element("button", "Undo", { type: "button", class: "board-link" });
  made.append(element("span", ` ${words}`, { class: "govuk-visually-hidden" }));
  made.addEventListener("click", () => undo(box.value));
  return made;
}

function partsOf(whole) {
  return [...whole.closest("[data-ticks]").querySelectorAll("[data-tick]")].filter((box) => box.value.includes("|clean|"));
}

// A tap on what is ticked changes nothing: cold hands tap twice. "Undo" stands elsewhere.
function onTap(box, names) {
  box.disabled = false;
  box.addEventListener("click", (event) => {
    if (box.checked) tick(names());
    else event.preventDefault();
  });
}

for (const box of boxes) onTap(box, () => [box.value]);
for (const whole of document.querySelectorAll("[data-all]")) onTap(whole, () => partsOf(whole).map((box) => box.value));

const report = document.getElementById("report");
let photo = null;

report.elements.photo.addEventListener("change", ({ target }) => { photo = target.files.length ? prepared(target.files[0]) : null; });

async function tell(fields) {
  await add("issues", fields.site ?? "", fields.location, fields, await photo);
  photo = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-report]");
  if (!link) return;
  event.preventDefault();
  report.reset();
  photo = null;
  report.elements.site.value = link.dataset.report;
  report.elements.location.value = link.dataset.where;
  link.closest(".field-card").append(report);
  report.hidden = false;
  report.querySelector("input[type=radio]").focus();
});
report.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(report)].filter(([name, value]) => typeof value === "string" && value && !["csrf", "key"].includes(name)));
  const first = !fields.kind ? report.querySelector("input[type=radio]") : !fields.location ? report.elements.location : null;
  report.querySelector("[data-complaint]")?.remove();
  if (first) {
    report.prepend(element("p", fields.kind ? "Say where it is." : "Say what it is.", { class: "govuk-error-message", role: "alert", "data-complaint": "" }));
    first.focus();
    return;
  }
  tell(fields).then(() => {
    report.hidden = true;
    document.getElementById("queue").scrollIntoView({ block: "nearest" });
    return send();
  }).catch(() => report.submit());
});

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());

async function forget() {
  const old = (await all("ticks")).filter((each) => each.sent && each.at < Date.now() - KEPT);
  await change(["ticks"], async ({ ticks }) => { for (const each of old) await asked(ticks.delete(each.id)); });
}

showing(() => {});
showTicks().then(show).then(() => queueTicks(0)).then(start).then(forget);
keepPages(document.querySelectorAll("[data-kept-page]")).catch(() => {});

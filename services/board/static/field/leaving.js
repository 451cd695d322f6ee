// Signing out: it asks first where something is not sent yet, and takes away the pages that were kept.
import { all } from "./store.js";
import { element } from "./words.js";

const form = document.querySelector("form[action$='/sign-out']");
if (form) {
  const unsent = [...(await all("items")), ...(await all("photos"))].filter((each) => ["waiting", "frozen"].includes(each.state)).length;
  if (unsent) {
    form.before(element("p", `${unsent} ${unsent === 1 ? "is" : "are"} not sent yet. They stay on this phone, and are sent when you sign in here again.`, { class: "govuk-inset-text" }));
    form.querySelector("button").textContent = "Sign out all the same";
  }
} else {
  for (const name of await caches.keys()) if (name.startsWith("board-field")) await caches.delete(name);
}

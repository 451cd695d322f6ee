// Times as people say them, by London's clock; and keys that nobody guesses.
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "numeric", minute: "2-digit", hourCycle: "h23" });

export function clock(at) {
  const parts = Object.fromEntries(CLOCK.formatToParts(at).map((part) => [part.type, part.value]));
  const hour = Number(parts.hour);
  return `${hour % 12 || 12}:${parts.minute}${hour < 12 ? "am" : "pm"}`;
}

export function instant(at) {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export function newKey() {
  return crypto.randomUUID();
}

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

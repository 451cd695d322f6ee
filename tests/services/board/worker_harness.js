// The worker's script in a window: its events are called by hand, its caches and its net are real.
() => {
  const heard = {};
  const self = {
    registration: { scope: `${location.origin}PLACE` },
    location,
    clients: { claim() {} },
    cookieStore: window.cookieStore,
    skipWaiting() {},
    addEventListener(name, listener) { heard[name] = listener; },
  };
  /* the worker */
  window.tell = async (data) => {
    let done;
    heard.message({ data, waitUntil: (promise) => { done = promise; } });
    await done;
  };
  window.open_page = async () => {
    const url = self.registration.scope;
    let answer;
    heard.fetch({ request: { method: "GET", mode: "navigate", url, toString: () => url }, respondWith: (promise) => { answer = promise; } });
    const found = await answer;
    return [found.status, await found.text()];
  };
  window.drawn = (width, height) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    return new Promise((resolve) => canvas.toBlob((blob) => resolve(new File([blob], "tap.png", { type: "image/png" }))));
  };
  window.photo_field = async () => {
    const field = document.createElement("input");
    [field.type, field.id] = ["file", "photo"];
    field.dataset.photo = "";
    document.body.append(field);
    const [{ src }] = document.querySelectorAll("script[type=module]");
    await import(src.replace(/[^/]+$/, "photo.js"));
  };
  window.choose = async (photo) => {
    const field = document.getElementById("photo"), chosen = new DataTransfer();
    chosen.items.add(await photo);
    field.files = chosen.files;
    field.dispatchEvent(new Event("change"));
    const before = performance.now();
    while (field.files[0].name !== "photo.jpg" && performance.now() < before + 600) await new Promise((next) => setTimeout(next, 50));
    const [{ name, type }] = field.files;
    const picture = await createImageBitmap(field.files[0]).catch(() => ({ width: 0, height: 0 }));
    return [name, type, picture.width, picture.height];
  };
}

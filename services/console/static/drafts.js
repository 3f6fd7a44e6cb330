// Keeps a form that is being filled in, sealed for its writer, in this browser; docs/console.md says what and how long.
"use strict";
(() => {
  const PREFIX = "ewn.draft.";
  const DAY = 24 * 60 * 60 * 1000;
  const PAUSE = 800; // milliseconds without a key pressed
  const UNKEPT = ["whose", "kept", "act"];
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""));
  const raw = (hex) => Uint8Array.from(hex.match(/../g), (one) => parseInt(one, 16));

  let store = null;
  try {
    store = window.localStorage;
  } catch (refused) {
    return; // this browser keeps nothing, and the page works without
  }
  const names = () => Object.keys(store).filter((name) => name.startsWith(PREFIX));
  const written = (name) => Number(String(store.getItem(name)).split(".")[0]);
  const old = (name) => !(Math.abs(Date.now() - written(name)) < DAY);
  const forget = (wanted) => names().filter(wanted).forEach((name) => store.removeItem(name));

  forget(old);
  const out = document.querySelector('form[action="/sign-out"]');
  if (out) out.addEventListener("submit", () => forget(() => true));
  const sent = document.querySelector("[data-sent]");
  if (sent && sent.dataset.sent) forget((name) => name.endsWith("." + sent.dataset.sent));

  const form = document.querySelector("form[data-draft]");
  if (!form || !window.crypto || !window.crypto.subtle) return; // without TLS no browser seals anything: nothing is kept
  const mine = PREFIX + form.dataset.draft + ".";
  const name = () => mine + form.elements.key.value;
  const path = form.getAttribute("action");
  const said = (what) => {
    document.querySelectorAll("[data-say]").forEach((one) => (one.hidden = one.dataset.say !== what));
  };
  const keys = Promise.all(
    form.dataset.keys.split(" ").map((hex) => crypto.subtle.importKey("raw", raw(hex), "AES-GCM", false, ["encrypt", "decrypt"])),
  );
  const red = () => form.elements.tlp && form.elements.tlp.value === "RED";
  const fields = () => [...new FormData(form)].filter(([field, value]) => typeof value === "string" && !UNKEPT.includes(field));

  const save = async () => {
    if (red()) {
      store.removeItem(name());
      said("red");
      return;
    }
    const where = name();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const held = new TextEncoder().encode(JSON.stringify([path, fields()]));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, (await keys)[0], held);
    if (red()) return; // chosen while it was being sealed
    try {
      store.setItem(where, [Date.now(), text(iv), text(sealed)].join("."));
    } catch (full) {
      said("full");
      return;
    }
    document.querySelectorAll("[data-say-at]").forEach((one) => {
      one.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    });
    said("kept");
  };
  let waiting = 0;
  let touched = !form.hasAttribute("data-fresh"); // a form that opened empty and stayed so is no draft
  const soon = () => {
    touched = true;
    clearTimeout(waiting);
    if (red()) save();
    else waiting = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) save();
  });
  form.addEventListener("submit", (event) => {
    if (touched) save();
    if (navigator.onLine === false) {
      event.preventDefault();
      document.querySelector('[data-draft="offline"]').hidden = false;
      document.querySelector('[data-draft="offline"]').focus();
    }
  });

  const opened = async (where) => {
    const [, iv, sealed] = store.getItem(where).split(".");
    for (const key of await keys) {
      try {
        const held = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(sealed));
        return JSON.parse(new TextDecoder().decode(held));
      } catch (another) {
        continue; // sealed on the day before
      }
    }
    return null;
  };
  const fill = (pairs) => {
    for (const one of form.elements) {
      const values = pairs.filter(([field]) => field === one.name).map(([, value]) => value);
      if (!one.name || one.type === "file" || UNKEPT.includes(one.name)) continue;
      if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
      else if (values.length) one.value = values[0];
      if (one.type !== "hidden" && (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value)) {
        for (let up = one.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
      }
    }
  };
  const offer = async () => {
    for (const where of names().filter((one) => one.startsWith(mine)).sort((a, b) => written(b) - written(a))) {
      const found = await opened(where);
      if (!found || found[0] !== path || where === name()) continue;
      const box = document.querySelector('[data-draft="offer"]');
      box.querySelector("[data-draft-at]").textContent = new Date(written(where)).toLocaleString(document.documentElement.lang);
      box.querySelector('[data-do="restore"]').addEventListener("click", () => {
        fill(found[1]);
        touched = true;
        box.hidden = true;
        form.querySelector("input:not([type=hidden]), textarea, select").focus();
        said("restored");
      });
      box.querySelector('[data-do="discard"]').addEventListener("click", () => {
        store.removeItem(where);
        box.hidden = true;
      });
      box.hidden = false;
      return;
    }
  };
  if (form.hasAttribute("data-fresh")) offer();
})();
